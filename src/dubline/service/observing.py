"""How this server is observed, as its operator chose."""

from __future__ import annotations

from dubline import __version__
from dubline.observe.logs import Logging, configure
from dubline.observe.reports import reporting
from dubline.observe.spans import NoSpans, Spans
from dubline.observe.telemetry import collected
from dubline.service.settings import ServiceSettings


def keep_logs(settings: ServiceSettings, process: str) -> None:
    """`process` is what its log file is called: the same after every restart, so that there are never more."""
    configure(
        Logging(
            format=settings.log_format,
            level=settings.log_level,
            file=settings.data / "logs" / f"{process}.jsonl" if settings.log_files else None,
            report=reporting(settings.sentry_dsn, __version__) if settings.sentry_dsn else None,
        )
    )


def spans_of(settings: ServiceSettings, process: str) -> Spans:
    return collected(settings.traces_endpoint, process) if settings.traces_endpoint else NoSpans()
