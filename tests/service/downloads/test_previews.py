"""What people look at while they work: made once, real, and bounded."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from dubline.media import sandbox
from dubline.service.previews import making, peaks, service
from tests.service.downloads.conftest import SECONDS, Gallery, probed
from tests.stubbed import LINES


@pytest.mark.parametrize("track", ["dub", "original"])
def test_a_clip_plays_as_long_as_was_asked_for(gallery: Gallery, tmp_path: Path, track: str) -> None:
    fetched = gallery.link("preview", start_time=3, duration=5, track=track)
    assert fetched.headers["content-type"] == "video/mp4"
    assert fetched.headers["content-disposition"].startswith("inline")
    played = probed(fetched.content, tmp_path)
    assert played["duration"] == pytest.approx(5.0, abs=0.1)
    assert (played["video"]["codec_name"], played["audio"]["codec_name"]) == ("h264", "aac")


def test_a_clip_at_the_end_is_as_long_as_what_is_left(gallery: Gallery, tmp_path: Path) -> None:
    fetched = gallery.link("preview", start_time=12, duration=60)
    assert probed(fetched.content, tmp_path)["duration"] == pytest.approx(SECONDS - 12, abs=0.15)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"start_time": -1}, "request_invalid"),
        ({"start_time": "nan"}, "request_invalid"),
        ({"start_time": 1e9}, "request_invalid"),
        ({"duration": 0}, "request_invalid"),
        ({"duration": 61}, "request_invalid"),
        ({"start_time": 14.2}, "start_beyond_end"),
        ({"track": "both"}, "request_invalid"),
    ],
)
def test_clips_out_of_bounds_are_refused(gallery: Gallery, wanted: dict[str, object], code: str) -> None:
    refused = gallery.client.get(f"/jobs/{gallery.job}/preview", params=wanted)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which programs the sandbox really started meanwhile."""
    started: list[str] = []
    run = sandbox.run

    def counted(program: sandbox.Program, *arguments: object, **options: object) -> sandbox.Finished:
        started.append(program)
        return run(program, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "run", counted)
    return started


def test_the_same_clip_asked_for_at_once_is_made_once(gallery: Gallery, runs: list[str]) -> None:
    wanted = {"start_time": 1.5, "duration": 2.5}
    gate = threading.Barrier(12)

    def ask(_: int) -> bytes:
        gate.wait()
        return gallery.link("preview", **wanted).content

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(ask, range(12)))
    assert len(set(answers)) == 1
    assert runs.count("ffmpeg") == 1
    assert gallery.link("preview", **wanted).content == answers[0]
    assert runs.count("ffmpeg") == 1


