"""The N-th call fails: of the files, the tables, the media programs, the engines; once, or from then on (D3).

Each job ends completed, or failed with a code of ours; the tables are sound afterwards, and the same worker carries
out the next job. How many calls of a kind there are is written down here and may not shrink unnoticed: a fault that
nobody can meet any more tests nothing.

    DUBLINE_TEST_FAULTS=all pytest tests/service/durability/test_faults.py     # nightly: every N
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from dubline.api.workshop import Workshop, workshop
from dubline.domain.errors import EngineError
from dubline.media import sandbox
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.ports.translator import Translator
from dubline.service.access.local import local_principal
from dubline.service.context import Context
from dubline.service.jobs.service import NewJob, create
from dubline.service.jobs.states import ENDED
from dubline.service.settings import Limits
from dubline.storage.blobs import BlobStore
from dubline.storage.tables import Job, Task, Upload
from dubline.worker import loop
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES

FEW = 3
"""Faults of each kind on every commit, spread over all calls."""

LEAST = {"files": 40, "tables": 6, "programs": 3, "engines": 3}
"""Calls that one job makes, less a tenth."""


LASTING = 20
"""Calls in a row that fail where a fault lasts."""


class Faults:
    """Counts the calls of one kind, and lets the N-th one fail, or many from there on."""

    def __init__(self, kind: str, number: int, lasting: bool) -> None:
        self.kind, self._number, self._lasting = kind, number, lasting
        self.calls = 0

    def met(self) -> bool:
        self.calls += 1
        last = self._number + (LASTING if self._lasting else 0)
        return 0 < self._number <= self.calls <= last

    def check(self) -> None:
        if self.met():
            raise FAULTS[self.kind]()


FAULTS: dict[str, Callable[[], Exception]] = {
    "files": lambda: OSError(errno.EIO, "Input/output error"),
    "tables": lambda: OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error")),
    "programs": lambda: OSError(errno.EAGAIN, "Resource temporarily unavailable"),
    "engines": lambda: EngineError("engine_busy", "The engine is busy.", retryable=True),
}


@contextmanager
def failing(context: Context, faults: Faults) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if faults.kind == "files":
            patch.setattr(BlobStore, "put", _guarded(BlobStore.put, faults))
        elif faults.kind == "programs":
            patch.setattr(sandbox.subprocess, "Popen", _guarded(sandbox.subprocess.Popen, faults))
        elif faults.kind == "engines":
            for port, name in (
                (Transcriber, "transcribe"),
                (Translator, "translate"),
                (Synthesizer, "speak"),
            ):
                patch.setattr(port, name, _guarded(getattr(port, name), faults))
        else:
            event.listen(context.database.engine, "commit", committing := lambda _: faults.check())
        try:
            yield
        finally:
            if faults.kind == "tables":
                event.remove(context.database.engine, "commit", committing)


def _guarded(method: Callable[..., object], faults: Faults) -> Callable[..., object]:
    def guarded(*args: object, **kwargs: object) -> object:
        faults.check()
        return method(*args, **kwargs)

    return guarded


class Bench:
    """One worker over one data folder, and the jobs it is given."""

    def __init__(self, context: Context, upload: str, shop: Workshop) -> None:
        self.context, self.upload, self._shop = context, upload, shop
        self.worker = Worker(context, shop, abandon=lambda: None)

    def job(self) -> str:
        """For which everything is done anew."""
        self._shop.ledger.clear()
        settings = {"engines": ENGINES, "source_language": "en"}
        with self.context.database.writing() as session:
            upload = session.get_one(Upload, self.upload)
            new = NewJob(upload, "dub", "talk", ("es",), settings, 10.0, 7.0)
            return create(session, local_principal(), new, Limits()).id

    def ended(self, job: str, tries: int = 40) -> Job:
        for _ in range(tries):
            with self.context.database.reading() as session:
                row = session.get_one(Job, job)
            if row.status in ENDED:
                return row
            with suppress(OperationalError):  # as the worker's own loop does
                self.at_once()
                self.worker.once()
        raise AssertionError(f"{job} is still {row.status}")

    def at_once(self) -> None:
        """Nobody waits for leases and for second tries here."""
        with self.context.database.writing() as session:
            session.execute(update(Task).values(not_before=0.0, lease_until=0.0))


@pytest.fixture
def bench(
    tmp_path: Path,
    talk: Path,
    uploaded: Callable[..., str],
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Bench]:
    monkeypatch.setattr(loop, "UNWRITTEN", 0.01)
    with workshop(context.work) as shop:
        yield Bench(context, uploaded(talk), shop)


@pytest.mark.parametrize("kind", FAULTS)
def test_every_call_may_fail(bench: Bench, kind: str) -> None:
    counted = Faults(kind, 0, lasting=False)
    with failing(bench.context, counted):
        assert bench.ended(bench.job()).status == "completed"
    assert counted.calls >= LEAST[kind], f"{kind}: {counted.calls} calls"
    for number in places(counted.calls):
        for lasting in (False, True):
            faults, job = Faults(kind, number, lasting), bench.job()
            with failing(bench.context, faults):
                row = bench.ended(job)
            assert row.status == "completed" or row.error_code, (number, lasting)
    assert bench.ended(bench.job()).status == "completed", "the worker goes on"
    assert sound(bench.context)


def places(calls: int) -> list[int]:
    if os.environ.get("DUBLINE_TEST_FAULTS") == "all":
        return list(range(1, calls + 1))
    return sorted({1 + number * (calls - 1) // (FEW - 1) for number in range(FEW)})


def sound(context: Context) -> bool:
    found = []
    for path in (context.settings.data / "dubline.sqlite", context.work / "ledger.sqlite"):
        with closing(sqlite3.connect(path)) as tables:
            found.append(tables.execute("PRAGMA integrity_check").fetchone()[0])
    return found == ["ok", "ok"]
