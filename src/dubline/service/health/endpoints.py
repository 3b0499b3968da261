"""For whoever watches over servers: is it alive, may it be sent work?"""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from dubline.service.access.door import identify
from dubline.service.access.roles import Operation
from dubline.service.health.readiness import Readiness
from dubline.service.health.schemas import Alive, Ready
from dubline.service.problem import ServiceError

router = APIRouter(tags=["health"])

NOT_READY = 503


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> Alive:
    """The process is alive. Where this does not answer, start it again; whether it can work is told by /readyz."""
    return Alive()


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    response_model_exclude_none=True,
    responses={NOT_READY: {"model": Ready, "description": "Send nobody here for now."}},
)
async def readyz(request: Request, response: Response) -> Ready:
    """Whether everything is there that work needs: database, disk, engines with their models, workers; and whether
    the server is about to end. Needs no key; what exactly is missing is told to those who may know."""
    checks = await readiness_of(request).checks()
    ready = all(check.ready for check in checks)
    if not ready:
        response.status_code = NOT_READY
    return Ready(
        status="ready" if ready else "not_ready", checks=checks if await _may_know(request) else None
    )


def readiness_of(request: Request) -> Readiness:
    found = request.app.state.readiness
    if not isinstance(found, Readiness):
        raise TypeError("the application was made without readiness")
    return found


async def _may_know(request: Request) -> bool:
    """Whoever cannot say who they are gets the short answer rather than none; so does everybody while the database
    that knows the keys is away."""
    with suppress(ServiceError, SQLAlchemyError):
        return (await identify(request)).may(Operation.SERVER_READ)
    return False
