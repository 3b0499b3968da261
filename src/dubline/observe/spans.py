"""What took how long within a trace. Without a collector nothing is kept but the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from dubline.observe.trace import Trace

Facts = Mapping[str, str | int | float | bool]
NONE: Facts = {}


class Span(Protocol):
    @property
    def trace(self) -> Trace: ...

    def name(self, name: str) -> None: ...

    def tell(self, facts: Facts) -> None: ...

    def end(self, *, failed: str = "") -> None:
        """`failed` is the kind of error, never its words."""


class Spans(Protocol):
    def start(
        self, name: str, parent: Trace | None, facts: Facts = NONE, *, serving: bool = False
    ) -> Span: ...

    def close(self) -> None: ...


@contextmanager
def span(spans: Spans, name: str, parent: Trace | None, facts: Facts = NONE) -> Iterator[Span]:
    begun = spans.start(name, parent, facts)
    failed = ""
    try:
        yield begun
    except BaseException as error:
        failed = type(error).__name__
        raise
    finally:
        begun.end(failed=failed)


class Unkept:
    """A span nobody looks at."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    @property
    def trace(self) -> Trace:
        return self._trace

    def name(self, name: str) -> None:
        """Nobody asks."""

    def tell(self, facts: Facts) -> None:
        """Nobody asks."""

    def end(self, *, failed: str = "") -> None:
        """Nobody waits."""


class NoSpans:
    def start(self, name: str, parent: Trace | None, facts: Facts = NONE, *, serving: bool = False) -> Span:
        return Unkept(parent.within() if parent else Trace.new())

    def close(self) -> None:
        """There is nothing to send."""
