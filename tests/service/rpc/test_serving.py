"""`dubline serve --grpc-port`: off unless asked for, and no way in that HTTP would not be."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from dubline.domain.errors import Unavailable, UserError
from dubline.service.access.roles import Role
from dubline.service.app import create_app
from dubline.service.context import Context
from dubline.service.rpc.jobs import METHODS
from dubline.service.rpc.server import RpcServer
from dubline.service.settings import ServiceSettings, from_environment
from dubline.v1 import jobs_pb2 as v1
from dubline.v1.jobs_pb2_grpc import JobsStub
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person, served
from tests.service.rpc.clients import refused
from tests.service.uploads.real_server import free_port
from tests.stubbed import ROOT, environment

PAGE = ROOT / "docs" / "grpc.md"


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-c", "from dubline.cli.main import main; main()", "serve", "--workers", "0"]
        made = subprocess.Popen(
            [*line, "--data", str(tmp_path / "data"), *options],
            env=environment(tmp_path),
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(made)
        return made

    yield start
    for each in begun:
        each.kill()
        each.communicate()


def test_the_command_speaks_grpc_where_it_is_told_to(command: Callable[..., subprocess.Popen[str]]) -> None:
    http, rpc = free_port(), free_port()
    server = command("--port", str(http), "--grpc-port", str(rpc))
    with grpc.insecure_channel(f"127.0.0.1:{rpc}") as channel:
        found = JobsStub(channel).List(v1.ListRequest(), wait_for_ready=True, timeout=240)
    assert list(found.jobs) == []
    server.terminate()
    assert server.wait(60) is not None


def test_beyond_this_machine_it_wants_a_key_like_http(command: Callable[..., subprocess.Popen[str]]) -> None:
    server = command("--host", "0.0.0.0", "--port", "0", "--grpc-port", "0")
    _, told = server.communicate(timeout=240)
    assert server.returncode == 2
    assert "credential_missing" in told


def test_without_a_key_only_who_sits_here_and_no_page(context: Context, settings: ServiceSettings) -> None:
    opened = Context(settings.model_copy(update={"require_key": False}), context.database)
    serving = served(opened)
    with serving, grpc.insecure_channel(f"127.0.0.1:{serving.app.state.rpc.port}") as channel:
        jobs = JobsStub(channel)
        jobs.List(v1.ListRequest(), timeout=30)
        page = (("origin", "https://evil.example"),)
        assert (
            refused(lambda: jobs.List(v1.ListRequest(), metadata=page, timeout=30)).code == "origin_refused"
        )


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment(data=tmp_path).grpc_port is None
    monkeypatch.setenv("DUBLINE_GRPC_PORT", "8766")
    assert from_environment(data=tmp_path).grpc_port == 8766


def test_what_is_not_installed_is_said_with_the_line_that_helps(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **others: object) -> object:
        if name.split(".", maxsplit=1)[0] in ("grpc", "grpc_health", "grpc_reflection"):
            raise ImportError(name)
        return real(name, *more, **others)  # type: ignore[arg-type]

    for name in [name for name in sys.modules if name.startswith("dubline.service.rpc")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Unavailable) as missing:
        create_app(context)
    assert "pip install 'dubline[grpc]'" in missing.value.hint


def test_a_port_that_is_taken_is_said(rpc: str, serving: served, settings: ServiceSettings) -> None:
    with pytest.raises(UserError) as told:
        RpcServer(serving.app, settings, int(rpc.rpartition(":")[2]))
    assert told.value.code == "port_taken"


def test_the_example_in_the_page_runs(
    server: str, rpc: str, person: Callable[..., Person], worker: Worker, talk: Path, tmp_path: Path
) -> None:
    text = PAGE.read_text()
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    code = found[1]
    for theirs, ours in {
        "dbl_…": person(Role.EDITOR).secret,
        "http://127.0.0.1:8765": server,
        "127.0.0.1:8766": rpc,
        "talk.mp4": str(talk),
        '{"synthesizer": "kokoro"}': repr(ENGINES),
    }.items():
        assert theirs in code
        code = code.replace(theirs, ours)
    done = threading.Event()
    working = threading.Thread(target=_work, args=(worker, done))
    ran = subprocess.Popen(
        [sys.executable, "-c", code], env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    working.start()
    try:
        said, _ = ran.communicate(timeout=240)
    finally:
        done.set()
        working.join()
    assert ran.returncode == 0
    lines = said.splitlines()
    assert lines[0] == "1 job.created 0%"
    assert lines[-2] == "completed"
    assert f"`{lines[-1]}`" in text


def _work(worker: Worker, done: threading.Event) -> None:
    while not done.wait(0.1):
        worker.once()


def test_the_page_names_every_method() -> None:
    text = PAGE.read_text()
    assert [
        name for name, method in METHODS.items() if f"| `{name}` | {method.operation} |" not in text
    ] == []
