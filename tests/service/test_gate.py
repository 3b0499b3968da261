"""What every request passes: size, depth and time of bodies, who may change something, what replies carry."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import uvicorn

from dubline.domain.errors import Unavailable, UserError
from dubline.service.access.roles import Role
from dubline.service.app import create_app, open_context
from dubline.service.context import Context
from dubline.service.gate import bodies, json_shape
from dubline.service.gate.patience import ImpatientProtocol
from dubline.service.jobs import repository
from dubline.service.problem import ServiceError
from dubline.service.serving import refuse_open_doors, refuse_without_cage
from dubline.service.settings import ServiceSettings
from tests.service.conftest import Person, served

DEEP = b'{"settings":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001
LONG = b'{"target_languages":[' + b'"es",' * 150_000 + b'"es"]}'
JSON = {"Content-Type": "application/json"}


def drip(size: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(size >> 16):
        yield b" " * (1 << 16)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [(DEEP, 400, "json_too_deep"), (LONG, 400, "json_too_long"), (b" " * (2 << 20), 413, "body_too_large")],
)
def test_a11_what_is_too_deep_too_long_or_too_large_is_refused_at_once(
    client: httpx.Client, body: bytes, status: int, code: str
) -> None:
    started = time.monotonic()
    refused = client.post("/jobs", content=body, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - started < 1


def test_a11_a_gigabyte_without_a_length_is_cut_off_early(client: httpx.Client) -> None:
    before = psutil.Process().memory_info().rss
    with suppress(httpx.WriteError):  # cut off while it was still sending
        assert client.post("/jobs", content=drip(1 << 30), headers=JSON).status_code == 413
    assert psutil.Process().memory_info().rss - before < 50 << 20


def test_a11_an_announced_gigabyte_is_not_waited_for(client: httpx.Client) -> None:
    url = client.base_url
    with socket.create_connection((url.host, url.port), timeout=5) as connection:
        head = "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {1 << 30}\r\n\r\n".encode())
        assert connection.recv(100_000).startswith(b"HTTP/1.1 413")


def test_a11_a_string_that_never_ends_takes_no_longer_than_one_that_does() -> None:
    started = time.monotonic()
    json_shape.check(b'["' + b'\\"' * 500_000)
    assert time.monotonic() - started < 1


def test_what_stands_in_strings_is_not_counted() -> None:
    json_shape.check(json.dumps({"text": "[" * 100_000 + '"' + "," * 100_000 + "\\"}).encode())


def test_lists_beside_each_other_are_not_one_long_list() -> None:
    json_shape.check(json.dumps([[0] * 5000] * 10).encode())
    with pytest.raises(ServiceError):
        json_shape.check(json.dumps([[0] * 9000] * 20).encode())


def test_a11_files_from_strangers_are_not_even_received(settings: ServiceSettings) -> None:
    context = open_context(settings.model_copy(update={"require_key": True}))
    with served(context) as url:
        sent = 0

        def endless() -> Iterator[bytes]:
            nonlocal sent
            for piece in drip(1 << 28):
                sent += len(piece)
                yield piece

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with suppress(httpx.WriteError):
            refused = httpx.post(f"{url}/api/v1/upload", content=endless(), headers=headers)
            assert refused.status_code == 401
    assert sent < 1 << 26


def test_a11_a_file_beyond_the_limit_is_cut(settings: ServiceSettings) -> None:
    limits = settings.limits.model_copy(update={"max_upload_bytes": 1 << 20})
    with served(open_context(settings.model_copy(update={"limits": limits}))) as url:
        refused = httpx.post(
            f"{url}/api/v1/upload", files={"file": b"0" * (5 << 20)}, data={"target_language": "es"}
        )
    assert (refused.status_code, refused.json()["code"]) == (413, "upload_too_large")


class Hasty(ImpatientProtocol):
    head_seconds = 0.5


@pytest.fixture
def hasty(context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.5)
    config = uvicorn.Config(create_app(context), port=0, log_level="warning", http=Hasty)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[:2]
    server.should_exit = True
    thread.join(10)


def test_a11_whoever_never_ends_a_head_is_cut_and_others_are_served_meanwhile(
    hasty: tuple[str, int],
) -> None:
    slow = [socket.create_connection(hasty, timeout=5) for _ in range(200)]
    for each in slow:
        each.sendall(b"GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-A: ")
    assert httpx.get(f"http://127.0.0.1:{hasty[1]}/api/v1/jobs").status_code == 200
    for each in slow:
        assert each.recv(100) == b""
        each.close()


def test_a11_a_connection_that_was_used_is_watched_again(
    hasty: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Haste begins once the first reply is here whole, so that a busy machine cuts nobody off before."""
    monkeypatch.setattr(Hasty, "head_seconds", 600.0)
    with socket.create_connection(hasty, timeout=60) as connection:
        asked(connection)
        monkeypatch.setattr(Hasty, "head_seconds", 0.5)
        with suppress(ConnectionError):  # cut off before or after this is sent
            asked(connection)
            connection.sendall(b"GET /api/v1/me HTT")
            assert connection.recv(100_000) == b""


