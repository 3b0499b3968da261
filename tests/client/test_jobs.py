"""From a file to a dub, and what a client does when the line or the server gets in its way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dubline.client import (
    Client,
    ConnectionLost,
    JobFailed,
    NotAllowed,
    NotFound,
    Refused,
    TookTooLong,
    TooMany,
)
from dubline.service.settings import Limits
from tests.client.line import BreakingLine, Fate
from tests.service.conftest import ENGINES

BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"


def test_a_file_becomes_a_dub(
    client: Client, talk: Path, at_work: Callable[[], None], tmp_path: Path
) -> None:
    told: list[float] = []
    job = client.submit(
        talk, to=["es"], source_language="en", settings={"engines": ENGINES}, metadata={"a": "b"}
    )
    assert (job.status, job.metadata, job.target_languages) == ("uploaded", {"a": "b"}, ("es",))
    at_work()
    done = client.wait(job.id, timeout=120, progress=lambda event: told.append(event.progress))
    assert (done.status, done.ended, told[0], told[-1]) == ("completed", True, 0.0, 1.0)
    status = client.status(job.id)
    assert {stage.status for stage in status.stages} == {"completed"}
    film = client.download(job.id, tmp_path)
    assert film.name == "talk.es.wav" and film.read_bytes()[:4] == b"RIFF"
    client.delete(job.id)
    with pytest.raises(NotFound) as gone:
        client.job(job.id)
    assert (gone.value.status, gone.value.code, gone.value.title) == (404, "job_not_found", "Not Found")


def test_a_lost_reply_makes_no_second_job(
    client: Client, line: BreakingLine, talk: Path, uploaded: Callable[..., str]
) -> None:
    upload = uploaded(talk)
    line.fates.extend([Fate(down=0), Fate(down=10), Fate(answer=BUSY)])
    job = client.submit(upload_id=upload, to="es", source_language="en", settings={"engines": ENGINES})
    assert [each.id for each in client.jobs()] == [job.id]
    assert not line.fates


def test_what_may_be_done_already_is_not_done_again(
    client: Client, line: BreakingLine, accepted: Callable[..., str]
) -> None:
    job = accepted()
    line.fates.append(Fate(down=0))
    with pytest.raises(ConnectionLost) as lost:
        client.cancel(job)
    assert lost.value.sent
    assert client.job(job).status == "cancelled"


def test_cancel_and_retry(client: Client, accepted: Callable[..., str]) -> None:
    job = accepted()
    assert client.cancel(job).status == "cancelled"
    with pytest.raises(Refused) as refused:
        client.cancel(job)
    assert (refused.value.status, refused.value.code) == (409, "job_ended")
    with pytest.raises(JobFailed) as failed:
        client.wait(job)
    assert failed.value.job.status == "cancelled"
    assert client.retry(job).status == "uploaded"
    with pytest.raises(TookTooLong):
        client.wait(job, timeout=0.3)


def test_a_list_over_several_pages(client: Client, accepted: Callable[..., str]) -> None:
    made = [accepted() for _ in range(203)]
    assert [each.id for each in client.jobs(order="oldest")] == made
    client.cancel(made[0])
    assert [each.id for each in client.jobs(status=["cancelled", "failed"])] == [made[0]]


def test_a_batch(client: Client, talk: Path, uploaded: Callable[..., str]) -> None:
    jobs = [{"upload_id": uploaded(talk)}, {"upload_id": "upl_nowhere"}]
    defaults = {"target_languages": ["es"], "source_language": "en", "settings": {"engines": ENGINES}}
    with pytest.raises(Refused) as refused:
        client.submit_batch(jobs, defaults=defaults)
    assert refused.value.errors
    made = client.submit_batch(jobs, defaults=defaults, partial=True)
    assert (made.accepted, made.refused) == (1, 1)
    assert made.jobs[1].problem and made.jobs[1].problem["code"] == "upload_not_found"
    assert [each.id for each in client.jobs(batch_id=made.batch_id)] == [made.jobs[0].job_id]


def test_one_source_and_no_other(client: Client) -> None:
    with pytest.raises(TypeError):
        client.submit("talk.wav", to="es", url="https://example.org/talk.mp4")


def test_a_wrong_key(line: BreakingLine) -> None:
    with Client(line.url, "dbl_wrong") as client, pytest.raises(NotAllowed) as refused:
        client.call("GET", "me")
    error = refused.value
    assert (error.status, error.code) == (401, "key_invalid")
    assert error.hint.startswith("Send it as") and error.trace_id and "key_invalid" in str(error)


def test_a_field_nobody_knows(client: Client) -> None:
    with pytest.raises(Refused) as refused:
        client.submit(upload_id="upl_1", to="es", colour="red")
    assert refused.value.errors[0]["field"] == "body.colour"


class TestLimits:
    @pytest.fixture
    def settings(self, settings):  # type: ignore[no-untyped-def]
        limits = Limits(requests_per_minute_of_key=60, max_queued_jobs=1)
        return settings.model_copy(update={"limits": limits})

    def test_who_asks_too_fast_waits_as_told(self, line: BreakingLine, person: Callable[..., object]) -> None:
        key = person().secret  # type: ignore[attr-defined]
        with Client(line.url, key) as client:
            assert [client.call("GET", "me")["user"]["role"] for _ in range(62)] == ["admin"] * 62

    def test_nobody_waits_longer_than_their_patience(
        self, line: BreakingLine, accepted: Callable[..., str], talk: Path, uploaded: Callable[..., str]
    ) -> None:
        accepted()
        upload = uploaded(talk)
        with Client(line.url, patience=5) as client, pytest.raises(TooMany) as refused:
            client.submit(upload_id=upload, to="es", settings={"engines": ENGINES})
        assert (refused.value.code, refused.value.retry_after) == ("queue_full", 60.0)
