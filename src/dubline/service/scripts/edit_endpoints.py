"""Editing scripts over HTTP. Each edit is one step of the history and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from dubline.service.access.door import may
from dubline.service.access.principal import Principal
from dubline.service.access.roles import Operation
from dubline.service.context import Context, context_of
from dubline.service.scripts import preconditions, repository, service, steps
from dubline.service.scripts.preconditions import Seen
from dubline.service.scripts.repository import Found
from dubline.service.scripts.schemas import Edited, LinePatch, MergeAsked, NewLineAsked, SplitAsked
from dubline.service.scripts.steps import Outcome
from dubline.storage.tables import ScriptLine

router = APIRouter(prefix="/jobs/{job_id}/scripts/{target}", tags=["scripts"])

Editor = Annotated[Principal, may(Operation.SCRIPTS_WRITE)]

MISSING: dict[int | str, dict[str, object]] = {
    409: {"description": "Somebody else changed it meanwhile; `current` is what is there now."},
    428: {"description": "If-Match is missing."},
}


@dataclass(frozen=True)
class Edit:
    """A transaction over one script that somebody may write."""

    session: Session
    found: Found
    who: Principal

    def line(self, line_id: str, revision: int) -> ScriptLine:
        return service.seen_line(self.session, self.found, line_id, revision)

    def reply(self, response: Response, outcome: Outcome) -> Edited:
        """The ETag is that of the first line, or of the script where none is left."""
        row = self.found.row
        first = outcome.changed[0].revision if outcome.changed else None
        response.headers["ETag"] = preconditions.etag(row, first)
        return Edited.of(row, outcome)


@contextmanager
def writing(context: Context, who: Principal, job_id: str, target: str) -> Iterator[Edit]:
    with context.database.writing() as session:
        found = repository.get(session, who.organisation, job_id, target, to_write=True)
        yield Edit(session, found, who)


@router.patch("/lines/{line_id}", responses=MISSING)
def patch(
    request: Request,
    response: Response,
    principal: Editor,
    job_id: str,
    target: str,
    line_id: str,
    asked: LinePatch,
    seen: Seen = None,
) -> Edited:
    """Change a line: what it says, when, who speaks, in which voice; or let it keep the original.

    If-Match names the line's revision. Other lines may change meanwhile without any conflict.
    """
    revision = preconditions.seen(seen, "line")
    voice = service.voice_named(asked.voice, target)
    with writing(context_of(request), principal, job_id, target) as edit:
        line = edit.line(line_id, revision)
        return edit.reply(response, service.patch(edit.session, edit.found, principal, line, asked, voice))


@router.delete("/lines/{line_id}", responses=MISSING)
def delete(
    request: Request,
    response: Response,
    principal: Editor,
    job_id: str,
    target: str,
    line_id: str,
    seen: Seen = None,
) -> Edited:
    """Take a line out: the original is heard in its place. If-Match names the line's revision."""
    revision = preconditions.seen(seen, "line")
    with writing(context_of(request), principal, job_id, target) as edit:
        line = edit.line(line_id, revision)
        return edit.reply(response, service.remove(edit.session, edit.found, principal, line))


@router.post("/lines", status_code=201, responses=MISSING)
def insert(
    request: Request,
    response: Response,
    principal: Editor,
    job_id: str,
    target: str,
    asked: NewLineAsked,
    seen: Seen = None,
) -> Edited:
    """Put in a line where nobody was heard to speak. If-Match names the script's revision."""
    revision = preconditions.seen(seen, "script")
    voice = service.voice_named(asked.voice, target)
    with writing(context_of(request), principal, job_id, target) as edit:
        service.seen_script(edit.found.row, revision)
        done = service.insert(edit.session, edit.found, principal, asked, voice)
        response.headers["Location"] = f"{request.url.path}/{done.changed[0].id}"
        return edit.reply(response, done)


@router.post("/lines/{line_id}/split", responses=MISSING)
def split(
    request: Request,
    response: Response,
    principal: Editor,
    job_id: str,
    target: str,
    line_id: str,
    asked: SplitAsked,
    seen: Seen = None,
) -> Edited:
    """Part a line in two, at a moment or at a character of its text. The first half keeps the id.

    If-Match names the line's revision.
    """
    revision = preconditions.seen(seen, "line")
    with writing(context_of(request), principal, job_id, target) as edit:
        line = edit.line(line_id, revision)
        return edit.reply(response, service.split(edit.session, edit.found, principal, line, asked))


@router.post("/lines/{line_id}/merge", responses=MISSING)
def merge(
    request: Request,
    response: Response,
    principal: Editor,
    job_id: str,
    target: str,
    line_id: str,
    asked: MergeAsked,
    seen: Seen = None,
) -> Edited:
    """Make one line of this and the next one of the same speaker. The id and the voice stay this one's.

    If-Match names this line's revision, the body the other's.
    """
    revision = preconditions.seen(seen, "line")
    with writing(context_of(request), principal, job_id, target) as edit:
        line = edit.line(line_id, revision)
        return edit.reply(response, service.merge(edit.session, edit.found, principal, line, asked))


@router.post("/undo", responses=MISSING)
def undo(
    request: Request, response: Response, principal: Editor, job_id: str, target: str, seen: Seen = None
) -> Edited:
    """Take the last edit back, whoever made it. Undo is a step of its own. If-Match names the script's revision."""
    revision = preconditions.seen(seen, "script")
    with writing(context_of(request), principal, job_id, target) as edit:
        service.seen_script(edit.found.row, revision)
        return edit.reply(response, steps.undo(edit.session, edit.found, principal))


@router.post("/redo", responses=MISSING)
def redo(
    request: Request, response: Response, principal: Editor, job_id: str, target: str, seen: Seen = None
) -> Edited:
    """Do again what was undone last; no longer possible after another edit. If-Match names the script's revision."""
    revision = preconditions.seen(seen, "script")
    with writing(context_of(request), principal, job_id, target) as edit:
        service.seen_script(edit.found.row, revision)
        return edit.reply(response, steps.redo(edit.session, edit.found, principal))
