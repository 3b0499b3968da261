"""What can go wrong is one family, and nothing of another library's gets past it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import httpx
import pytest

from dubline.client import Client, ClientError, ConnectionLost, NotFound, Refused, errors, patience
from dubline.client.connection import translated
from dubline.client.patience import Acquaintance, Patience

KNOWN = (
    "CloseError",
    "ConnectError",
    "ConnectTimeout",
    "DecodingError",
    "LocalProtocolError",
    "PoolTimeout",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "TooManyRedirects",
    "UnsupportedProtocol",
    "WriteError",
    "WriteTimeout",
)


def leaves(kind: type[Exception]) -> set[str]:
    below = [leaves(each) for each in kind.__subclasses__() if each.__module__ == "httpx"]
    return set().union(*below) if below else {kind.__name__}


def test_every_error_of_httpx_is_in_our_table() -> None:
    """An upgrade cannot slip a new one past us."""
    assert leaves(httpx.RequestError) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_errors_of_httpx_become_ours(name: str) -> None:
    with pytest.raises(ClientError) as told, translated():
        raise getattr(httpx, name)("no")
    lost = told.value
    assert isinstance(lost, ConnectionLost) == (name not in ("TooManyRedirects", "UnsupportedProtocol"))
    if isinstance(lost, ConnectionLost):
        assert lost.sent == (name not in ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"))


def test_the_picture_of_the_family_is_whole() -> None:
    family = [ClientError, *ClientError.__subclasses__(), *Refused.__subclasses__()]
    assert [kind.__name__ for kind in family if kind.__name__ not in (errors.__doc__ or "")] == []


def test_a_page_instead_of_a_problem() -> None:
    error = errors.refusal(502, {"title": "Bad Gateway"})
    assert (type(error).__name__, error.code, str(error)) == (
        "ServerFault",
        "http_502",
        "502 http_502: Bad Gateway",
    )


def test_the_client_needs_httpx_and_nothing_else() -> None:
    code = (
        "import sys, dubline.client\n"
        "heavy = {'pydantic', 'numpy', 'sqlalchemy', 'fastapi', 'structlog'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def dead() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"http://127.0.0.1:{door.getsockname()[1]}"


def test_a_dead_address_is_named_and_soon_given_up(dead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert patience.STRANGER <= 10
    monkeypatch.setattr(patience, "STRANGER", 1.0)
    started = time.monotonic()
    with (
        Client(dead) as client,
        pytest.raises(ConnectionLost, match=f"nobody was reached at {dead}: ") as lost,
    ):
        client.job("job_none")
    assert 0.2 < time.monotonic() - started < 5
    assert not lost.value.sent and "job_none" not in str(lost.value)


def test_whoever_was_reached_once_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that starts again refuses connections for a while."""
    pauses: list[float] = []
    clock = [0.0]

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(patience.time, "sleep", sleep)
    monkeypatch.setattr(patience.time, "monotonic", lambda: clock[0])

    def waited(*broken: ConnectionLost) -> float:
        pauses.clear()
        one = Patience(120.0, Acquaintance())
        for error in broken:
            one.wait(error)
        with pytest.raises(ConnectionLost):
            while True:
                one.wait(ConnectionLost("refused", sent=False))
        return sum(pauses)

    assert 5 < waited() <= 10
    assert 100 < waited(ConnectionLost("it broke", sent=True)) <= 120


def test_a_reply_makes_a_client_patient(server: str) -> None:
    with Client(server) as client:
        known = client._connection._server
        assert not known.met
        with pytest.raises(NotFound):
            client.job("job_none")
        assert known.met
