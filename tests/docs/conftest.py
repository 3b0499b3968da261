"""A server for the examples of a page: real but for the models, with a worker, a sender of webhooks, and somebody who
is called example.org."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from dubline.api.workshop import workshop
from dubline.service.access.keys import issue
from dubline.service.access.local import USER
from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.jobs import accepting
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import User
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, served, stub_engines
from tests.service.hooks.receiver import receiving
from tests.service.uploads.real_server import free_port
from tests.stubbed import ROOT, make_talk

__all__ = ["stub_engines"]


@dataclass(frozen=True)
class Place:
    """Where examples run, and what stands for the addresses they name."""

    folder: Path
    url: str
    key: str
    files: str
    hooks: str
    port: int
    rpc: str

    def run(self, language: str, program: str, receiver: str) -> subprocess.CompletedProcess[str]:
        written = program.replace("https://example.org", self.files)
        written = written.replace("https://hooks.example.org", receiver).replace("9000", str(self.port))
        command = {
            "bash": ["bash", "-euo", "pipefail", "-c", written],
            "python": [sys.executable, "-c", written],
            "js": ["node", "--experimental-websocket", "--input-type=module", "-e", written],
        }[language]
        known = {"DUBLINE_URL": self.url, "DUBLINE_KEY": self.key, "PYTHONPATH": str(ROOT / "src")}
        known["DUBLINE_GRPC"] = self.rpc
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **known},
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("examples")
    film(folder / "talk.mp4")
    with pytest.MonkeyPatch.context() as patch, files_of(folder) as files, receiving() as receiver:
        patch.setenv("DUBLINE_HOME", str(folder / "home"))
        patch.setattr(accepting, "request_for", partial(accepting.request_for, engines=ENGINES))
        own = free_port()
        settings = ServiceSettings(
            data=folder / "data",
            workers=0,
            grpc_port=0,
            egress_http=True,
            egress_ports=(int(files.rpartition(":")[2]), receiver.port, own),
            egress_allow=(ip_network("127.0.0.1/32"),),
        )
        context = open_context(settings)
        serving = served(context, supervised=True)
        with serving as url, at_work(context):
            rpc = f"127.0.0.1:{serving.app.state.rpc.port}"
            yield Place(folder, url, admin_key(context), files, receiver.url(""), own, rpc)
        context.database.close()


def film(path: Path) -> None:
    """The talk with a picture."""
    talk = make_talk(path.with_suffix(".wav"))
    picture = ("-f", "lavfi", "-i", "testsrc2=s=160x120:r=25")
    coded = ("-shortest", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
    made = ["ffmpeg", "-y", "-v", "error", *picture, "-i", str(talk), *coded, str(path)]
    subprocess.run(made, check=True, timeout=60)


def admin_key(context: Context) -> str:
    with context.database.writing() as session:
        return issue(session, session.get_one(User, USER), "examples").secret


@contextmanager
def files_of(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    shown = folder / "site"
    shown.mkdir()
    shutil.copy(folder / "talk.mp4", shown)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shown)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def at_work(context: Context) -> Iterator[None]:
    over = threading.Event()
    with workshop(context.work) as shop:
        worker = Worker(replace(context), shop)

        def work() -> None:
            while not over.is_set():
                if not worker.once():
                    over.wait(0.05)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield
        over.set()
        thread.join(60)
