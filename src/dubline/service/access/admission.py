"""Not too fast: what is asked of everybody who proved who they are, and of those who could not."""

from __future__ import annotations

import math

from starlette.requests import HTTPConnection

from dubline.service.access.limits import limits_of
from dubline.service.access.principal import Principal
from dubline.service.access.rates import Verdict
from dubline.service.context import Context, context_of
from dubline.service.problem import ServiceError
from dubline.storage.tables import Organisation

UNAUTHENTICATED = 401


def admit(context: Context, principal: Principal) -> Verdict | None:
    """Takes a token of the key's and one of its organisation's; None where nothing is limited."""
    with context.database.reading() as session:
        limits = limits_of(context.settings, session.get_one(Organisation, principal.organisation))
    buckets = (
        (f"key {principal.key or principal.user}", limits.requests_per_minute_of_key),
        (f"organisation {principal.organisation}", limits.requests_per_minute),
    )
    verdicts = [_taken(context, name, per_minute) for name, per_minute in buckets if per_minute]
    return min(verdicts, key=lambda verdict: verdict.remaining, default=None)


def _taken(context: Context, name: str, per_minute: int) -> Verdict:
    verdict = context.rates.take(name, per_minute)
    if not verdict.allowed:
        raise too_fast(verdict)
    return verdict


def slow_down(connection: HTTPConnection) -> None:
    """For what strangers may ask: not without end."""
    per_minute = context_of(connection).settings.limits.requests_per_minute
    if per_minute:
        _taken(context_of(connection), f"address {address_of(connection)}", per_minute)


def stranger(connection: HTTPConnection, refusal: ServiceError) -> ServiceError:
    """What somebody hears who could not prove who they are: after many tries, only to be slower. Every refusal is
    written down, and nobody shall fill the log that way."""
    context = context_of(connection)
    per_minute = context.settings.limits.requests_per_minute
    if refusal.status != UNAUTHENTICATED or not per_minute:
        return refusal
    verdict = context.rates.take(f"address {address_of(connection)}", per_minute)
    return refusal if verdict.allowed else too_fast(verdict)


def too_fast(verdict: Verdict) -> ServiceError:
    return ServiceError(
        429,
        "rate_limited",
        f"More than {verdict.limit} requests a minute.",
        hint="Wait as long as Retry-After says.",
        headers={"Retry-After": str(max(1, math.ceil(verdict.reset))), **verdict.headers()},
    )


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""
