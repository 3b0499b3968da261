"""A task as operators see it: counted, measured, in the trace of the request that asked for it, named in every line
of the log."""

from __future__ import annotations

import threading
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from dubline.observe import spans, trace
from dubline.observe.metrics import Work
from dubline.observe.spans import Facts, Span
from dubline.observe.trace import Trace
from dubline.runs.events import Event, Kind
from dubline.service.context import Context
from dubline.service.jobs.queue import Claim
from dubline.service.jobs.states import TaskStatus
from dubline.storage.tables import Task

ENDINGS = {
    TaskStatus.WAITING: "put_back",
    TaskStatus.DONE: "done",
    TaskStatus.FAILED: "failed",
    TaskStatus.CANCELLED: "cancelled",
}
BAD = ("failed", "lost")


class Observed:
    def __init__(self, context: Context, work: Work, claim: Claim, asked: str | None) -> None:
        self._context, self._work, self._claim = context, work, claim
        self._asked = Trace.read(asked)
        self._began = time.monotonic()
        self._open: dict[tuple[object, int], Span] = {}
        self._lock = threading.Lock()
        self._span: Span = spans.Unkept(Trace.new())

    def __enter__(self) -> Observed:
        facts: Facts = {"dubline.job": self._claim.job, "dubline.attempt": self._claim.attempt}
        self._span = self._context.spans.start(f"task {self._claim.kind}", self._asked, facts)
        trace.current.set(self._span.trace)
        structlog.contextvars.bind_contextvars(
            trace_id=self._span.trace.id, job=self._claim.job, task=self._claim.task
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            for left in self._open.values():
                left.end(failed="broken off")
            self._open.clear()
        outcome = self._outcome()
        self._span.tell({"dubline.outcome": outcome})
        self._span.end(failed=outcome if outcome in BAD else "")
        self._work.tasks.labels(self._claim.kind, outcome).inc()
        self._work.task_seconds.labels(self._claim.kind).observe(time.monotonic() - self._began)
        structlog.contextvars.unbind_contextvars("trace_id", "job", "task")

    def _outcome(self) -> str:
        """How it ended, as it was written down."""
        try:
            with self._context.database.reading() as session:
                task = session.get(Task, self._claim.task)
        except SQLAlchemyError:
            return "unknown"
        if task is None or (task.status == TaskStatus.RUNNING):
            return "lost"
        return ENDINGS[TaskStatus(task.status)]

    def step(self, event: Event) -> None:
        """From the threads of a run. A step that several items share is begun once and ends for each of them."""
        name = event.node.stage.name
        if event.kind is Kind.STARTED:
            self._begin(event, name)
        elif event.kind is Kind.FINISHED and (begun := self._ended(event)):
            begun.end()
            self._work.steps.labels(name, "done").inc()
            self._work.stage_seconds.labels(name).observe(event.seconds)
        elif event.kind is Kind.REUSED:
            self._work.steps.labels(name, "reused").inc()

    def _begin(self, event: Event, name: str) -> None:
        facts: Facts = {"dubline.item": event.item, "dubline.target": event.node.target}
        begun = self._context.spans.start(f"stage {name}", self._span.trace, facts)
        with self._lock:
            self._open[event.node, event.item] = begun

    def _ended(self, event: Event) -> Span | None:
        with self._lock:
            return self._open.pop((event.node, event.item), None)
