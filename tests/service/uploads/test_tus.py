"""tus 1.0.0, one test for each MUST and SHOULD that a server has to meet (promise U1).

https://tus.io/protocols/resumable-upload, in the order of the text. Left out are the extensions that are not offered:
creation-defer-length, checksum-trailer and concatenation; they are not named in Tus-Extension.
"""

from __future__ import annotations

import base64
import hashlib
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from dubline.service.context import Context
from dubline.service.uploads import files, receiving
from dubline.storage.tables import Upload
from tests.service.uploads.tus_client import BYTES, TUS, content, create, encoded, offset, patch

UNKNOWN = "upl_" + "0" * 26


# Core: headers


def test_offset_and_length_are_whole_numbers(tus: httpx.Client) -> None:
    for wrong in ("-1", "1.5", "x", "", "1e3", "٣", "9" * 20):
        assert tus.post("", headers={"Upload-Length": wrong.encode()}).status_code == 400  # type: ignore[dict-item]
    upload = create(tus, 3)
    for wrong in ("-1", "x", ""):
        assert patch(tus, upload, 0, b"abc", **{"Upload-Offset": wrong}).status_code == 400
    assert offset(tus, upload) == 0


def test_every_reply_names_the_version(tus: httpx.Client) -> None:
    upload = create(tus, 3)
    replies = [
        tus.head(f"/{upload}"),
        patch(tus, upload, 0, b"abc"),
        patch(tus, upload, 9, b"abc"),
        tus.head(f"/{UNKNOWN}"),
        tus.put(f"/{upload}"),
        tus.post("", headers={"Upload-Length": "x"}),
        tus.delete(f"/{upload}"),
    ]
    assert [reply.status_code for reply in replies] == [200, 204, 409, 404, 405, 400, 204]
    assert all(reply.headers["tus-resumable"] == "1.0.0" for reply in replies)


def test_another_version_is_refused_and_not_processed(tus: httpx.Client) -> None:
    upload = create(tus, 3)
    for other in ("0.2.2", "2.0.0", "1.0", ""):
        wrong = {"Tus-Resumable": other}
        replies = [
            tus.post("", headers={"Upload-Length": "3", **wrong}),
            tus.head(f"/{upload}", headers=wrong),
            patch(tus, upload, 0, b"abc", **wrong),
            tus.delete(f"/{upload}", headers=wrong),
        ]
        assert [reply.status_code for reply in replies] == [412] * 4
        assert all(reply.headers["tus-version"] == "1.0.0" for reply in replies)
    assert offset(tus, upload) == 0


def test_the_version_is_needed(tus: httpx.Client) -> None:
    del tus.headers["Tus-Resumable"]
    made = tus.post("", headers={"Upload-Length": "3"})
    assert (made.status_code, made.json()["code"]) == (412, "tus_version")


