"""`dubline serve` as somebody meets it who starts it for the first time."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from dubline.domain.errors import UserError
from dubline.service.serving import serve
from dubline.service.settings import ServiceSettings, from_environment
from tests.service.durability.serving import Serving, wait_for
from tests.stubbed import environment


def test_a_clean_end_is_a_quiet_one(tmp_path: Path) -> None:
    with Serving(tmp_path / "data", tmp_path / "home") as server:
        wait_for(lambda: "worker started" in server.said.read_text(), 120, "the worker is there")
        server.terminate()
        said = server.said.read_text()
    assert "Fatal" not in said and "Traceback" not in said


def test_it_says_where_it_listens(tmp_path: Path) -> None:
    with Serving(tmp_path / "data", tmp_path / "home", workers=0) as server:
        lines = [json.loads(line) for line in server.said.read_text().splitlines()]
        (told,) = (line for line in lines if line["event"] == "listening")
        assert told["address"] == str(server.client.base_url).removesuffix("/api/v1/")
        assert (told["data"], told["key_needed"]) == (str(tmp_path / "data"), False)


@pytest.mark.parametrize(("asked", "key"), [(False, "No key is needed"), (True, "A key is needed")])
def test_people_are_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: bool, key: str
) -> None:
    from dubline.service import listening

    settings = ServiceSettings(data=tmp_path, log_format="console", require_key=asked)
    listening.tell(settings, 4321)
    (line,) = capsys.readouterr().err.splitlines()
    assert "http://127.0.0.1:4321/api/v1/docs" in line and str(tmp_path) in line and key in line


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, Path("/proc/nope"), Path("/proc")):
        with pytest.raises(UserError) as refused:
            serve(ServiceSettings(data=folder, workers=0))
        assert refused.value.code == "data_unusable" and refused.value.hint
        assert str(folder) in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"), [("LINK_MINUTES", "abc"), ("EGRESS_ALLOW", "foo"), ("LOG_FORMAT", "xml")]
)
def test_a_variable_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DUBLINE_{name}", value)
    with pytest.raises(UserError) as refused:
        from_environment(data=tmp_path)
    assert refused.value.code == "setting_invalid" and refused.value.hint
    assert f"DUBLINE_{name}" in refused.value.message


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        line = [sys.executable, "-c", "from dubline.cli.main import main; main()", "serve", "--workers", "0"]
        done = subprocess.run(
            [*line, "--port", port, "--data", str(tmp_path / "data")],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 2
    assert "[port_taken]" in done.stderr and port in done.stderr and "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_front_says_where_to_go(server: str) -> None:
    told = httpx.get(f"{server}/").json()
    assert told["name"] == "dubline" and told["version"]
    assert httpx.get(server + told["docs"]).status_code == 200
    assert httpx.get(server + told["openapi"]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz"])
def test_heads_alone_are_answered(server: str, path: str) -> None:
    asked = httpx.head(server + path, timeout=30)
    assert (asked.status_code, asked.content) == (httpx.get(server + path, timeout=30).status_code, b"")


def test_a_key_of_another_server_gets_a_hint(server: str) -> None:
    refused = httpx.get(f"{server}/api/v1/jobs", headers={"X-API-Key": "dbl_no"}).json()
    assert refused["code"] == "key_invalid" and "--data" in refused["hint"]
