"""Metrics over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation

router = APIRouter(tags=["health"])

Watcher = Annotated[Principal, may(Operation.SERVER_READ)]


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text format."}},
)
def metrics(request: Request, principal: Watcher) -> Response:
    """Everything that is counted and measured, of the server and of its workers, as Prometheus reads it."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
