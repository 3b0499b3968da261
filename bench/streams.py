"""Live progress under load: how fast missed events come again, and how late news is with a thousand who listen.

The server is a process of its own, as in life; one client process plays all who listen.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from bench.serving import PORT, base, serving
from bench.timing import resident
from dubline.service.access.local import local_principal
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.events import repository
from dubline.service.events.log import Kind, record
from dubline.service.jobs import service
from dubline.service.jobs.service import NewJob
from dubline.service.settings import Limits, ServiceSettings
from dubline.service.uploads import service as uploads
from dubline.storage.tables import Job

EVENTS, LISTENERS, NEWS = 10_000, 1000, 20


def stream_rows() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = ServiceSettings(data=Path(folder), workers=0, port=PORT)
        context = open_context(settings)
        with serving(settings) as process:
            rows = [*_replay(context), *asyncio.run(_fan_out(context, process))]
        context.database.close()
    return rows


def _job(context: Context) -> str:
    principal = local_principal()
    with context.database.writing() as session:
        upload = uploads.begin(session, principal, "talk.wav", 1, 1.0)
        session.flush()
        new = NewJob(upload, "dub", "talk", ("es",), {}, 1.0, 1.0)
        return service.create(session, principal, new, Limits()).id


def _tell(context: Context, name: str, count: int) -> None:
    """As a worker tells it."""
    with context.database.writing() as session:
        job = session.get_one(Job, name)
        stages = [{"name": "synthesis", "progress": 0.5, "running": True, "detail": "line 12 of 80"}]
        for _ in range(count):
            record(session, job, Kind.PROGRESS, {"eta_seconds": 12.5, "stages": stages})


def _replay(context: Context) -> list[tuple[str, str, str]]:
    job = _job(context)
    _tell(context, job, EVENTS - 1)
    bare, stream, socket = (
        min(_timed(each) for _ in range(3))
        for each in (
            lambda: _read_bare(context, job),
            lambda: _read_stream(job),
            lambda: asyncio.run(_read_socket(job)),
        )
    )
    return [
        (f"{EVENTS} events read from the table alone", f"{bare:.2f} s", ""),
        ("the same over server-sent events", f"{stream:.2f} s, {stream / bare:.1f} × the table", "≤ 1 s"),
        ("the same over a WebSocket", f"{socket:.2f} s, {socket / bare:.1f} × the table", "≤ 1 s"),
    ]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _read_bare(context: Context, job: str) -> None:
    known = 0
    with context.database.reading() as session:
        newest = repository.newest(session)
        while page := repository.of_job(session, job, known, newest):
            known = page[-1].number
    assert known == EVENTS


def _read_stream(job: str) -> None:
    with httpx.stream("GET", f"{base()}/jobs/{job}/events", timeout=30) as response:
        last, end = b"", f"id: {EVENTS}\n".encode()
        for chunk in response.iter_raw():
            if end in last + chunk:
                return
            last = chunk[-len(end) :]


async def _read_socket(job: str) -> None:
    async with connect(f"{base('ws')}/jobs/{job}/progress?after=0") as socket:
        async for frame in socket:
            if json.loads(frame)["id"] == EVENTS:
                return


async def _fan_out(context: Context, process: int) -> list[tuple[str, str, str]]:
    """Each event tells when it was written; each listener knows when it came."""
    job = _job(context)
    before = resident(process)
    late: list[float] = []
    ready = asyncio.Semaphore(0)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client, asyncio.TaskGroup() as group:
        for _ in range(LISTENERS):
            group.create_task(_listen(client, job, late, ready))
        for _ in range(LISTENERS):
            await ready.acquire()
        taken = resident(process) - before
        for _ in range(NEWS):
            await asyncio.to_thread(_tell, context, job, 1)
            await asyncio.sleep(0.3)
    assert len(late) == LISTENERS * NEWS
    p50, p99 = statistics.median(late), statistics.quantiles(late, n=100)[98]
    return [
        (f"news to {LISTENERS} listeners of one job, p50", f"{p50 * 1000:.0f} ms", ""),
        (f"news to {LISTENERS} listeners of one job, p99", f"{p99 * 1000:.0f} ms", "≤ 1 s"),
        (f"memory for {LISTENERS} listeners", f"{taken / 2**20:.0f} MiB", ""),
    ]


async def _listen(client: httpx.AsyncClient, job: str, late: list[float], ready: asyncio.Semaphore) -> None:
    seen = 0
    async with client.stream("GET", f"{base()}/jobs/{job}/events") as response:
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                seen += 1
                if seen == 1:
                    ready.release()
                else:
                    late.append(time.time() - datetime.fromisoformat(json.loads(line[6:])["at"]).timestamp())
            if seen == NEWS + 1:
                return
