"""Asking for a render, and its way through the queue beside the dubs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dubline.domain.script import TargetState
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.service.jobs.service import enqueue
from dubline.service.jobs.states import RENDER, TaskStatus
from dubline.service.problem import ServiceError
from dubline.service.scripts.repository import Found
from dubline.service.scripts.steps import Outcome
from dubline.storage.tables import Task

AHEAD = 5
"""Somebody sits there and waits for it; a dub takes its time anyway."""

NOTHING = "The files say what the script says; there is nothing to render."
ASKED = "What changed will be rendered as soon as a worker is free; the files stay as they are until then."
ONE_PACE = (
    " {voices} speak{s} at one pace only, so another take of the same words may sound the same; "
    "another voice or text will not."
)
PACES = (
    " Another take is a little slower or quicker; for more of a difference change the line's rate or voice."
)


def ask(session: Session, found: Found) -> bool:
    """Whether there is anything to render. A render that waits already takes the newest script when it begins."""
    row, job = found.row, found.job
    if row.rendered == row.revision:
        return False
    row.error_code = row.error_message = None
    row.state = TargetState.STALE
    if _task(session, found, TaskStatus.WAITING) is None:
        enqueue(session, job, RENDER, row.target).priority = job.priority + AHEAD
    return True


def call_off(session: Session, found: Found) -> None:
    """A worker that is at it notices that its task is gone, and stops."""
    tasks = [_task(session, found, status) for status in (TaskStatus.WAITING, TaskStatus.RUNNING)]
    for task in filter(None, tasks):
        task.status, task.lease_until = TaskStatus.CANCELLED, None
        task.fence += 1
    if not any(tasks):
        raise ServiceError(
            409,
            "nothing_to_cancel",
            "Nothing of this script is being rendered.",
            hint="There is nothing to do: the render is done already, or was never asked for.",
        )


def _task(session: Session, found: Found, status: TaskStatus) -> Task | None:
    wanted = select(Task).where(
        Task.job_id == found.job.id,
        Task.kind == RENDER,
        Task.target == found.row.target,
        Task.status == status,
    )
    return session.scalars(wanted).first()


def about_takes(outcome: Outcome, registry: Registry) -> str:
    """What another take of these lines can be like. A voice is a machine: it says the same the same way."""
    voices = {str(line.voice): line.voice for line in outcome.changed if line.voice}
    fixed = [
        name
        for name, voice in voices.items()
        if len(set(registry.engine(Synthesizer, voice.engine).native_rates)) == 1
    ]
    if not fixed:
        return PACES
    return ONE_PACE.format(voices=", ".join(fixed), s="" if len(fixed) > 1 else "s")
