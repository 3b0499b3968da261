"""What every part of a running server needs, put together once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.requests import HTTPConnection

from dubline.egress import Egress, Policy
from dubline.observe.spans import NoSpans, Spans
from dubline.service.access.rates import Rates
from dubline.service.settings import ServiceSettings
from dubline.storage.database import Database


@dataclass(frozen=True)
class Context:
    settings: ServiceSettings
    database: Database
    rates: Rates = field(default_factory=Rates)
    draining: threading.Event = field(default_factory=threading.Event)
    """Set once the server was told to end."""
    spans: Spans = field(default_factory=NoSpans)

    @property
    def uploads(self) -> Path:
        return self.settings.data / "uploads"

    @property
    def results(self) -> Path:
        return self.settings.data / "results"

    @property
    def work(self) -> Path:
        """Artefacts and ledger of the workers."""
        return self.settings.data / "work"

    @property
    def workers(self) -> Path:
        """Where workers are seen to be there."""
        return self.settings.data / "workers"

    @cached_property
    def egress(self) -> Egress:
        """The only way to addresses that users name."""
        return Egress(egress_policy(self.settings))


def egress_policy(settings: ServiceSettings) -> Policy:
    usual = Policy()
    return Policy(
        schemes=usual.schemes | {"http"} if settings.egress_http else usual.schemes,
        ports=usual.ports.union(settings.egress_ports),
        allowed=settings.egress_allow,
        proxy=settings.egress_proxy,
        answer_seconds=settings.egress_answer_seconds,
    )


def context_of(connection: HTTPConnection) -> Context:
    found = connection.app.state.context
    if not isinstance(found, Context):
        raise TypeError("the application was made without a context")
    return found
