"""Jobs over gRPC: the same jobs as over HTTP, asked for, looked at, watched and cancelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from dubline.service.access.principal import Principal
from dubline.service.access.roles import Role
from dubline.service.jobs.schemas import JobRequest, JobView
from dubline.service.jobs.targets import TargetView
from dubline.v1 import jobs_pb2 as v1
from dubline.v1.jobs_pb2_grpc import JobsStub
from dubline.worker.loop import Worker
from tests.service.conftest import ENGINES, Person
from tests.service.rpc.clients import bearer, refused

People = Callable[..., Person]
Uploaded = Callable[..., str]


def _asked(upload: str, **more: object) -> v1.SubmitRequest:
    asked = v1.SubmitRequest(
        upload_id=upload,
        source_language="en",
        target_languages=["es"],
        **more,  # type: ignore[arg-type]
    )
    asked.settings.update({"engines": ENGINES})
    return asked


@pytest.fixture
def owner(person: People) -> Person:
    return person(Role.EDITOR)


@pytest.fixture
def upload(owner: Person, uploaded: Uploaded, talk: Path) -> str:
    return uploaded(talk, Principal(owner.organisation, owner.user, Role.EDITOR))


def test_a_job_is_submitted_watched_and_done(
    jobs: JobsStub, owner: Person, upload: str, worker: Worker
) -> None:
    key = bearer(owner)
    made = jobs.Submit(_asked(upload, name="a talk", metadata={"team": "a"}), metadata=key, timeout=30)
    assert (made.job.status, made.job.name, dict(made.job.metadata)) == ("uploaded", "a talk", {"team": "a"})
    assert not made.HasField("webhook")
    watching = jobs.Watch(v1.WatchRequest(job_id=made.job.id), metadata=key, timeout=60)
    assert next(watching).kind == "job.created"
    assert worker.once()
    told = list(watching)
    assert [each.id for each in told] == list(range(2, len(told) + 2))
    assert told[-1].kind == "job.completed"
    assert told[-1].data["progress"] == 1.0
    found = jobs.Get(v1.GetRequest(job_id=made.job.id), metadata=key, timeout=30)
    assert (found.status, found.progress) == ("completed", 1.0)
    assert [(each.language, each.state) for each in found.targets] == [("es", "current")]


def test_both_doors_tell_the_same(jobs: JobsStub, owner: Person, upload: str) -> None:
    made = jobs.Submit(_asked(upload), metadata=bearer(owner), timeout=30)
    over_http = owner.client.get(f"/jobs/{made.job.id}").json()
    over_grpc = MessageToDict(
        jobs.Get(v1.GetRequest(job_id=made.job.id), metadata=bearer(owner), timeout=30),
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    assert _said(over_http) == over_grpc
    listed = jobs.List(v1.ListRequest(status=["uploaded"]), metadata=bearer(owner), timeout=30)
    assert [each.id for each in listed.jobs] == [made.job.id]


def _said(document: object) -> object:
    """Without what JSON calls null: messages leave it out."""
    if isinstance(document, dict):
        return {name: _said(value) for name, value in document.items() if value is not None}
    return [_said(each) for each in document] if isinstance(document, list) else document


@pytest.mark.parametrize(
    ("message", "model", "more"),
    [
        (v1.Job, JobView, set()),
        (v1.Target, TargetView, set()),
        (v1.SubmitRequest, JobRequest, {"idempotency_key"}),
    ],
)
def test_messages_have_the_fields_of_their_models(
    message: type[v1.Job], model: type[JobView], more: set[str]
) -> None:
    """A field that is new over HTTP must not be forgotten here."""
    assert {field.name for field in message.DESCRIPTOR.fields} == model.model_fields.keys() | more


def test_a_job_is_cancelled_once(jobs: JobsStub, owner: Person, upload: str) -> None:
    key = bearer(owner)
    job = jobs.Submit(_asked(upload), metadata=key, timeout=30).job.id
    assert jobs.Cancel(v1.CancelRequest(job_id=job), metadata=key, timeout=30).status == "cancelled"
    again = refused(lambda: jobs.Cancel(v1.CancelRequest(job_id=job), metadata=key, timeout=30))
    assert (again.status, again.code) == (grpc.StatusCode.FAILED_PRECONDITION, "job_ended")
    assert owner.client.get(f"/jobs/{job}").json()["status"] == "cancelled"
