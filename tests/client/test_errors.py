"""What can go wrong is one family, and nothing of another library's gets past it."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from dubline.client import ClientError, ConnectionLost, Refused, errors
from dubline.client.connection import translated

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
