"""Many jobs in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Job, Organisation
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person

Uploaded = Callable[..., str]
DEFAULTS = {"source_language": "en", "target_languages": ["es"], "settings": {"engines": ENGINES}}


def manifest(*jobs: dict[str, Any], **more: object) -> dict[str, object]:
    return {"defaults": DEFAULTS, "jobs": list(jobs), **more}


def test_a_manifest_becomes_jobs_that_are_looked_after_as_one(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Uploaded
) -> None:
    first, second = uploaded(talk), uploaded(talk, name="other.wav")
    asked = manifest({"upload_id": first}, {"upload_id": second, "name": "mine", "priority": 5})
    made = client.post("/batches", json=asked)
    assert made.status_code == 201, made.text
    batch = made.json()
    assert (batch["accepted"], batch["refused"]) == (2, 0)
    path = made.headers["location"].removeprefix("/api/v1")
    jobs = client.get("/jobs", params={"batch_id": batch["batch_id"], "order": "oldest"}).json()["jobs"]
    assert [job["id"] for job in jobs] == [item["job_id"] for item in batch["jobs"]]
    assert [(job["name"], job["priority"]) for job in jobs] == [("talk", 0), ("mine", 5)]
    assert worker.once()
    view = client.get(path).json()
    assert (view["counts"]["completed"], view["counts"]["uploaded"], view["jobs"]) == (1, 1, 2)
    assert (view["progress"], view["finished"]) == (0.5, False)
    assert client.get(f"/jobs/{jobs[1]['id']}").json()["status"] == "completed", (
        "the more urgent one went first"
    )
    cancelled = client.post(f"{path}/cancel").json()
    assert cancelled["counts"] == {**dict.fromkeys(cancelled["counts"], 0), "completed": 1, "cancelled": 1}
    assert (cancelled["finished"], cancelled["progress"]) == (True, 1.0)
    assert client.post(f"{path}/cancel").status_code == 200


def test_one_bad_job_and_none_is_accepted(client: httpx.Client, talk: Path, uploaded: Uploaded) -> None:
    asked = manifest(
        {"upload_id": uploaded(talk)},
        {"upload_id": "upl_nobody"},
        {"upload_id": uploaded(talk), "target_languages": []},
        {"upload_id": uploaded(talk), "colour": "blue"},
    )
    refused = client.post("/batches", json=asked)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "batch_refused")
    assert [(each["index"], each["code"]) for each in problem["errors"]] == [
        (1, "upload_not_found"),
        (2, "request_invalid"),
        (3, "request_invalid"),
    ]
    assert "colour" in problem["errors"][2]["detail"]
    assert client.get("/jobs").json()["jobs"] == []


def test_the_good_ones_are_accepted_if_that_is_wanted(
    client: httpx.Client, talk: Path, uploaded: Uploaded
) -> None:
    asked = manifest({"upload_id": "upl_nobody"}, {"upload_id": uploaded(talk)}, partial=True)
    made = client.post("/batches", json=asked).json()
    assert (made["accepted"], made["refused"]) == (1, 1)
    assert made["jobs"][0]["problem"]["code"] == "upload_not_found"
    assert made["jobs"][1]["job_id"] == client.get("/jobs").json()["jobs"][0]["id"]
    none = client.post("/batches", json=manifest({"upload_id": "upl_nobody"}, partial=True))
    assert (none.status_code, none.json()["code"]) == (422, "batch_refused")


@pytest.mark.parametrize("partial", [False, True])
def test_a_batch_that_does_not_fit_the_queue(
    partial: bool, context: Context, client: httpx.Client, talk: Path, uploaded: Uploaded
) -> None:
    with context.database.writing() as session:
        session.get_one(Organisation, "org_local").limits = {"max_queued_jobs": 2}
    asked = manifest(*({"upload_id": uploaded(talk)} for _ in range(3)), partial=partial)
    answer = client.post("/batches", json=asked)
    waiting = len(client.get("/jobs").json()["jobs"])
    if partial:
        assert (answer.status_code, answer.json()["accepted"], waiting) == (201, 2, 2)
        assert answer.json()["jobs"][2]["problem"]["code"] == "queue_full"
    else:
        assert (answer.status_code, answer.json()["errors"][0]["code"], waiting) == (422, "queue_full", 0)


def test_each_job_of_a_batch_may_have_a_hook(
    settings: ServiceSettings, client: httpx.Client, talk: Path, uploaded: Uploaded
) -> None:
    hook = {"url": "https://example.com/hook"}
    asked = manifest({"upload_id": uploaded(talk), "webhook": hook}, {"upload_id": uploaded(talk)})
    made = client.post("/batches", json=asked).json()["jobs"]
    assert made[0]["webhook"]["secret"].startswith("whsec_")
    assert made[1]["webhook"] is None


def test_the_same_batch_sent_again_is_made_once(client: httpx.Client, talk: Path, uploaded: Uploaded) -> None:
    asked = manifest({"upload_id": uploaded(talk)}, {"upload_id": uploaded(talk)})
    made = [client.post("/batches", json=asked, headers={"Idempotency-Key": "night"}) for _ in range(2)]
    assert made[0].json() == made[1].json()
    assert len(client.get("/jobs").json()["jobs"]) == 2


def test_nobody_finds_another_organisations_batch_or_uploads(
    person: Callable[..., Person], context: Context, client: httpx.Client, talk: Path, uploaded: Uploaded
) -> None:
    upload, stranger = uploaded(talk), person().client
    batch = client.post("/batches", json=manifest({"upload_id": upload})).json()["batch_id"]
    for answer in (stranger.get(f"/batches/{batch}"), stranger.post(f"/batches/{batch}/cancel")):
        assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")
    stolen = stranger.post("/batches", json=manifest({"upload_id": upload}))
    assert stolen.json()["errors"][0]["code"] == "upload_not_found"
    with context.database.reading() as session:
        assert [job.status for job in session.query(Job)] == ["uploaded"]


@pytest.mark.parametrize("jobs", [[], [{"upload_id": "u"}] * 501, ["u"], "u"])
def test_a_manifest_is_a_list_of_up_to_five_hundred_jobs(client: httpx.Client, jobs: object) -> None:
    refused = client.post("/batches", json={"jobs": jobs})
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")
