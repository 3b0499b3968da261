"""Carries a plan out in this process.

Goals are pulled: a node runs only when somebody needs what it gives. Items of a series flow on as soon
as they are done, so the second chunk is separated while the first is transcribed.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from dubline.domain.errors import Cancelled, DublineError
from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.plans.plan import Node, Plan
from dubline.ports.registry import Registry
from dubline.runs.choosing import Choices, choose, identity
from dubline.runs.cores import Cores
from dubline.runs.events import Event, Kind, Observer
from dubline.runs.keys import step_key
from dubline.stages.stage import Artefact, Inputs, Outcome
from dubline.stages.work import Work, declared_only
from dubline.storage.blobs import BlobStore, DamagedArtefact, disk_full_is_plain
from dubline.storage.ledger import Ledger, Outputs

PRELOAD_LIMIT = 900.0
"""Seconds of media up to which models are loaded ahead of their turn. Beyond, the time won is nothing against
the whole, and models that wait take memory from those that work."""

MENDS = 3
"""How often a run starts over after it found a damaged artefact and forgot it."""

T = TypeVar("T")
Series = list["asyncio.Task[Blob]"]
Value = Blob | Series


class InProcessRunner:
    def __init__(
        self,
        store: BlobStore,
        ledger: Ledger,
        registry: Registry,
        *,
        observe: Observer = lambda _: None,
        cores: int | None = None,
    ) -> None:
        self.store = store
        self.ledger = ledger
        self.registry = registry
        self.observe = observe
        self.cores = cores or len(os.sched_getaffinity(0))
        self.stop = threading.Event()
        self.owner = ""
        """For whom it runs: what is finished is noted as used by them."""

    def run(
        self,
        plan: Plan,
        settings: DubSettings,
        given: Mapping[str, Artefact],
        goals: Sequence[str],
        *,
        media_seconds: float = 0.0,
    ) -> dict[str, Artefact]:
        """The goals' artefacts. Artefacts of the plan itself may be `given` too and then are not made."""
        for mend in range(MENDS + 1):
            execution = _Execution(self, plan, settings, given, media_seconds)
            try:
                # A loop of our own in a thread of its own: callers may sit in an event loop already.
                with ThreadPoolExecutor(1) as alone:
                    return alone.submit(copy_context().run, asyncio.run, execution.reach(goals)).result()
            except DamagedArtefact as damaged:
                self.ledger.forget_artefact(damaged.blob.digest)
                if mend == MENDS:
                    raise
            finally:
                self.ledger.touch(execution.used, self.owner)
        raise AssertionError("unreachable")


