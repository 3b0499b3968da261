"""Room is set aside when an upload begins and comes back when it goes; what nobody comes back for is swept (promise
U7, at the size of a test)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from dubline.service.access.local import ORGANISATION
from dubline.service.context import Context
from dubline.service.settings import ServiceSettings
from dubline.service.uploads import files
from dubline.service.uploads.sweeping import FORM_GRACE, sweep_expired
from dubline.storage.tables import Organisation, Upload
from tests.service.conftest import ENGINES
from tests.service.uploads.tus_client import create, offset, patch

CREATIONS = int(os.environ.get("DUBLINE_TEST_CREATIONS", "120"))
"""Nightly: 10000."""
MOST, STORE = CREATIONS // 2, 1_000_000
HOUR = 3600.0


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    plain = ServiceSettings(data=tmp_path / "data", workers=0)
    limits = {"max_unused_uploads": MOST, "max_storage_bytes": STORE, "max_upload_bytes": STORE}
    return plain.model_copy(update={"limits": plain.limits.model_copy(update=limits)})


def change(context: Context, upload: str, **values: object) -> None:
    with context.database.writing() as session:
        row = session.get_one(Upload, upload)
        for name, value in values.items():
            setattr(row, name, value)


def test_u7_at_the_quota_creations_are_refused_and_come_back_when_others_go(tus: httpx.Client) -> None:
    first = create(tus, 600_000)
    refused = tus.post("", headers={"Upload-Length": "400001"})
    assert (refused.status_code, refused.json()["code"]) == (413, "storage_quota_exceeded")
    create(tus, 400_000)
    assert tus.post("", headers={"Upload-Length": "1"}).status_code == 413
    assert tus.delete(f"/{first}").status_code == 204
    create(tus, 600_000)


def test_u7_a_hundred_at_once_cannot_take_more_than_there_is(tus: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda _: tus.post("", headers={"Upload-Length": "300000"}).status_code, range(20))
        )
    assert (made.count(201), made.count(413)) == (3, 17)


def test_u7_empty_creations_end_at_a_number_and_are_swept(tus: httpx.Client, context: Context) -> None:
    made = [tus.post("", headers={"Upload-Length": "1"}) for _ in range(CREATIONS)]
    assert [reply.status_code for reply in made] == [201] * MOST + [429] * (CREATIONS - MOST)
    assert made[-1].json()["code"] == "too_many_uploads"
    assert sweep_expired(context, time.time() + 23 * HOUR) == 0
    assert sweep_expired(context, time.time() + 25 * HOUR) == MOST
    assert not list(context.uploads.glob("*"))
    create(tus, STORE)


def test_u7_an_organisation_may_have_other_limits(tus: httpx.Client, context: Context) -> None:
    with context.database.writing() as session:
        limits = {"max_storage_bytes": 10, "max_upload_bytes": 8}
        session.get_one(Organisation, ORGANISATION).limits = limits
    assert tus.post("", headers={"Upload-Length": "9"}).json()["code"] == "upload_too_large"
    create(tus, 8)
    assert tus.post("", headers={"Upload-Length": "3"}).json()["code"] == "storage_quota_exceeded"


def test_u7_the_sweep_takes_what_is_past_its_time_and_nothing_else(
    tus: httpx.Client, context: Context, talk: Path
) -> None:
    half, done, used, young = (create(tus, size) for size in (10, 3, talk.stat().st_size, 10))
    for upload, data in ((half, b"abc"), (done, b"abc"), (used, talk.read_bytes()), (young, b"abc")):
        assert patch(tus, upload, 0, data).status_code == 204
    asked = {"upload_id": used, "target_languages": ["es"], "settings": {"engines": ENGINES}}
    assert httpx.post(tus.base_url.join("/api/v1/jobs"), json=asked).status_code == 201
    for upload in (half, done, used):
        change(context, upload, expires_at=time.time() - 1)
    assert sweep_expired(context, time.time()) == 2
    assert {path.name for path in context.uploads.glob("*")} == {used, young}
    assert offset(tus, young) == 3
    assert [tus.head(f"/{upload}").status_code for upload in (half, done)] == [404, 404]


def test_u7_what_is_being_written_is_never_swept(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 100_000)

    def slow() -> object:
        yield bytes(50_000)
        while not files.path_of(context, upload).exists():
            time.sleep(0.01)
        change(context, upload, expires_at=time.time() - 1)
        assert sweep_expired(context, time.time()) == 0
        yield bytes(50_000)

    sent = patch(tus, upload, 0, slow())  # type: ignore[arg-type]
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "100000")


def test_u7_a_form_whose_server_died_is_swept_before_its_time(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 10)
    patch(tus, upload, 0, b"abc")
    change(context, upload, resumable=False)
    assert sweep_expired(context, time.time() + FORM_GRACE / 2) == 0
    assert sweep_expired(context, time.time() + FORM_GRACE * 2) == 1


def test_u7_folders_without_a_row_go(tus: httpx.Client, context: Context) -> None:
    live = create(tus, 10)
    patch(tus, live, 0, b"abc")
    orphan = context.uploads / ("upl_" + "0" * 26)
    orphan.mkdir()
    (orphan / "content").write_bytes(b"abc")
    assert sweep_expired(context, time.time()) == 0
    assert [path.name for path in context.uploads.glob("*")] == [live]


def test_an_upload_in_use_is_not_deleted(
    tus: httpx.Client, context: Context, talk: Path, uploaded: Callable[..., str]
) -> None:
    upload = uploaded(talk)
    asked = {"upload_id": upload, "target_languages": ["es"], "settings": {"engines": ENGINES}}
    assert httpx.post(tus.base_url.join("/api/v1/jobs"), json=asked).status_code == 201
    refused = tus.delete(f"/{upload}")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_in_use")
    assert files.folder_of(context, upload).exists()