def asked(connection: socket.socket) -> None:
    connection.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
    reply = http.client.HTTPResponse(connection)
    reply.begin()
    assert (reply.status, len(reply.read())) == (200, int(reply.headers["content-length"]))


def test_a11_a_body_that_does_not_come_is_not_waited_for(hasty: tuple[str, int]) -> None:
    with socket.create_connection(hasty, timeout=5) as connection:
        head = b"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Content-Length: 100\r\n\r\n{")
        assert connection.recv(100_000).startswith(b"HTTP/1.1 408")


def test_replies_tell_browsers_what_not_to_do(client: httpx.Client) -> None:
    for path in ("/me", "/jobs/nothing", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


def test_a_page_from_elsewhere_changes_nothing_here(client: httpx.Client) -> None:
    evil = {"Origin": "https://evil.example"}
    refused = client.post("/keys", json={"name": "x"}, headers=evil)
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")
    own = {"Origin": str(client.base_url).removesuffix("/api/v1/")}
    assert client.post("/keys", json={"name": "x"}, headers=own).status_code == 201


def test_pages_are_let_in_by_name(settings: ServiceSettings) -> None:
    allowed = settings.model_copy(update={"cors_origins": ("https://studio.example",)})
    with served(open_context(allowed)) as url:
        asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "upload-offset"}
        for origin, answer in (
            ("https://studio.example", "https://studio.example"),
            ("https://evil.example", None),
        ):
            told = httpx.options(f"{url}/api/v1/jobs", headers={**asked, "Origin": origin})
            assert told.headers.get("access-control-allow-origin") == answer


def test_no_page_is_let_in_unless_named(client: httpx.Client) -> None:
    told = client.get("/me", headers={"Origin": "https://studio.example"})
    assert "access-control-allow-origin" not in told.headers