def test_only_so_many_clips_are_kept(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_CLIPS", 3)
    for start in range(5):
        gallery.link("preview", start_time=start + 0.7, duration=0.4)
    kept = list((gallery.context.results / gallery.job / "made").glob("*/*.clip-*.mp4"))
    assert len(kept) <= 3


def test_what_takes_long_is_asked_for_again(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PATIENCE", 0.0)
    wanted = {"start_time": 2.2, "duration": 3.3}
    first = gallery.client.get(f"/jobs/{gallery.job}/preview", params=wanted)
    assert (first.status_code, first.json()) == (202, {"status": "preparing"})
    assert first.headers["retry-after"] == "3"
    monkeypatch.setattr(making, "PATIENCE", 30.0)
    assert gallery.link("preview", **wanted).status_code == 200


def test_too_many_at_once_are_refused(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_WAITING", 0)
    refused = gallery.client.get(f"/jobs/{gallery.job}/preview?start_time=9.9")
    assert (refused.status_code, refused.json()["code"]) == (503, "too_busy")
    assert refused.headers["retry-after"]


def test_the_proxy_is_the_whole_film_in_small_pieces(gallery: Gallery, tmp_path: Path) -> None:
    fetched = gallery.link("proxy")
    played = probed(fetched.content, tmp_path)
    assert played["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert (played["video"]["codec_name"], played["audio"]["codec_name"]) == ("h264", "aac")
    assert int(played["video"]["height"]) <= 360
    assert b"moof" in fetched.content
    assert fetched.content.index(b"moov") < 4096
    url = gallery.client.get(f"/jobs/{gallery.job}/proxy").json()["download_url"]
    part = gallery.client.get(url, headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, fetched.content[100:300])


def test_the_picture_is_a_jpeg(gallery: Gallery, tmp_path: Path) -> None:
    fetched = gallery.client.get(f"/jobs/{gallery.job}/picture")
    assert fetched.headers["content-type"] == "image/jpeg"
    assert fetched.content.startswith(b"\xff\xd8\xff")
    again = gallery.client.get(
        f"/jobs/{gallery.job}/picture", headers={"If-None-Match": fetched.headers["etag"]}
    )
    assert again.status_code == 304


def _pairs(content: bytes) -> tuple[tuple[int, ...], NDArray[np.int8]]:
    head = struct.unpack("<iIiiIi", content[:24])
    return head, np.frombuffer(content[24:], np.int8).reshape(-1, 2)


def _speaks(pairs: NDArray[np.int8], per_second: int) -> NDArray[np.bool_]:
    """Whether each tenth of a second is loud."""
    loud = np.abs(pairs.astype(int)).max(axis=1)
    step = per_second // 10
    return loud[: len(loud) // step * step].reshape(-1, step).max(axis=1) > 10


def test_peaks_show_where_somebody_speaks(gallery: Gallery) -> None:
    drawn = gallery.client.get(f"/jobs/{gallery.job}/peaks?track=original")
    head, pairs = _pairs(drawn.content)
    assert head == (2, 1, 16_000, 200, len(pairs), 1)
    assert len(pairs) == pytest.approx(SECONDS * 80, abs=3)
    expected = np.zeros(len(pairs) // 8, bool)
    start = 0.0
    for length, pause, _ in LINES:
        expected[round(start * 10) : round((start + length) * 10)] = True
        start += length + pause
    assert np.mean(_speaks(pairs, 80) == expected) > 0.97
    assert np.abs(pairs.astype(int)).max() == pytest.approx(0.3 * 128, abs=2)


def test_zooms_and_forms_tell_the_same(gallery: Gallery) -> None:
    url = f"/jobs/{gallery.job}/peaks"
    _, finest = _pairs(gallery.client.get(url).content)
    for zoom in (80, 20, 5, 1):
        head, pairs = _pairs(gallery.client.get(url, params={"zoom": zoom}).content)
        document = gallery.client.get(url, params={"zoom": zoom, "format": "json"}).json()
        assert head[3] == document["samples_per_pixel"] == 16_000 // zoom
        assert document["data"] == pairs.reshape(-1).tolist()
        assert pairs[:, 0].min() == finest[:, 0].min()
        assert pairs[:, 1].max() == finest[:, 1].max()
    refused = gallery.client.get(url, params={"zoom": 7})
    assert (refused.status_code, refused.json()["code"]) == (422, "zoom_unknown")


def test_three_hours_stay_under_two_megabytes() -> None:
    pairs = np.full((3 * 3600 * 80, 2), -128, np.int8)
    assert peaks.fitting(pairs, "dat")[0] == 80
    assert len(peaks.encoded(pairs, 80)) <= 2_000_000
    import json

    zoom = peaks.fitting(pairs, "json")[0]
    assert (
        len(json.dumps(peaks.document(peaks.coarser(pairs, zoom), zoom), separators=(",", ":"))) <= 2_000_000
    )


def test_a_job_without_a_result_says_so(client: httpx.Client, accepted: Callable[..., str]) -> None:
    job = accepted()
    for path in ("download", "preview", "proxy", "peaks"):
        refused = client.get(f"/jobs/{job}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "output_not_ready"), path
    assert client.get(f"/jobs/{job}/outputs").json() == {"outputs": []}
    gone = client.get(f"/jobs/{job}/picture")
    assert (gone.status_code, gone.json()["code"]) == (404, "source_not_found")


def test_a_job_that_came_to_nothing_says_so(client: httpx.Client, accepted: Callable[..., str]) -> None:
    job = accepted()
    assert client.post(f"/jobs/{job}/cancel").is_success
    refused = client.get(f"/jobs/{job}/download").json()
    assert (refused["status"], refused["code"]) == (404, "output_not_found")
    assert "cancelled" in refused["detail"] and "/retry" in refused["hint"]
