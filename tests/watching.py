"""Watches what this process does, by the interpreter's own word, so that a test can say what was not done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")


def watcher(
    take: Callable[[str, tuple[object, ...]], T | None],
) -> Callable[[], AbstractContextManager[list[T]]]:
    """What `take` makes of each audit event while somebody watches; None is left out. Audit hooks cannot be taken
    away again, so make one for the whole run."""
    seen: list[T] = []
    watching = [False]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and (found := take(event, arguments)) is not None:
            seen.append(found)

    @contextmanager
    def watched() -> Iterator[list[T]]:
        seen.clear()
        watching[0] = True
        yield seen
        watching[0] = False

    sys.addaudithook(watch)
    return watched
