"""Many jobs at once: each is looked at by itself, then all are kept in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from pydantic import ValidationError
from sqlalchemy.orm import Session

from dubline.domain.errors import DublineError
from dubline.service import misread
from dubline.service.access.principal import Principal
from dubline.service.batches import repository
from dubline.service.batches.schemas import BatchMade, BatchRequest, ItemProblem, ItemResult
from dubline.service.context import Context
from dubline.service.hooks.repository import listed as hooks_of
from dubline.service.hooks.schemas import HookMade
from dubline.service.ids import repeatable_id
from dubline.service.jobs import service as jobs
from dubline.service.jobs.accepting import considered, keep
from dubline.service.jobs.schemas import JobRequest
from dubline.service.jobs.service import NewJob
from dubline.service.problem import ServiceError, status_of
from dubline.storage.tables import Job

AT_ONCE = 4
"""Files that are looked at side by side."""


@dataclass(frozen=True)
class Item:
    index: int
    new: NewJob | None = None
    job: Job | None = None
    problem: ItemProblem | None = None
    webhook: HookMade | None = None


def submit(context: Context, principal: Principal, asked: BatchRequest) -> BatchMade:
    entries = [{**asked.defaults, **entry} for entry in asked.jobs]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        items = list(threads.map(partial(_considered, context, principal), range(len(entries)), entries))
    _check(items, asked.partial)
    batch_id = repeatable_id("bat")
    with context.database.writing() as session:
        kept = [_kept(context, session, principal, item, batch_id) for item in items]
        _check(kept, asked.partial)
        session.flush()
        return _made(batch_id, [_with_webhook(session, principal, item) for item in kept])


def _considered(context: Context, principal: Principal, index: int, entry: dict[str, object]) -> Item:
    try:
        return Item(index, considered(context, principal, JobRequest.model_validate(entry)))
    except ValidationError as error:
        return Item(index, problem=_misread(error))
    except DublineError as error:
        return Item(index, problem=_told(error))


def _kept(context: Context, session: Session, principal: Principal, item: Item, batch_id: str) -> Item:
    """Each within a savepoint: one that finds no room leaves no trace, and the others stay."""
    if item.new is None:
        return item
    try:
        with session.begin_nested():
            return replace(item, job=keep(context, session, principal, replace(item.new, batch_id=batch_id)))
    except DublineError as error:
        return replace(item, problem=_told(error))


def _check(items: Sequence[Item], partly: bool) -> None:
    """Refuses everything, and so undoes what the transaction did."""
    refused = [item for item in items if item.problem]
    if not refused or (partly and len(refused) < len(items)):
        return
    raise ServiceError(
        422,
        "batch_refused",
        f"{len(refused)} of {len(items)} jobs cannot be accepted, so none was.",
        hint="Correct them, or send the batch with partial: true.",
        errors=[{"index": each.index, **each.problem.model_dump()} for each in refused if each.problem],
    )


def _misread(error: ValidationError) -> ItemProblem:
    found = [
        f"{each['field']}: {each['message']}".removeprefix(": ") for each in misread.mistakes(error.errors())
    ]
    return ItemProblem(status=422, code="request_invalid", detail="; ".join(found), hint=misread.CORRECT_ITEM)


def _told(error: DublineError) -> ItemProblem:
    return ItemProblem(status=status_of(error), code=error.code, detail=error.message, hint=error.hint)


def _with_webhook(session: Session, principal: Principal, item: Item) -> Item:
    if item.job is None or item.new is None or item.new.webhook is None:
        return item
    hook = hooks_of(session, principal.organisation, item.job.id)[0]
    return replace(item, webhook=HookMade.of(hook, secret=hook.secret))


def _made(batch_id: str, items: Sequence[Item]) -> BatchMade:
    accepted = sum(item.job is not None for item in items)
    return BatchMade(
        batch_id=batch_id,
        accepted=accepted,
        refused=len(items) - accepted,
        jobs=[
            ItemResult(
                index=item.index,
                job_id=item.job.id if item.job else None,
                problem=item.problem,
                webhook=item.webhook,
            )
            for item in items
        ],
    )


def cancel(session: Session, organisation: str, batch_id: str) -> None:
    """Whatever has not ended."""
    for job in repository.open_jobs(session, organisation, batch_id):
        jobs.cancel(session, job)
