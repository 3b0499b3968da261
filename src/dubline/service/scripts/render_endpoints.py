"""Rendering an edited script over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request

from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import context_of
from dubline.service.jobs.targets import TargetView
from dubline.service.scripts import rendering, repository, service
from dubline.service.scripts.schemas import RenderAccepted, RenderAsked

router = APIRouter(prefix="/jobs/{job_id}/scripts/{target}", tags=["scripts"])

Editor = Annotated[Principal, may(Operation.SCRIPTS_WRITE)]


@router.post("/render", status_code=202)
def render(
    request: Request, principal: Editor, job_id: str, target: str, asked: RenderAsked | None = None
) -> RenderAccepted:
    """Make the files say what the script says. Only what depends on edited lines is made anew.

    Name lines to have another take of them, though nothing about them changed. The files of the last render are
    served until the new ones are whole; `job.rendered` tells when. An edit made meanwhile waits for the next render.
    """
    message = rendering.ASKED
    with context_of(request).database.writing() as session:
        found = repository.get(session, principal.organisation, job_id, target, to_write=True)
        again = None
        if asked and asked.lines:
            again = service.another_take(session, found, principal, asked.lines)
        queued = rendering.ask(session, found)
        row = found.row
        reply = RenderAccepted(
            language=row.target,
            state=row.state,
            revision=row.revision,
            rendered=row.rendered,
            queued=queued,
            message=message if queued else rendering.NOTHING,
        )
    if again is None:
        return reply
    about = rendering.about_takes(again, Registry(local_models()))
    return reply.model_copy(update={"message": message + about})


@router.delete("/render")
def call_off(request: Request, principal: Editor, job_id: str, target: str) -> TargetView:
    """Stop a render, or take it out of the queue. The files stay those of the last one."""
    with context_of(request).database.writing() as session:
        found = repository.get(session, principal.organisation, job_id, target, to_write=True)
        rendering.call_off(session, found)
        return TargetView.of(found.row)
