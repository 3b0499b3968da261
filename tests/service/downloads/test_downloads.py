"""Downloads: what was made is what is fetched, by whoever has a good link and by nobody else."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from sqlalchemy import select, update

from dubline.service.access.roles import Role
from dubline.service.access.seals import seal, unseal
from dubline.service.downloads.links import PURPOSE
from dubline.storage.collect import collect
from dubline.storage.tables import Job, Key, Output
from tests.service.downloads.conftest import SECONDS, Gallery, colleague, probed


def _output(gallery: Gallery, kind: str) -> Output:
    with gallery.context.database.reading() as session:
        found = session.scalars(select(Output).where(Output.job_id == gallery.job, Output.kind == kind)).one()
        session.expunge(found)
        return found


def _bytes(gallery: Gallery, kind: str) -> bytes:
    return (gallery.context.settings.data / _output(gallery, kind).path).read_bytes()


def _token(gallery: Gallery, **wanted: object) -> str:
    made = gallery.client.get(f"/jobs/{gallery.job}/download", params=wanted).json()
    return str(made["download_url"]).rsplit("/", 1)[1]


def test_the_result_is_fetched_as_it_was_made_and_plays(gallery: Gallery, tmp_path: Path) -> None:
    made = gallery.client.get(f"/jobs/{gallery.job}/download").json()
    assert (made["filename"], made["media_type"]) == ("the film.es.mkv", "video/x-matroska")
    fetched = httpx.get(made["download_url"])
    assert fetched.content == _bytes(gallery, "result")
    assert len(fetched.content) == made["file_size"]
    assert fetched.headers["content-type"] == made["media_type"]
    assert fetched.headers["content-disposition"] == 'attachment; filename="the film.es.mkv"'
    assert fetched.headers["cache-control"].startswith("private")
    assert fetched.headers["x-content-type-options"] == "nosniff"
    played = probed(fetched.content, tmp_path)
    assert played["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert {"video", "audio"} <= set(played)


def test_everything_listed_can_be_fetched(gallery: Gallery) -> None:
    listed = gallery.client.get(f"/jobs/{gallery.job}/outputs").json()["outputs"]
    kinds = {(each["kind"], each["format"], each["text"]) for each in listed}
    assert len(kinds) == len(listed) == 15
    for each in listed:
        wanted = {name: each[name] for name in ("language", "kind", "format", "text") if each[name]}
        made = gallery.client.get(f"/jobs/{gallery.job}/download", params=wanted)
        assert made.status_code == 200, (each, made.text)
        assert made.json()["filename"] == each["filename"]
        assert made.json()["media_type"] == each["media_type"]
        assert each["size"] in (None, made.json()["file_size"])
        fetched = gallery.client.get(made.json()["download_url"])
        assert (fetched.status_code, len(fetched.content)) == (200, made.json()["file_size"])


def test_subtitles_come_in_every_form_and_in_both_languages(gallery: Gallery) -> None:
    for form, sign in (("srt", "-->"), ("vtt", "WEBVTT"), ("ass", "[Script Info]")):
        for text, kind in (("target", f"subtitles.{form}"), ("source", f"subtitles.source.{form}")):
            fetched = gallery.link("download", kind="subtitles", format=form, text=text)
            assert sign in fetched.text
            assert fetched.content == _bytes(gallery, kind)
    refused = gallery.client.get(f"/jobs/{gallery.job}/download?kind=subtitles&format=flac")
    assert (refused.status_code, refused.json()["code"]) == (422, "format_unknown")


def test_the_dubbed_sound_alone(gallery: Gallery, tmp_path: Path) -> None:
    for form, codec in (("m4a", "aac"), ("flac", "flac")):
        fetched = gallery.link("download", kind="audio", format=form)
        played = probed(fetched.content, tmp_path)
        assert "video" not in played
        assert played["audio"]["codec_name"] == codec
        assert played["duration"] == pytest.approx(SECONDS, abs=0.2)


def test_stems_add_up_to_what_the_dub_was_mixed_from(gallery: Gallery) -> None:
    archive = zipfile.ZipFile(io.BytesIO(gallery.link("download", kind="stems").content))
    assert archive.testzip() is None
    assert archive.namelist() == ["voice.flac", "background.flac"]
    voice, rate = soundfile.read(io.BytesIO(archive.read("voice.flac")))
    background, _ = soundfile.read(io.BytesIO(archive.read("background.flac")))
    assert voice.shape == background.shape == (round(SECONDS * rate), 2)
    assert np.abs(voice).max() > 0.01
    dub, _ = soundfile.read(io.BytesIO(gallery.link("download", kind="audio", format="flac").content))
    start, end = rate * 2, rate * 12
    alike = np.corrcoef((voice + background)[start:end, 0], dub[start:end, 0])[0, 1]
    assert alike > 0.9
    alone = gallery.link("download", kind="stems", format="voice")
    assert alone.content == archive.read("voice.flac")


def test_ranges_are_the_very_bytes_of_the_file(gallery: Gallery) -> None:
    whole, chance = _bytes(gallery, "result"), random.Random(5)
    url = gallery.client.get(f"/jobs/{gallery.job}/download").json()["download_url"]
    size = len(whole)
    cases = [(0, 0), (0, size - 1), (size - 1, size - 1), (size - 10, size + 1000)]
    cases += [tuple(sorted(chance.sample(range(size), 2))) for _ in range(30)]
    for first, last in cases:
        part = gallery.client.get(url, headers={"Range": f"bytes={first}-{last}"})
        assert part.status_code == 206
        assert part.content == whole[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{min(last, size - 1)}/{size}"
        assert part.headers["content-length"] == str(len(part.content))
    assert gallery.client.get(url, headers={"Range": "bytes=-100"}).content == whole[-100:]
    assert gallery.client.get(url, headers={"Range": "bytes=100-"}).content == whole[100:]
    for nonsense in ("bytes=", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=--5", "bytes=1", "bytes=-"):
        ignored = gallery.client.get(url, headers={"Range": nonsense})
        assert (ignored.status_code, len(ignored.content)) == (200, size), nonsense
    for beyond in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
        refused = gallery.client.get(url, headers={"Range": beyond})
        assert (refused.status_code, refused.json()["code"]) == (416, "range_unsatisfiable"), beyond
        assert refused.headers["content-range"] == f"bytes */{size}"


def test_several_ranges_come_in_one_reply_and_overlaps_once(gallery: Gallery) -> None:
    whole = _bytes(gallery, "result")
    url = gallery.client.get(f"/jobs/{gallery.job}/download").json()["download_url"]
    reply = gallery.client.get(url, headers={"Range": "bytes=0-9, 100-149,120-199"})
    assert reply.status_code == 206
    boundary = reply.headers["content-type"].partition("boundary=")[2].encode()
    parts = reply.content.split(b"\r\n--" + boundary)[1:]
    assert parts[-1] == b"--\r\n"
    found = [part.partition(b"\r\n\r\n")[2] for part in parts[:-1]]
    assert found == [whole[0:10], whole[100:200]]
    assert f"Content-Range: bytes 100-199/{len(whole)}".encode() in parts[1]
    assert reply.headers["content-length"] == str(len(reply.content))
    greedy = gallery.client.get(url, headers={"Range": "bytes=" + ",".join(["0-"] * 500)})
    assert (greedy.status_code, len(greedy.content)) == (200, len(whole))


def test_what_a_client_has_is_not_sent_again(gallery: Gallery) -> None:
    url = gallery.client.get(f"/jobs/{gallery.job}/download").json()["download_url"]
    head = gallery.client.head(url)
    etag, whole = head.headers["etag"], _bytes(gallery, "result")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole))
    assert head.headers["accept-ranges"] == "bytes"
    assert gallery.client.get(url, headers={"If-None-Match": f'"x", {etag}'}).status_code == 304
    assert gallery.client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200
    same = gallery.client.get(url, headers={"Range": "bytes=5-9", "If-Range": etag})
    other = gallery.client.get(url, headers={"Range": "bytes=5-9", "If-Range": '"other"'})
    assert (same.status_code, same.content) == (206, whole[5:10])
    assert (other.status_code, other.content) == (200, whole)


def test_links_that_are_forged_or_too_old_lead_nowhere(gallery: Gallery) -> None:
    token = _token(gallery)
    secret = gallery.context.settings.secret
    content = unseal(secret, PURPOSE, token)
    assert content is not None
    del content["until"]
    body, _, signature = token.partition(".")
    forged = [
        "x",
        "x.y",
        "é.ü",
        body,
        f"{body}.",
        f"{body}.{signature[:-2]}",
        f"{body[:-4]}AAAA.{signature}",
        seal(b"another secret", PURPOSE, content, 60.0),
        seal(secret, "session", content, 60.0),
        seal(secret, PURPOSE, content, -1.0),
    ]
    for each in forged:
        refused = gallery.client.get(f"/files/{each}")
        assert (refused.status_code, refused.json()["code"]) == (403, "link_invalid"), each
    good = seal(secret, PURPOSE, content, 60.0)
    assert gallery.client.get(f"/files/{good}").status_code == 200
    for elsewhere in ("secret", f"results/{gallery.job}/../../secret", "/etc/hostname"):
        strange = seal(secret, PURPOSE, {**content, "path": elsewhere}, 60.0)
        assert gallery.client.get(f"/files/{strange}").status_code == 410


def test_a_link_says_until_when_it_is_good(gallery: Gallery) -> None:
    from datetime import datetime

    made = gallery.client.get(f"/jobs/{gallery.job}/download").json()
    until = datetime.fromisoformat(made["expires_at"]).timestamp()
    assert until == pytest.approx(time.time() + 15 * 60, abs=30)


def test_a_link_dies_with_the_right_of_its_maker(gallery: Gallery) -> None:
    with colleague(gallery, Role.VIEWER) as viewer:
        made = viewer.get(f"/jobs/{gallery.job}/download").json()
        assert httpx.get(made["download_url"]).status_code == 200
        with gallery.context.database.writing() as session:
            session.execute(update(Key).values(revoked_at=time.time()).where(Key.name == "test"))
        try:
            refused = httpx.get(made["download_url"])
            assert (refused.status_code, refused.json()["code"]) == (403, "link_invalid")
        finally:
            with gallery.context.database.writing() as session:
                session.execute(update(Key).values(revoked_at=None))


def test_a_link_to_an_older_version_says_so(gallery: Gallery) -> None:
    token = _token(gallery, kind="script")
    digest = _output(gallery, "script").digest
    _set_digest(gallery, "script", "0" * 64)
    try:
        refused = gallery.client.get(f"/files/{token}")
        assert (refused.status_code, refused.json()["code"]) == (410, "link_outdated")
    finally:
        _set_digest(gallery, "script", digest)
    assert gallery.client.get(f"/files/{token}").status_code == 200


def _set_digest(gallery: Gallery, kind: str, digest: str) -> None:
    with gallery.context.database.writing() as session:
        session.execute(
            update(Output).where(Output.job_id == gallery.job, Output.kind == kind).values(digest=digest)
        )


PATHS = ("outputs", "download", "preview", "proxy", "picture", "peaks")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_anothers_is_not_there(gallery: Gallery, path: str) -> None:
    foreign = gallery.stranger.get(f"/jobs/{gallery.job}/{path}")
    missing = gallery.stranger.get(f"/jobs/job_none/{path}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["code"] == missing.json()["code"] == "job_not_found"


def test_a_language_the_job_does_not_have(gallery: Gallery) -> None:
    refused = gallery.client.get(f"/jobs/{gallery.job}/download?language=pt")
    assert (refused.status_code, refused.json()["code"]) == (404, "language_not_found")


def test_stems_of_long_ago_say_how_to_have_them_again(gallery: Gallery) -> None:
    """Among the last: it takes the artefacts away."""
    from dubline.storage.blobs import BlobStore
    from dubline.storage.ledger import Ledger

    assert {"stems"} <= _listed(gallery)
    for place in (gallery.context.results / gallery.job / "made").glob("es.stems-*/*"):
        place.unlink()
    ledger = Ledger(gallery.context.work / "ledger.sqlite")
    collect(BlobStore(gallery.context.work / "artefacts"), ledger, 0)
    ledger.close()
    refused = gallery.client.get(f"/jobs/{gallery.job}/download?kind=stems")
    assert (refused.status_code, refused.json()["code"]) == (410, "stems_gone")
    assert "Render this language" in refused.json()["hint"]
    assert not _listed(gallery) & {"stems"}


def test_a_file_somebody_cleared_away_is_neither_listed_nor_promised(gallery: Gallery) -> None:
    place = gallery.context.settings.data / _output(gallery, "report").path
    away = place.rename(place.with_name("away"))
    refused = gallery.client.get(f"/jobs/{gallery.job}/download?kind=report")
    assert (refused.status_code, refused.json()["code"]) == (410, "output_gone")
    assert "report" not in _listed(gallery)
    away.rename(place)
    assert "report" in _listed(gallery)


def _listed(gallery: Gallery) -> set[str]:
    return {each["kind"] for each in gallery.client.get(f"/jobs/{gallery.job}/outputs").json()["outputs"]}


def test_a_deleted_jobs_links_are_dead(gallery: Gallery) -> None:
    """Last: it deletes the job."""
    token = _token(gallery)
    assert gallery.client.delete(f"/jobs/{gallery.job}").status_code == 204
    dead = gallery.client.get(f"/files/{token}")
    assert (dead.status_code, dead.json()["code"]) == (404, "job_not_found")
    assert not (gallery.context.results / gallery.job).exists()
    with gallery.context.database.reading() as session:
        assert session.get(Job, gallery.job) is None
