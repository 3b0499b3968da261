"""The application: every noun's routes behind one door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from dubline import __version__
from dubline.service import problem
from dubline.service.access.local import ensure_local
from dubline.service.audit import endpoints as audit
from dubline.service.context import Context
from dubline.service.jobs import endpoints as jobs
from dubline.service.keys import endpoints as keys
from dubline.service.people import endpoints as people
from dubline.service.settings import ServiceSettings
from dubline.service.supervisor import Supervisor
from dubline.service.uploads import endpoints as uploads
from dubline.service.usage import endpoints as usage
from dubline.storage.database import Database

ROUTERS = (uploads.router, jobs.router, keys.router, people.router, usage.router, audit.router)
PREFIX = "/api/v1"


def open_context(settings: ServiceSettings) -> Context:
    """Data folder and tables, as this version wants them."""
    settings.data.mkdir(parents=True, exist_ok=True)
    context = Context(settings, Database(settings.tables))
    context.database.migrate()
    with context.database.writing() as session:
        ensure_local(session)
    return context


def create_app(context: Context, *, supervised: bool = False) -> FastAPI:
    """`supervised` starts the worker processes with the application."""
    app = FastAPI(
        title="dubline",
        version=__version__,
        summary="Videos in one language, given back spoken in another.",
        lifespan=_life,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
    )
    app.state.context = context
    app.state.supervisor = Supervisor(context.settings) if supervised else None
    problem.install(app)
    api = APIRouter(prefix=PREFIX)
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    supervisor: Supervisor | None = app.state.supervisor
    if supervisor:
        supervisor.start()
    yield
    if supervisor:
        await supervisor.stop()
    app.state.context.database.close()
