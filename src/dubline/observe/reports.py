"""Reports of bugs to a Sentry server, where an operator wishes them: what kind of error and where, nothing of what
was being worked on."""

from __future__ import annotations

from typing import Any

from dubline.domain.errors import Unavailable
from dubline.observe.logs import Report
from dubline.observe.secrets import HIDDEN

KEPT = ("event_id", "timestamp", "platform", "level", "release", "environment", "exception", "sdk")
"""Of an event. Requests, people, breadcrumbs, variables and the names of machines are not among it."""


def reporting(dsn: str, release: str) -> Report:
    try:
        import sentry_sdk
    except ImportError as error:
        raise Unavailable(
            "sentry_missing",
            "Reports to Sentry are wished for, but what sends them is not installed.",
            hint="Run: pip install 'dubline[sentry]', or unset DUBLINE_SENTRY_DSN.",
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        before_send=lambda event, _hint: scrubbed(event),  # type: ignore[arg-type,return-value]
    )

    def report(error: BaseException) -> None:
        sentry_sdk.capture_exception(error)

    return report


def scrubbed(event: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the library makes
    """Messages of errors quote what they were about, so they stay here."""
    kept = {name: event[name] for name in KEPT if name in event}
    for each in kept.get("exception", {}).get("values", ()):
        each["value"] = HIDDEN
        for frame in (each.get("stacktrace") or {}).get("frames", ()):
            frame.pop("vars", None)
    return kept
