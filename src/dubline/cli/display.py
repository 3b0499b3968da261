"""What a person sees while work goes on: the stages, how far each is, what runs, how long still."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from dubline.runs.tracker import PhaseState, Tracker

MINUTE, HOUR = 60, 3600

LABELS = {"gender_detection": "gender detection", "voice_assignment": "voice assignment"}


def duration(seconds: float) -> str:
    """`8 s`, `2 min 05 s`, `1 h 03 min`."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE:02d} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE:02d} min"


class Display:
    """Drawn from a tracker a few times a second; where there is no terminal, a line per stage as it ends."""

    def __init__(self, console: Console, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._tracker: Tracker | None = None
        self._started = time.monotonic()
        self._told: set[str] = set()

    def follow(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._started = time.monotonic()

    @contextmanager
    def showing(self) -> Iterator[None]:
        if self._quiet:
            yield
        elif self._console.is_terminal:
            with Live(
                get_renderable=self._frame, console=self._console, refresh_per_second=5, transient=True
            ):
                yield
        else:
            with self._telling():
                yield

    @contextmanager
    def _telling(self) -> Iterator[None]:
        ended = threading.Event()
        teller = threading.Thread(target=self._tell_until, args=(ended,), daemon=True)
        teller.start()
        try:
            yield
        finally:
            ended.set()
            teller.join()

    def _tell_until(self, ended: threading.Event) -> None:
        while not ended.wait(0.3):
            self._tell()
        self._tell()

    def _tell(self) -> None:
        for state in self._tracker.phases() if self._tracker else ():
            if state.fraction >= 1.0 and not state.running and state.phase not in self._told:
                self._told.add(state.phase)
                self._console.print(f"{_label(state)}: done in {state.seconds:.1f} s", highlight=False)

    def _frame(self) -> Group:
        if self._tracker is None:
            return Group(Text("Looking at the file …"))
        table = Table.grid(padding=(0, 1))
        for state in self._tracker.phases():
            table.add_row(*_row(state))
        return Group(table, Text(self._foot(self._tracker), style="dim"))

    def _foot(self, tracker: Tracker) -> str:
        elapsed = duration(time.monotonic() - self._started)
        left = tracker.eta()
        rest = "still measuring how long it takes" if left is None else f"about {duration(left)} to go"
        return f"{tracker.fraction():4.0%} after {elapsed}, {rest}. Ctrl-C stops; nothing is lost."


def _label(state: PhaseState) -> str:
    return LABELS.get(state.phase, state.phase)


def _row(state: PhaseState) -> tuple[Text, ProgressBar, Text, Text]:
    done = state.fraction >= 1.0 and not state.running
    mark = "✓" if done else ("●" if state.running else " ")
    style = "green" if done else ("bold" if state.running else "dim")
    return (
        Text(f"{mark} {_label(state)}", style=style),
        ProgressBar(total=1.0, completed=min(1.0, state.fraction), width=28),
        Text(f"{state.fraction:4.0%}"),
        Text(state.detail, style="dim"),
    )
