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


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    model: Any = None  # a model is whatever its engine made of it
    size: int = 0
    users: int = 0
    used_at: float = 0.0
    loads: int = 0


class ModelPool:
    """`use` loads on first need; a model with users is never unloaded."""

    def __init__(self, budget: int = 4 << 30) -> None:
        self._budget = budget
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: str, load: Callable[[], T], size: int = 0) -> Iterator[T]:
        """Hold a model; `size` is its rough cost in bytes, counted against the pool's budget."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            slot.users += 1
        try:
            with slot.lock:
                if slot.model is None:
                    self._make_room(size)
                    slot.model, slot.size, slot.loads = load(), size, slot.loads + 1
            yield cast(T, slot.model)
        finally:
            with self._lock:
                slot.users -= 1
                slot.used_at = time.monotonic()

    def unload_idle(self, age: float = IDLE_SECONDS) -> None:
        now = time.monotonic()
        with self._lock:
            for slot in self._slots.values():
                if slot.users == 0 and now - slot.used_at >= age:
                    slot.model, slot.size = None, 0

    def loads(self) -> dict[str, int]:
        """How often each model was loaded; more than once means the budget is too small."""
        with self._lock:
            return {key: slot.loads for key, slot in self._slots.items()}

    def _make_room(self, size: int) -> None:
        with self._lock:
            idle = sorted((s for s in self._slots.values() if s.users == 0), key=lambda s: s.used_at)
            held = sum(slot.size for slot in self._slots.values())
            for slot in idle:
                if held + size <= self._budget:
                    return
                held -= slot.size
                slot.model, slot.size = None, 0