@pytest.mark.parametrize("broken", ["database", "bug", "disk"])
def test_a12_an_error_of_ours_tells_nothing_of_our_insides(
    context: Context, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        if broken == "bug":
            raise RuntimeError("secret /var/lib/dubline SELECT * FROM keys")
        if broken == "disk":
            raise OSError(28, "No space left on device", "/var/lib/secret")

    if broken == "database":
        with context.database.writing() as session:
            session.connection().exec_driver_sql("ALTER TABLE jobs RENAME TO lost")
    else:
        monkeypatch.setattr(repository, "page", fail)
    with served(context) as url:
        reply = httpx.get(f"{url}/api/v1/jobs", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"})
    told = reply.json()
    assert reply.status_code >= 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert (told["status"], told["trace_id"]) == (reply.status_code, "ab" * 16)
    for inside in ("SELECT", "sqlite", "/var", "Traceback", "jobs.id", "secret", str(Path(__file__).parent)):
        assert inside not in reply.text


def test_a15_nothing_beyond_this_machine_without_a_key(
    settings: ServiceSettings, person: Callable[..., Person], context: Context
) -> None:
    world = Context(settings.model_copy(update={"host": "0.0.0.0"}), context.database)
    with pytest.raises(UserError) as refused:
        refuse_open_doors(world)
    assert refused.value.code == "credential_missing"
    person(Role.ADMIN)
    refuse_open_doors(world)


def test_a15_manuals_and_measurements_are_not_for_passers_by(settings: ServiceSettings) -> None:
    with served(open_context(settings.model_copy(update={"require_key": True}))) as url:
        for path in ("/api/v1/openapi.json", "/api/v1/docs", "/metrics", "/openapi.json", "/docs", "/redoc"):
            assert httpx.get(f"{url}{path}").status_code in (401, 404), path


def test_a15_by_another_name_this_machine_is_not_open(client: httpx.Client) -> None:
    """A page whose name was made to point here reaches nothing."""
    port = urlsplit(str(client.base_url)).port
    assert client.get("/jobs", headers={"Host": f"evil.example:{port}"}).status_code == 401


def test_files_stream_in_only_where_a_route_takes_files(context: Context) -> None:
    schema: dict[str, dict[str, dict[str, dict[str, object]]]] = create_app(context).openapi()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {})
            kinds = list(body.get("content", {})) if isinstance(body, dict) else []
            for kind in kinds:
                headers = [(b"content-type", kind.encode())]
                streams = bodies.is_stream({"method": method.upper(), "path": path, "headers": headers})
                assert streams is (kind != "application/json"), f"{method} {path} as {kind}"


def test_m5_no_server_starts_that_would_open_files_without_a_cage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refuse_without_cage()
    (tmp_path / "ffmpeg").symlink_to(str(shutil.which("ffmpeg")))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="bubblewrap") as refused:
        refuse_without_cage()
    assert "apt-get install" in refused.value.hint


@pytest.mark.parametrize(
    ("content_type", "body", "said", "hinted"),
    [
        (
            "application/x-www-form-urlencoded",
            b"{}",
            "not read as a JSON object",
            "Content-Type: application/json",
        ),
        (None, b"{}", "not read as a JSON object", "Content-Type: application/json"),
        ("application/json", b"{bad", "body: This is no JSON: ", "double quotes"),
        ("application/json", b"[]", "not read as a JSON object", "Correct what"),
        ("application/json", b"", "body: ", "Content-Type: application/json"),
    ],
)
def test_a_body_that_is_no_json_is_told_so(
    client: httpx.Client, content_type: str | None, body: bytes, said: str, hinted: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    refused = client.post("/jobs", content=body, headers=headers)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "request_invalid")
    assert said in problem["detail"] and hinted in problem["hint"]
    assert [each["field"] for each in problem["errors"]] == ["body"]


def test_where_json_breaks_is_told(client: httpx.Client) -> None:
    refused = client.post("/jobs", content=b"{bad", headers=JSON).json()
    assert "at character 1" in refused["detail"] and "body.1" not in refused["detail"]


def test_a_wrong_value_is_told_once_by_the_name_of_its_field(client: httpx.Client) -> None:
    refused = client.post("/hooks", json={"url": "https://example.com/", "kinds": ["job.done"]}).json()
    (only,) = refused["errors"]
    assert only["field"] == "body.kinds.0"
    assert "'job.completed'" in only["message"] and "'hook.ping'" in only["message"]
    assert "enum" not in refused["detail"] and refused["detail"].count("body.kinds") == 1


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PUT", "/jobs"), ("GET", "/jobs/job_none")]
)
def test_what_is_not_there_says_where_to_look(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).json()["hint"]
