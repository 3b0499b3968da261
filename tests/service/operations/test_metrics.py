"""What operators measure: complete, well named, and no larger with more jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from dubline.api.workshop import workshop
from dubline.service.access.roles import Role
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Measurement
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person, served

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

FORBIDDEN = re.compile(
    r"(^|_)(id|job|user|organisation|org|key|email|name|path|url|file|title|text|ip|address)(_|$)"
)
LABELS = frozenset({"method", "route", "status", "kind", "outcome", "stage", "found", "engine", "process"})
LABELS_OF_KIND = LABELS | {"le", "version"}
UNITS = ("seconds", "bytes")
COUNTED = ("tasks", "jobs", "streams", "alive", "waiting", "files", "up", "info")
"""Last words of gauges that count things, or say yes or no."""


def scraped(base: str) -> list[Metric]:
    reply = httpx.get(f"{base}/metrics", timeout=20)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/plain")
    return list(text_string_to_metric_families(reply.text))


def samples(base: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in scraped(base)
        for sample in family.samples
    }


def of(samples: Samples, name: str, /, **labels: str) -> float:
    return sum(
        value
        for (sample, has), value in samples.items()
        if sample == name and has >= frozenset(labels.items())
    )


@pytest.fixture
def dubbed(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> Callable[[], str]:
    """Makes a whole job; the id of it."""

    def make() -> str:
        asked = {
            "upload_id": uploaded(talk),
            "source_language": "en",
            "target_languages": ["es"],
            "settings": {"engines": ENGINES},
        }
        made = client.post("/jobs", json=asked)
        assert made.status_code == 201, made.text
        assert worker.once()
        return str(made.json()["id"])

    return make


def test_a_job_is_counted_by_its_worker_and_measured_at_the_server(server: str, client, dubbed) -> None:
    first = dubbed()
    found = samples(server)
    assert of(found, "dubline_tasks_total", kind="dub", outcome="done") == 1
    assert of(found, "dubline_task_seconds_count", kind="dub") == 1
    assert of(found, "dubline_stage_seconds_count", stage="transcribe") >= 1
    assert of(found, "dubline_engine_calls_total", engine="stub", outcome="done") > 5
    assert (
        of(found, "dubline_steps_total", found="reused") == 1
    )  # the look at the file, when it was asked for
    assert of(found, "dubline_jobs", status="completed") == 1
    assert of(found, "dubline_queue_tasks") == 0
    assert of(found, "dubline_disk_free_bytes") > 0
    assert of(found, "dubline_process_memory_bytes", process="server") > 1 << 20
    assert of(found, "dubline_process_cpu_seconds_total", process="server") > 0
    assert of(found, "dubline_process_open_files", process="server") > 3
    assert of(found, "dubline_database_up") == 1
    posted = {"method": "POST", "status": "2xx"}
    assert of(found, "dubline_http_request_seconds_count", **posted) == 1
    done = of(found, "dubline_steps_total", found="done")
    assert dubbed() != first
    found = samples(server)
    assert of(found, "dubline_steps_total", found="done") == done
    assert of(found, "dubline_steps_total", found="reused") > done


def test_counts_outlive_the_workers(context: Context, server: str, accepted: Callable[..., str]) -> None:
    for _ in range(3):
        accepted(settings={"nonsense": True})
        with workshop(context.work) as shop:
            assert Worker(context, shop).once()
    found = samples(server)
    assert of(found, "dubline_tasks_total", outcome="failed") == 3
    with context.database.reading() as session:
        assert session.query(Measurement).count() < 40


def test_a_queue_that_waits_is_seen_waiting(server: str, accepted: Callable[..., str]) -> None:
    accepted()
    found = samples(server)
    assert of(found, "dubline_queue_tasks", status="waiting") == 1
    assert of(found, "dubline_queue_oldest_seconds") > 0


def test_series_do_not_grow_with_jobs_and_strangers(server: str, dubbed) -> None:
    def ask() -> None:
        dubbed()
        for number in range(20):
            httpx.get(f"{server}/api/v1/jobs/job_{number}")
            httpx.get(f"{server}/nowhere/{number}?token={number}")
            httpx.request(f"VERB{number}", f"{server}/api/v1/jobs")

    ask()
    samples(server)
    ask()
    before = set(samples(server))
    ask()
    assert set(samples(server)) - before == set()
    assert len(before) < 1000


def test_while_the_database_is_away_the_rest_is_measured(context: Context, server: str) -> None:
    with context.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE tasks RENAME TO lost")
    found = samples(server)
    assert of(found, "dubline_database_up") == 0
    assert of(found, "dubline_disk_free_bytes") > 0


def test_o6_names_units_helps_and_labels(server: str, dubbed) -> None:
    dubbed()
    families = scraped(server)
    assert len(families) > 15
    assert [finding for family in families for finding in findings(family)] == []


def findings(family: Metric) -> list[str]:
    """What is wrong with a metric."""
    found = []
    words = family.name.removeprefix("dubline_").split("_")
    if not re.fullmatch(r"dubline(_[a-z]+)+", family.name):
        found.append("name")
    if not re.fullmatch(r"[A-Z].{10,}\.", family.documentation):
        found.append("help")
    if family.type == "counter" and not all(s.name.endswith("_total") for s in family.samples):
        found.append("a counter ends in _total")
    if family.type == "histogram" and words[-1] not in UNITS:
        found.append("unit")
    if family.type == "gauge" and words[-1] not in (*UNITS, *COUNTED):
        found.append("unit")
    if {"ms", "milliseconds", "minutes", "hours", "kb", "mb", "percent"} & set(words):
        found.append("not a base unit")
    labels = {label for sample in family.samples for label in sample.labels}
    found += [f"label {label}" for label in labels if FORBIDDEN.search(label) or label not in LABELS_OF_KIND]
    return [f"{family.name}: {each}" for each in found]


@pytest.mark.parametrize(
    ("name", "text", "kind", "labels"),
    [
        ("dubline_Jobs", "Jobs there are.", "gauge", {}),
        ("dubline_jobs", "jobs", "gauge", {}),
        ("dubline_wait_ms", "How long one waits.", "gauge", {}),
        ("dubline_wait", "How long one waits.", "histogram", {}),
        ("dubline_jobs", "Jobs there are.", "gauge", {"job_id": "job_1"}),
        ("dubline_jobs", "Jobs there are.", "gauge", {"colour": "red"}),
    ],
)
def test_o6_the_lint_finds_what_is_wrong(name: str, text: str, kind: str, labels: dict[str, str]) -> None:
    family = Metric(name, text, kind)
    family.add_sample(name, labels, 1.0)
    assert findings(family)


def test_measurements_are_for_those_who_may_read_the_server(
    settings: ServiceSettings, context: Context, person: Callable[..., Person]
) -> None:
    operator, editor = person(Role.OPERATOR), person(Role.EDITOR)
    closed = replace(context, settings=settings.model_copy(update={"require_key": True}))
    with served(closed) as url:
        statuses = [
            httpx.get(f"{url}/metrics", headers=headers).status_code
            for headers in (
                {"Authorization": f"Bearer {operator.secret}"},
                {"Authorization": f"Bearer {editor.secret}"},
                {},
            )
        ]
    assert statuses == [200, 403, 401]


def test_a_job_tells_where_its_time_went(client: httpx.Client, dubbed) -> None:
    profile = client.get(f"/jobs/{dubbed()}/profile").json()
    stages = {stage["name"]: stage for stage in profile["stages"]}
    assert profile["seconds"] > 0
    assert sum(stage["seconds"] for stage in stages.values()) > 0
    assert sum(stage["share"] for stage in stages.values()) == pytest.approx(1.0, abs=0.01)
    assert all(stage["steps"] > 0 for stage in stages.values())
    looked_at_when_asked_for = stages.pop("validation")
    assert looked_at_when_asked_for["reused"] == 1
    assert [stage["reused"] for stage in stages.values()] == [0] * len(stages)
    assert stages["transcription"]["engines"][0] == "stub"
    again = client.get(f"/jobs/{dubbed()}/profile").json()
    assert all(stage["reused"] == stage["steps"] for stage in again["stages"])
    assert client.get("/jobs/job_of_nobody/profile").json()["code"] == "job_not_found"
