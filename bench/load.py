"""The API under load while a worker dubs on every core: reads, a thousand event streams, fifty uploads at once.

Load is put on by autocannon (`npm ci --prefix bench/clients`); the streams are held by a client process of our own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from bench.clips import looped
from bench.serving import PORT, base, serving
from bench.timing import own
from dubline.service.settings import Limits, ServiceSettings

Row = tuple[str, str, str]

TOOL = Path(__file__).parent / "clients" / "node_modules" / "autocannon" / "autocannon.js"
READS_PER_SECOND, SECONDS = 100, 20
STREAMS, UPLOADS, UPLOAD_BYTES = 1000, 50, 8 << 20
MINUTES, TARGETS = 12, "es,pt,fr,it"
"""Of the film that is being dubbed meanwhile: long enough for all of it."""

BUDGET = "≤ 100 ms"


def load_rows(clip: Path) -> list[Row]:
    if not TOOL.is_file():
        raise SystemExit("The load tool is missing: npm ci --prefix bench/clients")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        limits = Limits(requests_per_minute=0, requests_per_minute_of_key=0)
        with serving(ServiceSettings(data=folder / "data", port=PORT, limits=limits)) as process:
            idle = _reads("reads, nothing else going on", "/jobs")
            job = _begin(looped(clip, MINUTES, folder))
            rows = [*idle, *_while_dubbing(job, folder, process)]
            _still_at_work(job)
            httpx.post(f"{base()}/jobs/{job}/cancel", timeout=30)
    return rows


def _while_dubbing(job: str, folder: Path, process: int) -> Iterator[Row]:
    status = f"/jobs/{job}/status"
    yield from _reads("reads while a worker dubs", status)
    with _listening(job):
        yield from _reads(f"the same beside {STREAMS} event streams", status)
        yield ("memory of the server with them", f"{own(process) / 2**20:.0f} MiB", "")
    with ThreadPoolExecutor() as pool:
        uploads = pool.submit(_uploads, folder)
        yield from _reads(f"reads beside {UPLOADS} uploads at once", status)
        yield from uploads.result()
    yield ("memory of the server after all of it", f"{own(process) / 2**20:.0f} MiB", "")


def _begin(film: Path) -> str:
    with film.open("rb") as file:
        form = {"target_language": TARGETS, "source_language": "en"}
        job = httpx.post(f"{base()}/upload", files={"file": file}, data=form, timeout=120).raise_for_status()
    name = str(job.json()["job_id"])
    while httpx.get(f"{base()}/jobs/{name}/status").json()["status"] != "processing":
        time.sleep(0.1)
    return name


def _still_at_work(job: str) -> None:
    """Otherwise it was not measured while a worker dubs."""
    status = httpx.get(f"{base()}/jobs/{job}/status").json()["status"]
    if status != "processing":
        raise SystemExit(f"The job is {status}: use a longer clip.")


def _reads(what: str, path: str) -> Iterator[Row]:
    """At a rate that many people who watch their jobs would make; a machine that is asked without pause only tells
    how long its queue is."""
    told = _fired("-c", "10", "-R", str(READS_PER_SECOND), "-d", str(SECONDS), f"{base()}{path}")
    yield (f"{what}, p50", f"{told['latency']['p50']} ms", "")
    yield (f"{what}, p99", f"{told['latency']['p99']} ms", BUDGET)


@contextmanager
def _listening(job: str) -> Iterator[None]:
    """All streams are open before anything is measured, and still open after it."""
    loop, opened = asyncio.new_event_loop(), threading.Semaphore(0)
    thread = threading.Thread(target=loop.run_until_complete, args=(_listen(job, opened),))
    thread.start()
    for _ in range(STREAMS):
        opened.acquire(timeout=60)
    try:
        yield
        if not thread.is_alive():
            raise SystemExit("The streams ended early.")
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join()
        loop.close()


async def _listen(job: str, opened: threading.Semaphore) -> None:
    limits = httpx.Limits(max_connections=None)
    with suppress(asyncio.CancelledError):
        async with httpx.AsyncClient(timeout=60, limits=limits) as client, asyncio.TaskGroup() as group:
            for _ in range(STREAMS):
                group.create_task(_follow(client, job, opened))


async def _follow(client: httpx.AsyncClient, job: str, opened: threading.Semaphore) -> None:
    async with client.stream("GET", f"{base()}/jobs/{job}/events") as response:
        response.raise_for_status()
        opened.release()
        async for _ in response.aiter_raw():
            pass


def _uploads(folder: Path) -> Iterator[Row]:
    body = folder / "body.bin"
    body.write_bytes(b"\0" * UPLOAD_BYTES)
    head = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(UPLOAD_BYTES),
        "Content-Type": "application/offset+octet-stream",
        "Upload-Metadata": "filename dGFsay5tcDQ=",
    }
    headers = [part for name, value in head.items() for part in ("-H", f"{name}={value}")]
    count = ["-c", str(UPLOADS), "-a", str(2 * UPLOADS), "-t", "120"]
    told = _fired("-m", "POST", "-i", str(body), *headers, *count, f"{base()}/uploads")
    size = f"{UPLOAD_BYTES >> 20} MiB"
    yield (f"uploads of {size}, {UPLOADS} at once, p50", f"{told['latency']['p50'] / 1000:.1f} s", "")
    yield (f"uploads of {size}, {UPLOADS} at once, p99", f"{told['latency']['p99'] / 1000:.1f} s", "")


def _fired(*arguments: str) -> dict[str, dict[str, float]]:
    command = ["node", str(TOOL), "--json", "--no-progress", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, dict[str, float]] = json.loads(done.stdout)
    if told["errors"] or told["non2xx"]:
        raise SystemExit(f"{told['errors']} errors, {told['non2xx']} refusals: {' '.join(arguments)}")
    return told
