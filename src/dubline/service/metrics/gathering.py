"""What is looked up when somebody measures: queue, disk, processes, and the sums of the workers."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from dubline import __version__
from dubline.observe.metrics import Work
from dubline.service import presence
from dubline.service.context import Context
from dubline.service.hooks.states import MessageStatus
from dubline.service.jobs.states import Status, TaskStatus
from dubline.service.metrics.processes import taken_by
from dubline.storage.tables import Job, Measurement, Message, Task

Processes = Callable[[], Mapping[str, int]]
"""Names of processes, the same after each restart, and their numbers."""

ENDINGS = ("_total", "_bucket", "_count", "_sum")


class Gatherer(Collector):
    def __init__(self, context: Context, streams: Callable[[], int], processes: Processes) -> None:
        self._context, self._streams, self._processes = context, streams, processes

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up before somebody asks."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from self._machine()
        try:
            with self._context.database.reading() as session:
                found = [*_queue(session), *_sums(session)]
        except SQLAlchemyError:
            found = []
        yield from found
        up = GaugeMetricFamily("dubline_database_up", "Whether the database answers: 1 or 0.")
        up.add_metric((), float(bool(found)))
        yield up

    def _machine(self) -> Iterator[Metric]:
        yield _gauge(
            "dubline_build_info", "Always 1; the label tells the version.", "version", {__version__: 1}
        )
        yield _plain("dubline_event_streams", "Live event streams that are open.", self._streams())
        alive = len(presence.here(self._context.workers))
        yield _plain("dubline_workers_alive", "Workers of this machine that are there.", alive)
        try:
            usage = shutil.disk_usage(self._context.settings.data)
        except OSError:
            pass
        else:
            yield _plain("dubline_disk_free_bytes", "Free space on the disk of the data folder.", usage.free)
            yield _plain("dubline_disk_size_bytes", "Size of the disk of the data folder.", usage.total)
        yield from self._taken()

    def _taken(self) -> Iterator[Metric]:
        label = ("process",)
        cpu = CounterMetricFamily(
            "dubline_process_cpu_seconds", "Time on processors, by process.", labels=label
        )
        memory = GaugeMetricFamily("dubline_process_memory_bytes", "Memory held, by process.", labels=label)
        files = GaugeMetricFamily("dubline_process_open_files", "Files held open, by process.", labels=label)
        for name, pid in {"server": os.getpid(), **self._processes()}.items():
            if (taken := taken_by(pid)) is not None:
                cpu.add_metric((name,), taken.cpu_seconds)
                memory.add_metric((name,), taken.memory_bytes)
                files.add_metric((name,), taken.open_files)
        return iter((cpu, memory, files))


def _queue(session: Session) -> Iterator[Metric]:
    tasks = _counted(session, Task.status, (TaskStatus.WAITING, TaskStatus.RUNNING))
    yield _gauge("dubline_queue_tasks", "Tasks in the queue, by whether a worker has them.", "status", tasks)
    first = session.scalar(select(func.min(Task.created_at)).where(Task.status == TaskStatus.WAITING))
    age = max(0.0, time.time() - first) if first is not None else 0.0
    yield _plain("dubline_queue_oldest_seconds", "How long the task has waited that waits longest.", age)
    jobs = _counted(session, Job.status, tuple(Status))
    yield _gauge("dubline_jobs", "Jobs there are, by status.", "status", jobs)
    messages = _counted(session, Message.status, (MessageStatus.WAITING,))
    yield _plain(
        "dubline_webhook_messages_waiting", "Webhook messages not delivered yet.", sum(messages.values())
    )


def _counted(session: Session, column: InstrumentedAttribute[str], values: Iterable[str]) -> dict[str, float]:
    """Nought where there is none: a series that comes and goes is hard to alert on."""
    rows = session.execute(select(column, func.count()).group_by(column))
    found = {row[0]: row[1] for row in rows}
    return {str(value): float(found.get(value, 0)) for value in values}


def _sums(session: Session) -> Iterator[Metric]:
    """What all workers together counted so far. A restart of any of them takes nothing away."""
    rows = session.scalars(select(Measurement).order_by(Measurement.name, Measurement.labels)).all()
    for family in Work().families():
        for row in rows:
            if row.name.removeprefix(family.name) in ENDINGS:
                family.add_sample(row.name, json.loads(row.labels), row.value)
        yield family


def _plain(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _gauge(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=(label,))
    for value, count in values.items():
        family.add_metric((value,), count)
    return family