def test_a_client_that_can_only_post_names_its_method_in_a_header(
    tus: httpx.Client, context: Context
) -> None:
    upload = create(tus, 3)
    sent = tus.post(
        f"/{upload}",
        content=b"abc",
        headers={**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "3")
    assert content(context, upload) == b"abc"
    asked = tus.get(f"/{upload}", headers={"X-HTTP-Method-Override": "HEAD"})
    assert (asked.status_code, asked.headers["upload-offset"]) == (200, "3")
    assert tus.post(f"/{upload}", headers={"X-HTTP-Method-Override": "delete"}).status_code == 204
    assert tus.head(f"/{upload}").status_code == 404


# Core: requests


def test_head_tells_offset_and_length_and_is_not_cached(tus: httpx.Client) -> None:
    upload = create(tus, 5)
    for expected, more in ((0, b"abc"), (3, b"de"), (5, b"")):
        asked = tus.head(f"/{upload}")
        assert asked.status_code == 200
        assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == (str(expected), "5")
        assert asked.headers["cache-control"] == "no-store"
        patch(tus, upload, expected, more)


def test_head_of_what_is_not_there_tells_no_offset(tus: httpx.Client) -> None:
    asked = tus.head(f"/{UNKNOWN}")
    assert asked.status_code == 404
    assert "upload-offset" not in asked.headers


def test_patch_adds_bytes_at_the_offset(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 10)
    first = patch(tus, upload, 0, b"01234")
    assert (first.status_code, first.headers["upload-offset"], first.content) == (204, "5", b"")
    second = patch(tus, upload, 5, b"56789")
    assert (second.status_code, second.headers["upload-offset"]) == (204, "10")
    assert content(context, upload) == b"0123456789"


def test_patch_takes_only_its_own_kind_of_content(tus: httpx.Client) -> None:
    upload = create(tus, 3)
    for wrong in ("application/octet-stream", "video/mp4", ""):
        sent = patch(tus, upload, 0, b"abc", **{"Content-Type": wrong})
        assert (sent.status_code, sent.json()["code"]) == (415, "content_type_wrong")
    assert offset(tus, upload) == 0


def test_patch_elsewhere_than_at_the_offset_changes_nothing(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 9)
    patch(tus, upload, 0, b"abc")
    for wrong in (0, 2, 4, 9, 100):
        sent = patch(tus, upload, wrong, b"xyz")
        assert (sent.status_code, sent.json()["code"]) == (409, "offset_conflict")
    assert offset(tus, upload) == 3
    assert content(context, upload) == b"abc"


def test_patch_needs_an_offset(tus: httpx.Client) -> None:
    sent = tus.patch(f"/{create(tus, 3)}", content=b"abc", headers=BYTES)
    assert (sent.status_code, sent.json()["code"]) == (400, "header_missing")


def test_patch_of_what_is_not_there(tus: httpx.Client) -> None:
    assert patch(tus, UNKNOWN, 0, b"abc").status_code == 404


def test_what_came_before_a_line_broke_is_kept(
    tus: httpx.Client, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "NOTE_SECONDS", 0.0)
    upload = create(tus, 1_000_000)
    whole = bytes(range(250)) * 4000

    def breaking() -> object:
        yield whole[:300_000]
        while not httpx.get(tus.base_url.join(f"/api/v1/uploads/{upload}")).json()["offset"]:
            time.sleep(0.01)
        raise httpx.WriteError("the line breaks")

    with pytest.raises(httpx.WriteError):
        tus.patch(f"/{upload}", content=breaking(), headers={**BYTES, "Upload-Offset": "0"})  # type: ignore[arg-type]
    kept = offset(tus, upload)
    assert 0 < kept <= 300_000
    assert patch(tus, upload, kept, whole[kept:]).status_code == 204
    assert content(context, upload) == whole


def test_more_bytes_than_announced_are_refused(tus: httpx.Client) -> None:
    upload = create(tus, 5)
    assert patch(tus, upload, 0, b"abcdefgh").status_code == 413
    assert offset(tus, upload) == 0
    chunked = tus.patch(
        f"/{upload}", content=iter([b"abc", b"defgh"]), headers={**BYTES, "Upload-Offset": "0"}
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "upload_too_long")
    assert tus.get(f"/{upload}").json()["complete"] is False


def test_options_tells_what_the_server_can_do(server: str, context: Context) -> None:
    for version in ({}, {"Tus-Resumable": "0.0.1"}):
        asked = httpx.options(f"{server}/api/v1/uploads", headers=version)
        assert asked.status_code == 204
        assert asked.headers["tus-version"] == "1.0.0"
        assert set(asked.headers["tus-extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "checksum",
            "termination",
            "expiration",
        }
        assert asked.headers["tus-max-size"] == str(context.settings.limits.max_upload_bytes)
        assert asked.headers["tus-checksum-algorithm"] == "sha1,sha256"
        assert "tus-resumable" not in asked.headers


# Creation


def test_creation_tells_where_the_upload_is(tus: httpx.Client) -> None:
    made = tus.post("", headers={"Upload-Length": "100"})
    assert made.status_code == 201
    place = tus.base_url.join(made.headers["location"])
    assert place.path.startswith("/api/v1/uploads/upl_")
    assert httpx.head(place, headers=TUS).headers["upload-length"] == "100"


def test_creation_needs_a_length(tus: httpx.Client) -> None:
    assert tus.post("").json()["code"] == "header_missing"


def test_a_length_that_is_told_later_is_not_taken(tus: httpx.Client) -> None:
    """creation-defer-length is not among the extensions."""
    assert tus.post("", headers={"Upload-Defer-Length": "1"}).status_code == 400


def test_an_empty_file_is_complete_at_once(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 0)
    assert offset(tus, upload) == 0
    assert tus.get(f"/{upload}").json()["complete"] is True
    assert content(context, upload) == b""


def test_more_than_the_most_is_refused(tus: httpx.Client, context: Context) -> None:
    most = context.settings.limits.max_upload_bytes
    made = tus.post("", headers={"Upload-Length": str(most + 1)})
    assert (made.status_code, made.json()["code"]) == (413, "upload_too_large")


def test_metadata_comes_back_as_it_was_sent(tus: httpx.Client) -> None:
    sent = f"filename {encoded('Füße.mp4')},filetype {encoded('video/mp4')},is_confidential"
    asked = tus.head(f"/{create(tus, 3, **{'Upload-Metadata': sent})}")
    assert asked.headers["upload-metadata"] == sent
    assert "upload-metadata" not in tus.head(f"/{create(tus, 3)}").headers


def test_metadata_names_the_file(tus: httpx.Client) -> None:
    upload = create(tus, 3, **{"Upload-Metadata": f"filename {encoded('Füße.mp4')}"})
    assert tus.get(f"/{upload}").json()["filename"] == "Füße.mp4"


@pytest.mark.parametrize(
    "wrong",
    [
        "filename a.mp4",
        "filename YQ==,filename Yg==",
        "filename YQ==,,x",
        "",
        "filename YQ== Yg==",
        "filename YQ",
        "filename _-8=",
        "filename gICA",
        "x" * 10_000,
    ],
)
def test_metadata_is_read_strictly(tus: httpx.Client, wrong: str) -> None:
    made = tus.post("", headers={"Upload-Length": "3", "Upload-Metadata": wrong})
    assert (made.status_code, made.json()["code"]) == (400, "metadata_invalid")


# Creation with upload


def test_the_first_bytes_may_come_with_the_creation(tus: httpx.Client, context: Context) -> None:
    made = tus.post("", content=b"abc", headers={**BYTES, "Upload-Length": "5"})
    assert (made.status_code, made.headers["upload-offset"]) == (201, "3")
    upload = made.headers["location"].rsplit("/", 1)[-1]
    assert patch(tus, upload, 3, b"de").headers["upload-offset"] == "5"
    assert content(context, upload) == b"abcde"


def test_all_bytes_may_come_with_the_creation(tus: httpx.Client) -> None:
    made = tus.post("", content=b"abcde", headers={**BYTES, "Upload-Length": "5"})
    assert (made.status_code, made.headers["upload-offset"]) == (201, "5")
    view = tus.get("/" + made.headers["location"].rsplit("/", 1)[-1]).json()
    assert (view["complete"], view["digest"]) == (True, hashlib.sha256(b"abcde").hexdigest())


def test_first_bytes_of_another_kind_are_no_part_of_the_file(tus: httpx.Client) -> None:
    made = tus.post("", content=b"abc", headers={"Upload-Length": "5", "Content-Type": "text/plain"})
    assert (made.status_code, made.headers["upload-offset"]) == (201, "0")


def test_a_creation_whose_bytes_are_refused_leaves_nothing(tus: httpx.Client, context: Context) -> None:
    for size, status, checksum in ((3, 413, None), (9, 460, "sha1 " + encoded("x" * 20))):
        headers = {**BYTES, "Upload-Length": str(size), **({"Upload-Checksum": checksum} if checksum else {})}
        assert tus.post("", content=b"abcde", headers=headers).status_code == status
    assert not list(context.uploads.glob("*"))


# Expiration


def test_every_reply_tells_until_when_the_upload_is_kept(tus: httpx.Client, context: Context) -> None:
    made = tus.post("", headers={"Upload-Length": "5"})
    upload = made.headers["location"].rsplit("/", 1)[-1]
    for reply in (made, patch(tus, upload, 0, b"abc"), patch(tus, upload, 3, b"de"), tus.head(f"/{upload}")):
        told = reply.headers["upload-expires"]
        assert told.endswith(" GMT")
        left = parsedate_to_datetime(told).timestamp() - time.time()
        assert left == pytest.approx(context.settings.upload_hours * 3600, abs=60)


def test_an_expired_upload_is_gone(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 5)
    patch(tus, upload, 0, b"abc")
    with context.database.writing() as session:
        session.get_one(Upload, upload).expires_at = time.time() - 1
    for reply in (tus.head(f"/{upload}"), patch(tus, upload, 3, b"de")):
        assert reply.status_code == 410
        assert "upload-offset" not in reply.headers


# Checksum


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_that_are_what_was_sent_are_kept(tus: httpx.Client, context: Context, algorithm: str) -> None:
    upload = create(tus, 6)
    for start, data in ((0, b"abc"), (3, b"def")):
        digest = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
        sent = patch(tus, upload, start, data, **{"Upload-Checksum": f"{algorithm} {digest}"})
        assert (sent.status_code, sent.headers["upload-offset"]) == (204, str(start + 3))
    assert content(context, upload) == b"abcdef"
    assert tus.get(f"/{upload}").json()["digest"] == hashlib.sha256(b"abcdef").hexdigest()


def test_bytes_that_are_not_what_was_sent_are_thrown_away(tus: httpx.Client, context: Context) -> None:
    upload, whole = create(tus, 3_000_000), b"ab" * 1_500_000
    assert patch(tus, upload, 0, whole[:10]).status_code == 204
    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
    sent = patch(tus, upload, 10, whole[10:], **{"Upload-Checksum": f"sha1 {wrong}"})
    assert (sent.status_code, sent.json()["code"]) == (460, "checksum_mismatch")
    assert offset(tus, upload) == 10
    assert content(context, upload) == whole[:10]
    assert patch(tus, upload, 10, whole[10:]).status_code == 204
    assert tus.get(f"/{upload}").json()["digest"] == hashlib.sha256(whole).hexdigest()


def test_an_unknown_checksum_is_refused(tus: httpx.Client) -> None:
    upload = create(tus, 3)
    for wrong in ("md5 kAFQmDzST7DWlj99KOF/cg==", "sha1", "sha1 !!", "sha1 YWJj", "", "crc32 AAAA"):
        assert patch(tus, upload, 0, b"abc", **{"Upload-Checksum": wrong}).status_code == 400
    assert offset(tus, upload) == 0


# Termination


def test_a_terminated_upload_is_gone_with_its_file(tus: httpx.Client, context: Context) -> None:
    upload = create(tus, 5)
    patch(tus, upload, 0, b"abc")
    assert tus.delete(f"/{upload}").status_code == 204
    assert not files.folder_of(context, upload).exists()
    assert tus.head(f"/{upload}").status_code == 404
    assert patch(tus, upload, 3, b"de").status_code == 404
    assert tus.delete(f"/{upload}").status_code == 404


# Not tus


def test_anybody_can_look_at_an_upload(tus: httpx.Client, talk: Path) -> None:
    upload = create(tus, talk.stat().st_size, **{"Upload-Metadata": f"filename {encoded('talk.wav')}"})
    view = httpx.get(tus.base_url.join(f"/api/v1/uploads/{upload}")).json()
    assert (view["filename"], view["size"], view["offset"], view["complete"], view["digest"]) == (
        "talk.wav",
        talk.stat().st_size,
        0,
        False,
        None,
    )
    patch(tus, upload, 0, talk.read_bytes())
    view = tus.get(f"/{upload}").json()
    assert (view["offset"], view["complete"]) == (talk.stat().st_size, True)
    assert view["digest"] == hashlib.sha256(talk.read_bytes()).hexdigest()


def test_requests_are_counted_under_their_route(tus: httpx.Client) -> None:
    tus.head(f"/{create(tus, 3)}")
    counted = httpx.get(tus.base_url.join("/metrics")).text
    assert '/uploads/{upload_id}"' in counted
