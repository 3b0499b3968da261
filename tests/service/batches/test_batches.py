"""Many jobs in one call."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from dubline.service.app import open_context
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.storage.tables import Job, Organisation, Upload
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person, served

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


def files(talk: Path, *names: str) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", (name, talk.read_bytes())) for name in names]


FIELDS = {"target_language": "es", "source_language": "en", "settings": json.dumps({"engines": ENGINES})}


def nothing_left(context: Context) -> bool:
    with context.database.reading() as session:
        return (
            not session.query(Job).count()
            + session.query(Upload).count()
            + len(list(context.uploads.glob("*")))
        )


def test_many_files_in_one_call(client: httpx.Client, context: Context, worker: Worker, talk: Path) -> None:
    names = [f"talk {number}.wav" for number in range(5)]
    made = client.post("/batches", files=files(talk, *names), data={**FIELDS, "priority": "3"})
    assert made.status_code == 201, made.text
    batch = made.json()
    assert (batch["accepted"], batch["refused"]) == (5, 0)
    view = client.get(made.headers["location"].removeprefix("/api/v1")).json()
    assert (view["jobs"], view["finished"]) == (5, False)
    jobs = [client.get(f"/jobs/{each['job_id']}").json() for each in batch["jobs"]]
    assert [job["name"] for job in jobs] == [name.removesuffix(".wav") for name in names]
    assert {(job["priority"], job["source_language"], *job["target_languages"]) for job in jobs} == {
        (3, "en", "es")
    }
    assert all(each.read_bytes() == talk.read_bytes() for each in context.uploads.glob("*/source.wav"))
    assert len(list(context.uploads.glob("*/source.wav"))) == 5
    assert worker.once()
    assert client.get(f"/jobs/{jobs[0]['id']}").json()["status"] == "completed"


def test_a_manifest_may_come_with_its_files(client: httpx.Client, talk: Path, uploaded: Uploaded) -> None:
    asked = manifest(
        {"file": "b.wav", "name": "second"},
        {"upload_id": uploaded(talk), "name": "here before"},
        {"file": "a.wav", "priority": 7},
    )
    made = client.post("/batches", files=files(talk, "a.wav", "b.wav"), data={"manifest": json.dumps(asked)})
    assert made.status_code == 201, made.text
    jobs = [client.get(f"/jobs/{each['job_id']}").json() for each in made.json()["jobs"]]
    assert [(job["name"], job["priority"]) for job in jobs] == [("second", 0), ("here before", 0), ("a", 7)]


def test_one_bad_file_and_nothing_stays(client: httpx.Client, context: Context, talk: Path) -> None:
    sent = [*files(talk, "good.wav"), ("file", ("bad.wav", b"hello"))]
    refused = client.post("/batches", files=sent, data=FIELDS)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "batch_refused")
    assert [(each["index"], each["code"]) for each in problem["errors"]] == [(1, "not_media")]
    assert nothing_left(context)
    made = client.post("/batches", files=sent, data={**FIELDS, "partial": "true"}).json()
    assert (made["accepted"], made["refused"]) == (1, 1)
    assert len(list(context.uploads.glob("*"))) == 1


@pytest.mark.parametrize(
    ("names", "fields", "status", "code"),
    [
        (["a.wav"], {}, 422, "request_invalid"),
        ([], {"target_language": "es"}, 422, "request_invalid"),
        (["a.wav"], {**FIELDS, "partial": "perhaps"}, 422, "request_invalid"),
        (["a.wav"], {**FIELDS, "colour": "blue"}, 422, "request_invalid"),
        (["a.wav"], {"manifest": "{"}, 422, "request_invalid"),
        (["a.wav"], {"manifest": "[]"}, 422, "request_invalid"),
        (["a.wav"], {"manifest": '{"jobs": [{"file": "b.wav"}]}'}, 422, "request_invalid"),
        (["a.wav", "b.wav"], {"manifest": '{"jobs": [{"file": "b.wav"}]}'}, 422, "request_invalid"),
        (["a.wav", "a.wav"], {"manifest": '{"jobs": [{"file": "a.wav"}]}'}, 422, "request_invalid"),
        (["a.wav"], {"manifest": '{"jobs": [{"file": "a.wav"}]}', "priority": "1"}, 422, "request_invalid"),
        ([f"{number}.wav" for number in range(101)], FIELDS, 400, "form_broken"),
    ],
)
def test_a_form_that_cannot_be_a_batch_leaves_nothing(
    client: httpx.Client, context: Context, names: list[str], fields: dict[str, str], status: int, code: str
) -> None:
    sent = [("file", (name, b"x")) for name in names] or [("other", (None, b"x"))]
    refused = client.post("/batches", files=sent, data=fields)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert nothing_left(context)


def test_the_same_form_sent_again_is_made_once(client: httpx.Client, context: Context, talk: Path) -> None:
    made = [
        client.post(
            "/batches", files=files(talk, "a.wav", "b.wav"), data=FIELDS, headers={"Idempotency-Key": "night"}
        )
        for _ in range(2)
    ]
    assert made[0].json() == made[1].json()
    assert len(client.get("/jobs").json()["jobs"]) == len(list(context.uploads.glob("*"))) == 2


def test_what_is_neither_json_nor_a_form_is_refused(client: httpx.Client) -> None:
    refused = client.post("/batches", content=b"x" * 1000, headers={"Content-Type": "text/plain"})
    assert (refused.status_code, refused.json()["code"]) == (415, "not_a_form")


def test_a_file_of_a_batch_beyond_the_limit_is_cut(settings: ServiceSettings) -> None:
    limits = settings.limits.model_copy(update={"max_upload_bytes": 1 << 20})
    context = open_context(settings.model_copy(update={"limits": limits}))
    with served(context) as url:
        sent = [("file", ("a.wav", b"0" * (1 << 19))), ("file", ("b.wav", b"0" * (5 << 20)))]
        refused = httpx.post(f"{url}/api/v1/batches", files=sent, data=FIELDS)
    assert (refused.status_code, refused.json()["code"]) == (413, "upload_too_large")
    assert nothing_left(context)
