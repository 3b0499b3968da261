"""How fast somebody may ask: a bucket of tokens for each organisation, key and stranger's address, in memory.

A process has buckets of its own, so two processes together let twice as much through; the limit protects a process.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

SWEEP_EVERY = 10_000
"""Calls between two looks for buckets that are full again: they can be forgotten."""

MINUTE = 60.0


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    limit: int
    remaining: int
    reset: float
    """Seconds until the bucket is full; if nothing was left, until there is one token again."""

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(math.ceil(self.reset)),
        }


@dataclass
class _Bucket:
    tokens: float
    at: float
    per_minute: int

    def refill(self, now: float) -> None:
        self.tokens = min(self.per_minute, self.tokens + (now - self.at) * self.per_minute / MINUTE)
        self.at = now


class Rates:
    """A minute's worth may come at once; then the tokens come back evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}
        self._calls = 0
        self._noted: dict[str, float] = {}

    def take(self, name: str, per_minute: int) -> Verdict:
        with self._lock:
            self._sweep()
            now = self._clock()
            bucket = self._buckets.setdefault(name, _Bucket(per_minute, now, per_minute))
            bucket.per_minute = per_minute
            bucket.refill(now)
            allowed = bucket.tokens >= 1
            bucket.tokens -= allowed
            missing = per_minute - bucket.tokens if allowed else 1 - bucket.tokens
            return Verdict(allowed, per_minute, int(bucket.tokens), missing * MINUTE / per_minute)

    def due(self, name: str, every: float) -> bool:
        """Whether this was not done for that long; it counts as done from now on."""
        with self._lock:
            now = self._clock()
            last = self._noted.get(name)
            if last is not None and now - last < every:
                return False
            self._noted[name] = now
            return True

    def _sweep(self) -> None:
        self._calls += 1
        if self._calls % SWEEP_EVERY:
            return
        now = self._clock()
        self._noted = {name: at for name, at in self._noted.items() if now - at < MINUTE}
        for name, bucket in list(self._buckets.items()):
            bucket.refill(now)
            if bucket.tokens >= bucket.per_minute:
                del self._buckets[name]
