"""`dubline serve` as people start it, in a process of its own: to be killed, paused and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import httpx

from tests.service.conftest import ENGINES
from tests.stubbed import environment

T = TypeVar("T")
HARD_ENGINES = Path(__file__).parent / "engines"
ENDED = ("completed", "failed", "cancelled")


def wait_for(fact: Callable[[], T], seconds: float, what: str) -> T:
    """The first true value of a fact that is on its way."""
    until = time.monotonic() + seconds
    while not (found := fact()):
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return found


class Serving:
    def __init__(self, data: Path, home: Path, workers: int = 1) -> None:
        self.data, self._home, self._workers = data, home, workers
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self._port}/api/v1", timeout=30)

    def __enter__(self) -> Serving:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        for pid in [*self.workers(), *([self.process.pid] if self._process else [])]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process:
            self._process.wait()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    @property
    def said(self) -> Path:
        """What the server says. A pipe that nobody reads would be full after some hundred requests, and it stuck."""
        return self.data.parent / "said"

    def spawn(self) -> subprocess.Popen[bytes]:
        command = ["serve", "--data", str(self.data), "--port", str(self._port)]
        program = [sys.executable, "-c", "from dubline.cli.main import main; main()"]
        with self.said.open("ab") as said:
            return subprocess.Popen(
                [*program, *command, "--workers", str(self._workers)],
                env=self._environment(),
                stderr=said,
                stdout=subprocess.DEVNULL,
            )

    def _environment(self) -> dict[str, str]:
        plain = environment(self._home)
        paths = os.pathsep.join([str(HARD_ENGINES), plain["PYTHONPATH"]])
        return {**plain, "PYTHONPATH": paths, "DUBLINE_TEST_HELD": str(self.held)}

    @property
    def held(self) -> Path:
        """As long as this is there, the stuck engine does not go on."""
        return self.data.parent / "held"

    def hold(self) -> None:
        self.held.touch()
        self.held.with_suffix(".begun").unlink(missing_ok=True)

    def wait_for_stuck(self, seconds: float = 60) -> None:
        wait_for(self.held.with_suffix(".begun").exists, seconds, "the stuck engine is at work")

    def order(self, talk: Path, **engines: str) -> str:
        """The id of a job that was accepted."""
        settings = {"engines": {**ENGINES, **engines}}
        fields = {"target_language": "es", "source_language": "en", "settings": json.dumps(settings)}
        with talk.open("rb") as file:
            made = self.client.post("/upload", files={"file": file}, data=fields)
        assert made.status_code == 202, made.text
        return str(made.json()["job_id"])

    def task(self, job: str) -> dict[str, object]:
        """A look into the tables, as they are at this moment."""
        with closing(sqlite3.connect(self.data / "dubline.sqlite")) as tables:
            tables.row_factory = sqlite3.Row
            return dict(tables.execute("SELECT * FROM tasks WHERE job_id = ?", (job,)).fetchone())

    def events(self, job: str) -> list[tuple[int, str]]:
        with closing(sqlite3.connect(self.data / "dubline.sqlite")) as tables:
            found = tables.execute("SELECT number, kind FROM events WHERE job_id = ? ORDER BY id", (job,))
            return [(number, kind) for number, kind in found]

    def start(self) -> float:
        """Seconds until it answered: a worker needs about as long to come up on the machine as it is now."""
        began = time.monotonic()
        self._process = self.spawn()
        self.client.close()
        self.client = httpx.Client(base_url=self.client.base_url, timeout=30)
        wait_for(self._answers, 120, "the server answers")
        return time.monotonic() - began

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def terminate(self) -> float:
        """Seconds it took to end."""
        started = time.monotonic()
        self.process.terminate()
        assert self.process.wait(60) in (0, -signal.SIGTERM)
        return time.monotonic() - started

    def workers(self) -> list[int]:
        return children(self._process.pid) if self._process and self._process.poll() is None else []

    def worker(self) -> int:
        return wait_for(self.workers, 30, "there is a worker")[0]

    def status(self, job: str) -> str:
        return str(self.client.get(f"/jobs/{job}").json()["status"])

    def wait_until(self, job: str, *states: str, seconds: float = 120) -> str:
        return wait_for(lambda: found if (found := self.status(job)) in states else "", seconds, f"{states}")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.said.read_text()
        with suppress(httpx.TransportError):
            return self.client.get("/jobs").status_code == 200
        return False


def children(pid: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in thread.read_text().split()]
    return found


def family(pid: int) -> list[int]:
    """A process with all that descend from it."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