class _Execution:
    """One run of a plan: every artefact is a task, started when first asked for."""

    def __init__(
        self,
        runner: InProcessRunner,
        plan: Plan,
        settings: DubSettings,
        given: Mapping[str, Artefact],
        media_seconds: float,
    ) -> None:
        self._runner = runner
        self._plan = plan
        self._settings = settings
        self._given = given
        self._media_seconds = media_seconds
        self._order = {node: place for place, node in enumerate(plan)}
        self._nodes: dict[Node, asyncio.Task[dict[str, Value]]] = {}
        self._in_flight: dict[str, asyncio.Task[Outputs]] = {}
        self._choices: dict[str, Choices] = {}
        self._identities: dict[tuple[str, str], str] = {}
        self._failed: asyncio.Future[None]
        self._abandoned = False
        self._preloading = threading.Lock()
        self._made: set[str] = set()
        self.used: set[str] = set()

    async def reach(self, goals: Sequence[str]) -> dict[str, Artefact]:
        self._cores = Cores(self._runner.cores)
        self._failed = asyncio.get_running_loop().create_future()
        with ThreadPoolExecutor(self._runner.cores + 1, thread_name_prefix="step") as self._threads:
            work = self._task(self._collect(goals))
            waited: list[asyncio.Future[Any]] = [work, self._failed]
            try:
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                if self._failed.done():
                    await self._failed
                return await work
            finally:
                await self._wind_down()

    async def _wind_down(self) -> None:
        """Nothing of a failed run goes on: what waits is dropped, what runs is told to stop."""
        self._abandoned = True
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.exception()

    async def _collect(self, goals: Sequence[str]) -> dict[str, Artefact]:
        values = await asyncio.gather(*(self._whole(goal) for goal in goals))
        return dict(zip(goals, values, strict=True))

    async def _whole(self, name: str) -> Artefact:
        value = await self._value(name)
        return value if isinstance(value, Blob) else tuple(await asyncio.gather(*value))

    async def _value(self, name: str) -> Value:
        if name in self._given:
            value = self._given[name]
            return value if isinstance(value, Blob) else [self._known(blob) for blob in value]
        node = self._plan.giver(name)
        if node not in self._nodes:
            self._nodes[node] = self._task(self._node(node))
        return (await self._nodes[node])[name]

    async def _node(self, node: Node) -> dict[str, Value]:
        if node.each:
            return await self._mapped(node)
        outputs = await self._step(node, node.takes, {}, 0, 1)
        return {
            name: value if isinstance(value, Blob) else [self._known(blob) for blob in value]
            for name, value in ((name, outputs[node.own(name)]) for name in node.gives)
        }

    async def _mapped(self, node: Node) -> dict[str, Value]:
        columns = [await self._value(name) for name in node.each]
        rows = list(zip(*(_as_series(column) for column in columns), strict=True))
        self._tell(Event(Kind.ITEMS, node, items=len(rows)))
        steps = [self._task(self._item(node, row, i, len(rows))) for i, row in enumerate(rows)]
        return {name: [self._task(self._part(step, node.own(name))) for step in steps] for name in node.gives}

    async def _item(self, node: Node, row: Sequence[asyncio.Task[Blob]], item: int, items: int) -> Outputs:
        blobs = await asyncio.gather(*row)
        own = {node.own(name): blob for name, blob in zip(node.each, blobs, strict=True)}
        return await self._step(node, node.takes, own, item, items)

    async def _part(self, step: asyncio.Task[Outputs], name: str) -> Blob:
        value = (await step)[name]
        if not isinstance(value, Blob):
            raise TypeError(f"a mapped stage gave a series as '{name}'; one artefact per item is the rule")
        return value

    async def _step(
        self, node: Node, takes: Sequence[str], own: Mapping[str, Artefact], item: int, items: int
    ) -> Outputs:
        values = await asyncio.gather(*(self._whole(name) for name in takes))
        inputs = {**own, **{node.own(name): value for name, value in zip(takes, values, strict=True)}}
        key = step_key(node.stage, self._settings, node.target, self._engines(node), inputs)
        self.used.add(key)
        if key in self._in_flight:
            return await self._shared(node, key, item, items)
        self._in_flight[key] = self._task(self._finished(node, key, inputs, item, items))
        return await self._in_flight[key]

    async def _shared(self, node: Node, key: str, item: int, items: int) -> Outputs:
        """The step that another item or node asked for before; it is told of here too, or it would seem to wait."""
        outputs = await self._in_flight[key]
        self._tell(Event(Kind.FINISHED if key in self._made else Kind.REUSED, node, item, items, 1.0))
        return outputs

    async def _finished(self, node: Node, key: str, inputs: Inputs, item: int, items: int) -> Outputs:
        """The step's outputs: from the ledger if its artefacts are all there, else by doing it."""
        known = self._runner.ledger.find(key)
        if known is not None and all(self._runner.store.has(blob) for blob in _blobs(known)):
            self._tell(Event(Kind.REUSED, node, item, items, 1.0))
            return known
        async with self._cores.take(node.stage.cores, (-self._order[node], item)):
            loop = asyncio.get_running_loop()
            work = partial(self._work, node, key, inputs, item, items)
            return await loop.run_in_executor(self._threads, copy_context().run, work)

    def _work(self, node: Node, key: str, inputs: Inputs, item: int, items: int) -> Outputs:
        """Runs in a thread: the stage itself, then its key into the ledger."""
        if self._stopped():
            raise Cancelled
        self._tell(Event(Kind.STARTED, node, item, items))
        self._preload_from(node)
        started = time.perf_counter()
        with disk_full_is_plain(), self._runner.store.scratch.directory() as scratch:
            work = Work(
                settings=declared_only(self._settings, node.stage.settings),
                target=node.target,
                store=self._runner.store,
                scratch=scratch,
                registry=self._runner.registry,
                choices={port.capability: self._choice(node)[port.capability] for port in node.stage.engines},
                report=lambda done: self._tell(Event(Kind.PROGRESS, node, item, items, done)),
                cancelled=self._stopped,
            )
            outputs = _checked(node, node.stage.run(work, inputs))
        seconds = time.perf_counter() - started
        self._runner.ledger.finish(
            key,
            node.stage.name,
            outputs,
            seconds=seconds,
            media_seconds=self._media_seconds / max(items, 1),
            owner=self._runner.owner,
        )
        self._made.add(key)
        self._tell(Event(Kind.FINISHED, node, item, items, 1.0, seconds))
        return outputs

    def _preload_from(self, node: Node) -> None:
        """When the first step must really be done, load the models of what follows beside it, once a run."""
        if self._media_seconds <= PRELOAD_LIMIT and self._preloading.acquire(blocking=False):
            following = [later for later in self._plan if self._order[later] >= self._order[node]]
            self._threads.submit(self._preload, following)

    def _preload(self, nodes: Sequence[Node]) -> None:
        """Failures are left to the step that needs the engine: only it can say what they mean."""
        for node in nodes:
            for port in node.stage.engines:
                for spec in self._choice(node)[port.capability].specs:
                    if self._stopped():
                        return
                    with suppress(DublineError, OSError, RuntimeError):
                        self._runner.registry.engine(port, spec).preload()

    def _stopped(self) -> bool:
        return self._abandoned or self._runner.stop.is_set()

    def _choice(self, node: Node) -> Choices:
        if node.target not in self._choices:
            self._choices[node.target] = choose(self._runner.registry, self._settings, node.target)
        return self._choices[node.target]

    def _engines(self, node: Node) -> dict[str, str]:
        return {port.capability: self._identity(node, port.capability) for port in node.stage.engines}

    def _specs(self, node: Node) -> tuple[str, ...]:
        return tuple(
            spec for port in node.stage.engines for spec in self._choice(node)[port.capability].specs
        )

    def _identity(self, node: Node, capability: str) -> str:
        place = (node.target, capability)
        if place not in self._identities:
            self._identities[place] = identity(self._runner.registry, self._choice(node)[capability])
        return self._identities[place]

    def _tell(self, event: Event) -> None:
        self._runner.observe(replace(event, engines=self._specs(event.node)))

    def _task(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(coroutine)
        task.add_done_callback(self._note_failure)
        return task

    def _note_failure(self, task: asyncio.Task[Any]) -> None:
        """The first failure ends the run at once, also when nobody waits for that task yet."""
        if not task.cancelled() and (error := task.exception()) and not self._failed.done():
            self._failed.set_exception(error)

    def _known(self, blob: Blob) -> asyncio.Task[Blob]:
        return self._task(_return(blob))


async def _return(blob: Blob) -> Blob:
    return blob


def _as_series(value: Value) -> Series:
    if isinstance(value, Blob):
        raise TypeError("a node maps over something that is no series")
    return value


def _blobs(outputs: Outputs) -> Iterator[Blob]:
    for value in outputs.values():
        yield from (value,) if isinstance(value, Blob) else value


def _checked(node: Node, outcome: Outcome) -> Outputs:
    expected = {node.own(name) for name in node.gives}
    if set(outcome) != expected:
        raise TypeError(f"{node.stage.name} gave {sorted(outcome)} where the plan says {sorted(expected)}")
    return dict(outcome)
