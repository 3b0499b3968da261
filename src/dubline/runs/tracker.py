"""How far a run is and how long it will still take, from its events and from what stages cost here before."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dubline.plans.plan import Node
from dubline.runs.events import Event, Kind
from dubline.stages.stage import PHASES, Stage
from dubline.storage.ledger import Pace

ENOUGH_SECONDS = 20.0
"""Seconds of media a stage must have handled before its measured pace is believed."""

ENOUGH_DONE = 0.03
"""Share of the expected work after which the time it took says something about the rest."""


def paces(measured: Iterable[Pace]) -> dict[str, float]:
    """Seconds of work per second of media, by stage name, for the stages that were measured enough."""
    return {
        pace.stage: pace.seconds / pace.media_seconds
        for pace in measured
        if pace.media_seconds >= ENOUGH_SECONDS
    }


def expected_seconds(stage: Stage, media_seconds: float, measured: Mapping[str, float]) -> float:
    if stage.name in measured:
        return measured[stage.name] * media_seconds
    return stage.warmup + stage.pace * media_seconds


def forecast(nodes: Sequence[Node], media_seconds: float, measured: Mapping[str, float], cores: int) -> float:
    """Seconds a run of these nodes should take: no less than its longest chain, nor than its work over the cores."""
    ends: dict[str, float] = defaultdict(float)
    work = longest = 0.0
    for node in nodes:
        cost = expected_seconds(node.stage, media_seconds, measured)
        end = cost + max((ends[name] for name in (*node.takes, *node.each)), default=0.0)
        ends.update(dict.fromkeys(node.gives, end))
        work += cost * min(node.stage.cores, cores) / cores
        longest = max(longest, end)
    return max(work, longest if not any(node.each for node in nodes) else work)


@dataclass
class _Progress:
    items: int = 1
    done: dict[int, float] = field(default_factory=dict)
    reused: int = 0
    running: set[int] = field(default_factory=set)
    engines: tuple[str, ...] = ()

    @property
    def fraction(self) -> float:
        return min(1.0, sum(self.done.values()) / self.items) if self.items else 1.0


@dataclass(frozen=True)
class PhaseState:
    phase: str
    fraction: float
    running: bool
    detail: str
    """What of it is going on, with item counts: `isolate 3/12`."""
    seconds: float
    steps: int = 0
    """Finished ones, the reused among them."""
    reused: int = 0
    engines: tuple[str, ...] = ()


class Tracker:
    """Feed it every event; read it from any thread."""

    def __init__(self, nodes: Sequence[Node], media_seconds: float, measured: Mapping[str, float]) -> None:
        self._costs = {
            node: max(1e-3, expected_seconds(node.stage, media_seconds, measured)) for node in nodes
        }
        self._progress = {node: _Progress() for node in nodes}
        self._seconds: dict[str, float] = defaultdict(float)
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        with self._lock:
            progress = self._progress.setdefault(event.node, _Progress())
            progress.items = event.items
            progress.engines = event.engines
            if event.kind is Kind.STARTED:
                progress.running.add(event.item)
            elif event.kind is Kind.PROGRESS:
                progress.done[event.item] = min(0.999, event.fraction)
            elif event.kind in (Kind.FINISHED, Kind.REUSED):
                progress.running.discard(event.item)
                progress.done[event.item] = 1.0
                progress.reused += event.kind is Kind.REUSED
                self._seconds[event.node.stage.phase] += event.seconds

    def phases(self) -> list[PhaseState]:
        with self._lock:
            return [state for phase in PHASES if (state := self._phase(phase))]

    def fraction(self) -> float:
        with self._lock:
            return self._share(list(self._costs))

    def eta(self) -> float | None:
        """Seconds still to go by the pace of this run; None until there is something to judge by."""
        with self._lock:
            fresh = [node for node in self._costs if not self._progress[node].reused]
            total = sum(self._costs[node] for node in fresh)
            done = sum(self._costs[node] * self._progress[node].fraction for node in fresh)
            elapsed = time.monotonic() - self._started
            if total == 0 or done / total < ENOUGH_DONE or elapsed < 1.0:
                return None
            return elapsed * (total - done) / done

    def reused_phases(self) -> set[str]:
        """Phases of which nothing had to be done."""
        with self._lock:
            worked = {
                node.stage.phase for node, state in self._progress.items() if len(state.done) > state.reused
            }
            return {node.stage.phase for node in self._progress} - worked

    def worked(self) -> bool:
        """Whether any step had to be done."""
        with self._lock:
            return any(len(progress.done) > progress.reused for progress in self._progress.values())

    def _share(self, nodes: list[Node]) -> float:
        total = sum(self._costs[node] for node in nodes)
        done = sum(self._costs[node] * self._progress[node].fraction for node in nodes)
        return done / total if total else 1.0

    def _phase(self, phase: str) -> PhaseState | None:
        nodes = [node for node in self._costs if node.stage.phase == phase]
        if not nodes:
            return None
        busy = [node for node in nodes if self._progress[node].running]
        progress = [self._progress[node] for node in nodes]
        return PhaseState(
            phase,
            self._share(nodes),
            bool(busy),
            ", ".join(self._detail(node) for node in busy),
            self._seconds[phase],
            steps=sum(done >= 1.0 for each in progress for done in each.done.values()),
            reused=sum(each.reused for each in progress),
            engines=tuple(dict.fromkeys(spec for each in progress for spec in each.engines)),
        )

    def _detail(self, node: Node) -> str:
        progress = self._progress[node]
        finished = sum(done >= 1.0 for done in progress.done.values())
        counted = f" {finished}/{progress.items}" if progress.items > 1 else ""
        return f"{node.stage.name}{counted}" + (f" ({node.target})" if node.target else "")
