"""The application: every noun's routes behind one door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from dubline import __version__
from dubline.domain.errors import Unavailable
from dubline.egress import Egress
from dubline.observe.metrics import Traffic
from dubline.service import folder, gate, problem
from dubline.service.access.local import ensure_local
from dubline.service.audit import endpoints as audit
from dubline.service.batches import endpoints as batches
from dubline.service.context import Context
from dubline.service.downloads import endpoints as downloads
from dubline.service.events import endpoints as events
from dubline.service.events.hub import Hub
from dubline.service.gate.traffic import Traffic as Passing
from dubline.service.health import endpoints as health
from dubline.service.health.readiness import Readiness
from dubline.service.hooks import endpoints as hooks
from dubline.service.hooks.deliverer import Deliverer
from dubline.service.hooks.sending import policy_for_hooks
from dubline.service.janitor import Janitor
from dubline.service.jobs import endpoints as jobs
from dubline.service.keys import endpoints as keys
from dubline.service.login import endpoints as login
from dubline.service.metrics import endpoints as metrics
from dubline.service.metrics.gathering import Gatherer
from dubline.service.people import endpoints as people
from dubline.service.previews import endpoints as previews
from dubline.service.previews.making import Maker
from dubline.service.reference import endpoints as reference
from dubline.service.scripts import edit_endpoints as edits
from dubline.service.scripts import endpoints as scripts
from dubline.service.scripts import render_endpoints as renders
from dubline.service.settings import ServiceSettings
from dubline.service.supervisor import Supervisor
from dubline.service.uploads import endpoints as uploads
from dubline.service.uploads.tus import endpoints as tus
from dubline.service.uploads.tus.manners import TusManners
from dubline.service.usage import endpoints as usage
from dubline.storage.database import Database

ROUTERS = (
    uploads.router,
    tus.router,
    jobs.router,
    batches.router,
    events.router,
    downloads.router,
    previews.router,
    hooks.router,
    keys.router,
    people.router,
    usage.router,
    audit.router,
    scripts.router,
    edits.router,
    renders.router,
)
PREFIX = "/api/v1"


class Part(Protocol):
    """What runs beside the requests for as long as the server does."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...


def open_context(settings: ServiceSettings) -> Context:
    """Data folder and tables, as this version wants them."""
    folder.ensure(settings.data)
    context = Context(settings, Database(settings.tables))
    context.database.migrate()
    with context.database.writing() as session:
        ensure_local(session)
    return context


def create_app(context: Context, *, supervised: bool = False) -> FastAPI:
    """`supervised` starts the worker processes with the application, the sending of webhooks, the clearing away."""
    app = FastAPI(
        title="dubline",
        version=__version__,
        summary="Videos in one language, given back spoken in another.",
        lifespan=_life,
        openapi_url=None,
        redoc_url=None,
    )
    app.state.context = context
    app.state.hub = Hub(context)
    app.state.maker = Maker()
    app.state.supervisor = Supervisor(context)
    app.state.deliverer = deliverer(context)
    janitor = Janitor(context)
    app.state.parts = [app.state.supervisor, app.state.deliverer, janitor] if supervised else []
    problem.install(app)
    gate.install(app, context.settings)
    app.add_middleware(TusManners, path=f"{PREFIX}/uploads")
    _observe(app, context)
    reference.install(app, PREFIX)
    api = APIRouter(prefix=PREFIX)
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(login.router)
    if context.settings.grpc_port is not None:
        app.state.rpc = _rpc(app, context.settings, context.settings.grpc_port)
        app.state.parts.insert(0, app.state.rpc)
    return app


def _rpc(app: FastAPI, settings: ServiceSettings, port: int) -> Part:
    try:
        from dubline.service.rpc.server import RpcServer
    except ImportError as error:
        raise Unavailable(
            "grpc_missing",
            "gRPC is wished for, but what speaks it is not installed.",
            hint="Run: pip install 'dubline[grpc]', or leave out --grpc-port.",
        ) from error
    return RpcServer(app, settings, port)


def _observe(app: FastAPI, context: Context) -> None:
    """Outside of everything else, so that whatever refuses a request is seen refusing it."""
    registry = CollectorRegistry()
    measured = Traffic(registry)
    registry.register(Gatherer(context, app.state.hub.listening, app.state.supervisor.processes))
    app.state.deliverer.heard = lambda delivered: measured.deliveries.labels(
        "delivered" if delivered else "failed"
    ).inc()
    app.state.registry, app.state.readiness, app.state.measured = registry, Readiness(context), measured
    app.add_middleware(Passing, measured=measured, spans=context.spans)


def deliverer(context: Context) -> Deliverer:
    return Deliverer(context.database, Egress(policy_for_hooks(context.egress.policy)))


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    parts: list[Part] = app.state.parts
    for part in parts:
        part.start()
    yield
    await asyncio.gather(*(part.stop() for part in parts))
    app.state.maker.close()
    app.state.readiness.close()
    app.state.context.database.close()
