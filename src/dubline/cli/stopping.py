"""Ctrl-C: a request first, and within five seconds the end in any case. Finished steps are in the ledger."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 4.0
"""Seconds that steps have to end by themselves."""


class Stopper:
    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._asked = False

    def arm(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    @contextmanager
    def listening(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._asked_to) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked_to(self, _number: int, _frame: FrameType | None) -> None:
        stop = self._stop
        if self._asked or stop is None:
            _leave()
            return
        self._asked = True
        sys.stderr.write("\nStopping …\n")
        stop()
        timer = threading.Timer(PATIENCE, _leave)
        timer.daemon = True
        timer.start()


def _leave() -> None:
    """A model call cannot be interrupted; leaving at once is safe, because a crash is."""
    sys.stderr.write("\nStopped. Run the same command again to go on from here.\n")
    sys.stderr.flush()
    os._exit(130)
