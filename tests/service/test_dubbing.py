"""From upload to a finished job, with everything real but the models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx

from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES


def test_an_upload_becomes_a_finished_job(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> None:
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES},
    }
    made = client.post("/jobs", json=asked)
    assert made.status_code == 201, made.text
    job = made.json()
    assert (job["status"], job["progress"]) == ("uploaded", 0.0)
    assert made.headers["location"].endswith(job["id"])
    assert worker.once()
    done = client.get(f"/jobs/{job['id']}/status").json()
    assert (done["status"], done["progress"]) == ("completed", 1.0)
    assert [stage["status"] for stage in done["stages"]] == ["completed"] * 11
    assert not worker.once()


def test_one_call_uploads_and_starts(client: httpx.Client, talk: Path) -> None:
    asked = {"target_language": "es", "settings": json.dumps({"engines": ENGINES})}
    with talk.open("rb") as file:
        made = client.post("/upload", files={"file": file}, data=asked)
    assert made.status_code == 202, made.text
    job = client.get(f"/jobs/{made.json()['job_id']}").json()
    assert (job["name"], job["target_languages"]) == ("talk", ["es"])


def test_the_result_is_of_the_kind_that_was_asked_for(
    client: httpx.Client, worker: Worker, talk: Path, uploaded: Callable[..., str]
) -> None:
    asked = {
        "upload_id": uploaded(talk),
        "source_language": "en",
        "target_languages": ["es"],
        "settings": {"engines": ENGINES, "container": ".flac"},
    }
    job = client.post("/jobs", json=asked).json()["id"]
    assert worker.once()
    assert client.get(f"/jobs/{job}/download").json()["filename"].endswith(".flac")
    refused = client.post("/jobs", json={**asked, "settings": {"engines": ENGINES, "container": ".exe"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "container_unknown")


def test_what_is_no_media_is_refused_with_a_code(client: httpx.Client) -> None:
    made = client.post("/upload", files={"file": ("a.mp4", b"hello")}, data={"target_language": "es"})
    problem = made.json()
    assert made.status_code == 422
    assert made.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"]) == ("not_media", 422)
    assert problem["trace_id"]
