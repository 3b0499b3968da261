"""Spans for a collector that speaks OTLP, by OpenTelemetry: the one place that knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dubline.domain.errors import Unavailable
from dubline.observe.spans import NONE, Facts, Span, Spans
from dubline.observe.trace import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as Kept

PATH = "/v1/traces"


def collected(endpoint: str, process: str) -> Spans:
    """Spans that go to a collector. It may be slow or away: what does not fit into the queue is dropped."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise Unavailable(
            "traces_missing",
            "Traces are wished for, but what sends them is not installed.",
            hint="Run: pip install 'dubline[traces]', or unset DUBLINE_TRACES_ENDPOINT.",
        ) from error
    made = TracerProvider(
        resource=Resource.create({"service.name": "dubline", "service.instance.id": process})
    )
    address = endpoint if endpoint.endswith(PATH) else endpoint.rstrip("/") + PATH
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return Telemetry(made)


class Telemetry:
    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("dubline")

    def start(self, name: str, parent: Trace | None, facts: Facts = NONE, *, serving: bool = False) -> Span:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind

        kind = SpanKind.SERVER if serving else SpanKind.INTERNAL
        context = _within(parent) if parent else Context()
        return _Span(self._tracer.start_span(name, context, kind=kind, attributes=dict(facts)))

    def close(self) -> None:
        self._provider.shutdown()


class _Span:
    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @property
    def trace(self) -> Trace:
        context = self._kept.get_span_context()
        return Trace(f"{context.trace_id:032x}", f"{context.span_id:016x}")

    def name(self, name: str) -> None:
        self._kept.update_name(name)

    def tell(self, facts: Facts) -> None:
        for name, value in facts.items():
            self._kept.set_attribute(name, value)

    def end(self, *, failed: str = "") -> None:
        from opentelemetry.trace import Status, StatusCode

        if failed:
            self._kept.set_status(Status(StatusCode.ERROR, failed))
        self._kept.end()


def _within(parent: Trace):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a type of a library that may be missing
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    there = SpanContext(
        int(parent.id, 16), int(parent.span, 16), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )
    return set_span_in_context(NonRecordingSpan(there))
