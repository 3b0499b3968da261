"""Hands a worker's counts over to the tables, where the server finds those of all workers.

Sums only grow: what this process counted since the last time is added. A worker that is killed takes along what it
counted in the last few seconds, nothing else.
"""

from __future__ import annotations

import json
import threading

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dubline.domain.errors import DublineError
from dubline.models.pool import ModelPool
from dubline.observe.metrics import Work
from dubline.ports.calling import Outcome
from dubline.storage.database import Database
from dubline.storage.tables import Measurement

EVERY = 5.0
"""Seconds between two times."""

log = structlog.get_logger()

Sample = tuple[str, tuple[tuple[str, str], ...]]


class Meter:
    def __init__(self, database: Database, pool: ModelPool) -> None:
        self.work = Work()
        self._database, self._pool = database, pool
        self._handed: dict[Sample, float] = {}
        self._loads = 0
        self._turn = threading.Lock()

    def engine_tried(self, engine: str, outcome: Outcome) -> None:
        self.work.engine_calls.labels(engine, outcome).inc()

    def keep_handing_over(self, over: threading.Event) -> None:
        """For a thread of its own."""
        while not over.wait(EVERY):
            self.hand_over()

    def hand_over(self) -> None:
        """What cannot be written now goes with the next time."""
        with self._turn:
            self._count_loads()
            now = self.work.samples()
            # Noughts too when they are new: a histogram without its empty buckets cannot be read.
            grown = {sample: value for sample, value in now.items() if value != self._handed.get(sample)}
            if not grown:
                return
            try:
                with self._database.writing() as session:
                    for sample, value in grown.items():
                        _add(session, sample, value - self._handed.get(sample, 0.0))
            except (SQLAlchemyError, DublineError) as error:
                log.warning("counts not handed over", kind=type(error).__name__)
            else:
                self._handed = now

    def _count_loads(self) -> None:
        loads = sum(self._pool.loads().values())
        self.work.model_loads.inc(loads - self._loads)
        self._loads = loads


def _add(session: Session, sample: Sample, more: float) -> None:
    name, labels = sample[0], json.dumps(dict(sample[1]), sort_keys=True)
    there = update(Measurement).where(Measurement.name == name, Measurement.labels == labels)
    found = session.execute(there.values(value=Measurement.value + more).returning(Measurement.name))
    if found.first() is None:
        session.add(Measurement(name=name, labels=labels, value=more))
        session.flush()
