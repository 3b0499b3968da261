"""Loaded models, once per process: counted while in use, unloaded when old or when memory is short."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")

IDLE_SECONDS = 600.0

_EMPTY = object()


@dataclass
class _Slot:
    """A place for one model. `loading` is held while it is filled, so that it is filled once; everything else
    changes under the pool's lock, or is the model, which only stays put while the slot has users."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    model: Any = _EMPTY  # a model is whatever its engine made of it
    size: int = 0
    users: int = 0
    used_at: float = 0.0
    loads: int = 0

    def empty(self) -> object:
        """Give the model up; it is freed when the caller lets go of it."""
        model, self.model, self.size = self.model, _EMPTY, 0
        return model


class ModelPool:
    """`use` loads on first need; a model with users is never unloaded.

    The budget makes idle models leave. It never refuses one that is needed: work goes on with more memory
    rather than failing.
    """

    def __init__(self, budget: int = 4 << 30) -> None:
        self._budget = budget
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: str, load: Callable[[], T], size: int = 0) -> Iterator[T]:
        """Hold a model; `size` is its rough cost in bytes, counted against the pool's budget."""
        self.unload_idle()
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            slot.users += 1
        try:
            with slot.loading:
                if slot.model is _EMPTY:
                    self._fill(slot, load, size)
            yield cast(T, slot.model)
        finally:
            with self._lock:
                slot.users -= 1
                slot.used_at = time.monotonic()

    def unload_idle(self, age: float = IDLE_SECONDS) -> None:
        """Let go of what nobody has used for `age` seconds; every `use` does this first."""
        oldest = time.monotonic() - age
        with self._lock:
            freed = [
                slot.empty() for slot in self._slots.values() if not slot.users and slot.used_at <= oldest
            ]
        del freed  # outside the lock: freeing a large model takes a while

    def loads(self) -> dict[str, int]:
        """How often each model was loaded; more than once means the budget is too small."""
        with self._lock:
            return {key: slot.loads for key, slot in self._slots.items() if slot.loads}

    def held(self) -> int:
        """Bytes the models in memory cost, by what their engines said."""
        with self._lock:
            return sum(slot.size for slot in self._slots.values())

    def _fill(self, slot: _Slot, load: Callable[[], T], size: int) -> None:
        self._reserve(slot, size)
        try:
            model = load()
        except BaseException:
            with self._lock:
                slot.size = 0
            raise
        with self._lock:
            slot.model, slot.loads = model, slot.loads + 1

    def _reserve(self, slot: _Slot, size: int) -> None:
        """Count the newcomer before it is loaded, or two that load side by side would both find room."""
        with self._lock:
            held = sum(other.size for other in self._slots.values())
            idle = [other for other in self._slots.values() if not other.users and other.size]
            freed = []
            for other in sorted(idle, key=lambda other: other.used_at):
                if held + size <= self._budget:
                    break
                held -= other.size
                freed.append(other.empty())
            slot.size = size
        del freed
