"""The chat translator against a real server in a thread, that answers what the test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dubline.domain.choices import Formality
from dubline.domain.errors import EngineError, Unavailable
from dubline.engines.translator import openai
from dubline.engines.translator.openai import OpenAI
from dubline.models.catalogue import Models
from dubline.ports import calling
from dubline.ports.engine import require_all
from dubline.ports.translator import Context

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


class Server(ThreadingHTTPServer):
    """Keeps what it was asked. `answers` are used in turn, the last one for all that follow."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = [translated]
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((dict(self.headers), body))
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        status, reply = answer(body) if self.path == "/v1/chat/completions" else (404, {})
        data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


def talk(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body["messages"][1]["content"])
    return found


def worded(lines: list[dict[str, Any]]) -> tuple[int, Any]:
    return 200, {"choices": [{"message": {"content": json.dumps({"lines": lines})}}]}


def translated(body: dict[str, Any]) -> tuple[int, Any]:
    """In another order than asked, which is what the ids are for."""
    return worded(
        [
            {
                "id": line["id"],
                "natural": f"<{line['text']}>",
                "shorter": f"<{line['text'][:3]}>",
                "longer": "",
            }
            for line in reversed(talk(body)["lines"])
        ]
    )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", found.url + "/")
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        monkeypatch.setenv("no_proxy", "*")
        monkeypatch.setattr(calling, "RETRY_PAUSES", (0.0, 0.0))
        yield found
        found.shutdown()


@pytest.fixture
def engine(tmp_path: Any) -> OpenAI:
    return OpenAI(Models(tmp_path), "small-one")


def test_each_line_gets_its_wordings_natural_first(server: Server, engine: OpenAI) -> None:
    texts = [f"line {number}" for number in range(openai.LINES_AT_ONCE + 3)]
    found = engine.wordings(texts, "en", "es-MX", [Context()] * len(texts))
    assert found == [(f"<{text}>", "<lin>") for text in texts]
    assert len(server.asked) == 2
    assert engine.translate(["one", "", "two"], "en", "es") == ["<one>", "", "<two>"]


def test_the_model_is_told_what_there_is_to_know(server: Server, engine: OpenAI) -> None:
    context = Context(
        before=("Hello.",),
        after=("Bye.",),
        speaker="S2",
        glossary=(("wheel", "rueda"),),
        keep=("OneWheel",),
        formality=Formality.FORMAL,
        mild=True,
        characters=40,
    )
    engine.wordings(["A wheel."], "en", "es-MX", [context])
    ((headers, body),) = server.asked
    assert headers["Authorization"] == "Bearer secret"
    assert body["model"] == "small-one"
    assert body["temperature"] == 0
    told = body["messages"][0]["content"]
    assert "Spanish (Mexico)" in told
    assert "formally" in told
    assert "Soften" in told
    assert talk(body) == {
        "before": ["Hello."],
        "lines": [{"id": 0, "text": "A wheel.", "speaker": "S2", "most_characters": 40}],
        "after": ["Bye."],
        "glossary": {"wheel": "rueda"},
        "keep": ["OneWheel"],
    }


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(server: Server, engine: OpenAI, status: int) -> None:
    server.answers = [lambda _: (status, {}), translated]
    assert engine.translate(["one"], "en", "es") == ["<one>"]
    assert len(server.asked) == 2


@pytest.mark.parametrize(("status", "code"), [(401, "translator_refused"), (400, "translator_failed")])
def test_a_refusal_is_final(server: Server, engine: OpenAI, status: int, code: str) -> None:
    server.answers = [lambda _: (status, {"error": "secret one"})]
    with pytest.raises(EngineError) as failure:
        engine.translate(["something private"], "en", "es")
    assert failure.value.code == code
    assert len(server.asked) == 1
    assert "private" not in str(failure.value)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    "reply",
    [
        (200, b"<html>"),
        (200, {"choices": []}),
        (200, {"choices": [{"message": {"content": "Sure! Here you go"}}]}),
        worded([]),
        worded([{"id": 0, "natural": ""}]),
        worded([{"id": 1, "natural": "uno"}]),
        worded([{"id": 0, "natural": "uno"}, {"id": 1, "natural": "dos"}]),
    ],
)
def test_an_answer_that_is_none_is_asked_for_again_and_then_refused(
    server: Server, engine: OpenAI, reply: tuple[int, Any]
) -> None:
    server.answers = [lambda _: reply, translated]
    assert engine.translate(["one"], "en", "es") == ["<one>"]
    server.answers = [lambda _: reply]
    with pytest.raises(EngineError) as failure:
        engine.translate(["one"], "en", "es")
    assert failure.value.code == "translator_senseless"


def test_nobody_there_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, server: Server, engine: OpenAI
) -> None:
    server.shutdown()
    server.server_close()
    with pytest.raises(EngineError) as failure:
        engine.translate(["one"], "en", "es")
    assert failure.value.code == "translator_unreachable"


def test_without_key_and_server_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, engine: OpenAI
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(Unavailable) as failure:
        require_all([engine])
    assert "OPENAI_API_KEY" in failure.value.hint
    here = engine.identity()
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    assert not engine.missing()
    assert engine.identity() != here
