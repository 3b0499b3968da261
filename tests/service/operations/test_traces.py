"""One trace from the request to every stage of its job."""

from __future__ import annotations

import builtins
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from dubline.api.workshop import workshop
from dubline.domain.errors import Unavailable
from dubline.observe.reports import scrubbed
from dubline.observe.telemetry import Telemetry
from dubline.observe.trace import Trace
from dubline.service.context import Context
from dubline.service.observing import keep_logs, spans_of
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Job
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, served

BROUGHT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(context: Context, exported: InMemorySpanExporter) -> Context:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    return replace(context, spans=Telemetry(provider))


@pytest.fixture
def traced_worker(traced: Context) -> Iterator[Worker]:
    with workshop(traced.work) as shop:
        yield Worker(traced, shop)


def asked_for(url: str, upload: str) -> str:
    asked = {"upload_id": upload, "target_languages": ["es"], "settings": {"engines": ENGINES}}
    made = httpx.post(f"{url}/api/v1/jobs", json=asked, headers={"traceparent": BROUGHT}, timeout=30)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def named(spans: tuple[ReadableSpan, ...], start: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name.startswith(start)]


def parent_of(span: ReadableSpan) -> int:
    assert span.parent is not None
    return span.parent.span_id


def test_the_stages_belong_to_the_request_and_the_request_to_its_caller(
    traced: Context,
    traced_worker: Worker,
    exported: InMemorySpanExporter,
    uploaded: Callable[..., str],
    talk: Path,
) -> None:
    with served(traced) as url:
        asked_for(url, uploaded(talk))
    assert traced_worker.once()
    spans = exported.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in spans} == {Trace.read(BROUGHT).id}
    (request,), (task,) = named(spans, "POST /jobs"), named(spans, "task dub")
    assert f"{parent_of(request):016x}" == "b7ad6b7169203331"
    assert parent_of(task) == request.context.span_id
    stages = named(spans, "stage ")
    assert {"stage transcribe", "stage mix"} <= {span.name for span in stages}
    assert {parent_of(span) for span in stages} == {task.context.span_id}
    assert all(task.start_time <= span.start_time <= span.end_time <= task.end_time for span in stages)
    assert task.attributes["dubline.outcome"] == "done"


def test_a_stage_that_breaks_is_seen_broken_and_says_nothing(
    traced: Context,
    traced_worker: Worker,
    exported: InMemorySpanExporter,
    uploaded: Callable[..., str],
    talk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("swordfish")

    stubs = importlib.import_module("stub_engines")  # as the registry finds them
    monkeypatch.setattr(stubs.StubSynthesizer, "_speak", fail)
    with served(traced) as url:
        asked_for(url, uploaded(talk))
    assert traced_worker.once()
    spans = exported.get_finished_spans()
    (task,) = named(spans, "task dub")
    assert not task.status.is_ok
    assert any(not span.status.is_ok for span in named(spans, "stage "))
    assert "swordfish" not in "".join(span.to_json() for span in spans)


def test_without_a_collector_the_numbers_are_still_there(
    context: Context, client: httpx.Client, uploaded: Callable[..., str], talk: Path
) -> None:
    job = asked_for(str(client.base_url).removesuffix("/api/v1/"), uploaded(talk))
    with context.database.reading() as session:
        found = Trace.read(session.get_one(Job, job).trace)
    assert found is not None and found.id == Trace.read(BROUGHT).id


@pytest.mark.parametrize(
    "header", ["", "nonsense", BROUGHT[:-1], BROUGHT.upper(), f"00-{'0' * 32}-{'1' * 16}-01"]
)
def test_what_is_no_trace_is_not_followed(header: str) -> None:
    assert Trace.read(header) is None


@pytest.mark.parametrize(
    ("chosen", "library", "line"),
    [
        ({"traces_endpoint": "http://127.0.0.1:4318"}, "opentelemetry", "pip install 'dubline[traces]'"),
        ({"sentry_dsn": "http://key@127.0.0.1/1"}, "sentry_sdk", "pip install 'dubline[sentry]'"),
    ],
)
def test_what_is_wished_for_and_not_installed_is_said_with_the_line_that_helps(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch, chosen: dict, library: str, line: str
) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **others: object) -> object:
        if name.split(".", maxsplit=1)[0] == library:
            raise ImportError(name)
        return real(name, *more, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Unavailable) as missing:
        wished = settings.model_copy(update=chosen)
        spans_of(wished, "server")
        keep_logs(wished, "server")
    assert line in missing.value.hint


def test_reports_of_bugs_say_what_and_where_only() -> None:
    event = {
        "event_id": "1",
        "level": "error",
        "server_name": "secret-host",
        "request": {"url": "https://x/?token=swordfish"},
        "user": {"email": "rosa@example.org"},
        "breadcrumbs": {"values": [{"message": "swordfish"}]},
        "extra": {"text": "swordfish"},
        "exception": {
            "values": [
                {
                    "type": "RuntimeError",
                    "value": "swordfish",
                    "stacktrace": {"frames": [{"function": "speak", "vars": {"text": "swordfish"}}]},
                }
            ]
        },
    }
    kept = json.dumps(scrubbed(event))
    assert "RuntimeError" in kept and "speak" in kept
    for secret in ("swordfish", "rosa", "secret-host", "token"):
        assert secret not in kept
