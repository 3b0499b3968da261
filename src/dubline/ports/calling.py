"""How engines are called: tried again after a fault that may pass, and left alone when they keep failing.

Only what is far away is ever left alone: a server that is down gets better by itself and by being asked less.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from dubline.domain.errors import EngineError

T = TypeVar("T")

RETRY_PAUSES = (0.5, 2.0)
"""Seconds before the second and the third try of a call that says it may be tried again."""

SPREAD = 0.5
"""Share by which a pause is longer or shorter, by chance: those who failed together shall not come back together."""

FAILURES = 5
"""Failed tries in a row after which an engine is left alone."""

REST_SECONDS = 30.0
"""How long it is left alone; then one call goes through to see."""


class Outcome(StrEnum):
    """Of one try."""

    DONE = "done"
    FAILED = "failed"
    AGAIN = "again"
    """It failed in a way that may pass."""
    SPARED = "spared"
    """It was not tried, because the engine is left alone."""


def by_chance() -> float:
    return random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - nobody has to be unable to guess it


class Breaker:
    """Closed: calls go through. Open after too many failures in a row: none does. Half open after a rest: one goes
    through, and what becomes of it decides."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: float | None = None
        self._trying = False

    def enter(self) -> float:
        """Seconds for which no call goes through; nought: this one does."""
        with self._lock:
            if self._open_until is None:
                return 0.0
            left = self._open_until - self._clock()
            if left > 0:
                return left
            if self._trying:
                return REST_SECONDS
            self._trying = True
            return 0.0

    def passed(self) -> None:
        """It answered; whether the answer pleased is another matter."""
        with self._lock:
            self._failures, self._open_until, self._trying = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._trying = False
            if self._failures >= FAILURES:
                self._open_until = self._clock() + REST_SECONDS


class Calls:
    """One for all engines of a registry."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        spread: Callable[[], float] = by_chance,
    ) -> None:
        self._clock, self._sleep, self._spread = clock, sleep, spread
        self._breakers: dict[str, Breaker] = {}
        self._lock = threading.Lock()
        self.heard: Callable[[str, Outcome], None] = lambda _engine, _outcome: None
        """Told of every try, by the engine's name."""

    def carry_out(self, name: str, spec: str, work: Callable[[], T], *, remote: bool) -> T:
        breaker = self._breaker(spec) if remote else None
        for pause in RETRY_PAUSES:
            try:
                return self._tried(name, spec, work, breaker)
            except EngineError as error:
                if not error.retryable or error.code == "engine_resting":
                    raise
            self._sleep(pause * self._spread())
        return self._tried(name, spec, work, breaker)

    def _breaker(self, spec: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault(spec, Breaker(self._clock))

    def _tried(self, name: str, spec: str, work: Callable[[], T], breaker: Breaker | None) -> T:
        if breaker and (seconds := breaker.enter()):
            self.heard(name, Outcome.SPARED)
            raise resting(spec, seconds)
        outcome = Outcome.FAILED
        try:
            done = work()
            outcome = Outcome.DONE
            return done
        except EngineError as error:
            outcome = Outcome.AGAIN if error.retryable else Outcome.FAILED
            raise
        finally:
            if breaker:
                (breaker.failed if outcome is Outcome.AGAIN else breaker.passed)()
            self.heard(name, outcome)


def resting(spec: str, seconds: float) -> EngineError:
    return EngineError(
        "engine_resting",
        f"The engine {spec} failed {FAILURES} times in a row, so it is left alone for {seconds:.0f} s.",
        hint="Look at what it runs on, or choose another with --engine.",
        retryable=True,
    )
