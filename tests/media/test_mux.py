"""The result: dub first, picture untouched, everything else kept, the same bytes every time."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dubline.domain.errors import Cancelled, UserError
from dubline.domain.media import MediaFacts, VideoTrack
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.media.containers import CONTAINERS, container_for, result_suffix
from dubline.media.mux import mux
from dubline.media.order import MuxOrder, SubtitleFile
from dubline.media.picture import thumbnail
from dubline.media.probe import pick_audio, probe
from tests.media.conftest import CODECS, FILMS, SOUNDS, Make, ffmpeg, stream_hash, streams

FRAME = 0.04
DUB_PITCH = 3000
ONE_FORM = (".mkv", ".mp4", ".webm", ".avi")


def dub_for(facts: MediaFacts, folder: Path, span: Span | None = None) -> Path:
    """A tone of its own pitch, as long as the programme."""
    length = (span.length if span else facts.duration) / TICKS_PER_SECOND
    path = folder / f"dub{length}.flac"
    ffmpeg("-f", "lavfi", "-i", f"sine={DUB_PITCH}:r=48000:d={length:.6f},volume=4", "-ac", "2", path)
    return path


def order_for(path: Path, folder: Path, trim: Span | None = None) -> MuxOrder:
    facts = probe(path)
    dub = dub_for(facts, folder, trim)
    return MuxOrder(path, facts, dub, pick_audio(facts), "es", "en", trim=trim)


def pitch(path: Path, track: int) -> int:
    """The loudest frequency of a sound track, in Hz."""
    raw = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-map",
            f"0:a:{track}",
            "-ac",
            "1",
            "-ar",
            "16000",
            "-f",
            "f32le",
            "-",
        ],
        capture_output=True,
        check=True,
    ).stdout
    samples = np.frombuffer(raw, dtype=np.float32)
    return round(float(np.argmax(np.abs(np.fft.rfft(samples)))) * 16000 / len(samples) / 10) * 10


def is_made_alike(order: MuxOrder, out: Path) -> bool:
    """Whether a second run gives the same bytes."""
    again = out.with_stem("again")
    mux(order, again)
    return again.read_bytes() == out.read_bytes()


def moments(path: Path) -> list[float]:
    """When each frame of the picture is shown."""
    said = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "packet=pts_time",
            "-of",
            "csv=p=0",
            path,
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return sorted(float(line.strip(",")) for line in said.stdout.split())


@pytest.mark.parametrize("suffix", FILMS)
def test_every_kind_of_film(suffix: str, film: Make, tmp_path: Path) -> None:
    order = order_for(film(suffix), tmp_path)
    out = tmp_path / f"out{result_suffix(suffix, order.facts)}"
    assert out.suffix == {".flv": ".mkv", ".wmv": ".mkv"}.get(suffix, suffix)
    told: list[float] = []
    assert mux(order, out, progress=told.append) == ()
    assert told == sorted(told)
    assert is_made_alike(order, out)
    facts = probe(out)
    assert abs(facts.duration - order.facts.duration) / TICKS_PER_SECOND <= FRAME + 1e-6
    assert [pitch(out, 0), pitch(out, 1)] == [DUB_PITCH, 1000]
    kinds = [stream["codec_type"] for stream in streams(out)]
    assert kinds == ["video", "audio", "audio"]
    assert stream_hash(out, "v:0") == stream_hash(order.source, "v:0") or suffix in (
        ".ts",
        ".mpg",
        ".wmv",
        ".flv",
    )
    if suffix not in (".avi", ".mpg"):
        assert [track.language for track in facts.audio] == ["es", "en"]


@pytest.mark.parametrize("suffix", SOUNDS)
def test_every_kind_of_sound_file(suffix: str, film: Make, tmp_path: Path) -> None:
    order = order_for(film(suffix), tmp_path)
    out = tmp_path / f"out{result_suffix(suffix, order.facts)}"
    assert out.suffix == {".aac": ".m4a"}.get(suffix, suffix)
    assert mux(order, out) == ()
    assert is_made_alike(order, out)
    assert abs(probe(out).duration - order.facts.duration) / TICKS_PER_SECOND <= FRAME
    assert pitch(out, 0) == DUB_PITCH


def test_the_original_can_be_left_out(film: Make, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    mux(replace(order_for(film(".mp4"), tmp_path), keep_original=False), out)
    assert [stream["codec_type"] for stream in streams(out)] == ["video", "audio"]


@pytest.fixture
def rich(film: Make, tmp_path: Path) -> Path:
    """A film with two languages, subtitles, chapters, a title, a font and a cover."""
    text, chapters, cover = tmp_path / "s.srt", tmp_path / "c.txt", tmp_path / "cover.png"
    text.write_text("1\n00:00:00,500 --> 00:00:01,000\nHello there\n")
    chapters.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=One\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=3000\ntitle=Two\n"
    )
    ffmpeg("-f", "lavfi", "-i", "color=red:s=32x32:d=1:r=1", "-frames:v", "1", cover)
    path = tmp_path / "rich.mkv"
    ffmpeg(
        *("-i", film(".mp4"), "-f", "lavfi", "-i", "sine=500:r=48000:d=3", "-i", text, "-i", chapters),
        *("-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2:s", "-map_metadata", "3", "-c:v", "copy"),
        *("-c:a", "aac", "-metadata", "title=A film", "-metadata", "artist=Somebody"),
        *(
            "-metadata:s:a:0",
            "language=ger",
            "-metadata:s:a:1",
            "language=fre",
            "-metadata:s:s:0",
            "language=ger",
        ),
        *("-disposition:a:0", "default", "-disposition:a:1", "0"),
        *("-attach", cover, "-metadata:s:t:0", "mimetype=image/png", path),
    )
    return path


def shown(path: Path) -> dict:
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_format", "-show_chapters", "-of", "json", path],
        capture_output=True,
        check=True,
    )
    return json.loads(said.stdout)


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".mov"])
def test_everything_that_came_with_a_film_is_kept(suffix: str, rich: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.srt"
    new.write_text("1\n00:00:00,500 --> 00:00:01,000\n¡Hola!\n")
    facts = probe(rich)
    order = MuxOrder(
        rich,
        facts,
        dub_for(facts, tmp_path),
        pick_audio(facts),
        "es",
        "de",
        subtitles=(SubtitleFile(new, "es"),),
    )
    out = tmp_path / f"out{suffix}"
    mux(order, out)
    found = probe(out)
    assert [track.language for track in found.audio] == ["es", "de", "fr"]
    assert [track.default for track in found.audio] == [True, False, False]
    assert [track.language for track in found.subtitles] == ["es", "de"]
    assert pitch(out, 2) == 500
    said = shown(out)
    assert {key.lower(): value for key, value in said["format"]["tags"].items()}["title"] == "A film"
    assert [chapter["tags"]["title"] for chapter in said["chapters"]] == ["One", "Two"]
    if suffix != ".mov":
        assert sum(track.attached_picture for track in found.video) == 1
    if suffix == ".mkv":
        assert [track.title for track in found.audio] == ["Spanish", "Original (German)", ""]


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "mov_text"), (".mkv", "subrip"), (".webm", "webvtt")])
def test_subtitles_in_the_way_of_each_kind(suffix: str, codec: str, film: Make, tmp_path: Path) -> None:
    texts = []
    for name, body in (
        ("a.srt", "1\n00:00:00,500 --> 00:00:01,000\nx\n"),
        ("b.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\ny\n"),
    ):
        (tmp_path / name).write_text(body)
        texts.append(SubtitleFile(tmp_path / name, "pt-BR", "Português"))
    out = tmp_path / f"out{suffix}"
    mux(replace(order_for(film(suffix), tmp_path), subtitles=tuple(texts)), out)
    assert [(track.codec, track.language) for track in probe(out).subtitles] == [(codec, "pt")] * 2


def test_a_kind_without_subtitles_leaves_them_out(film: Make, tmp_path: Path) -> None:
    text = tmp_path / "a.srt"
    text.write_text("1\n00:00:00,500 --> 00:00:01,000\nx\n")
    out = tmp_path / "out.avi"
    mux(replace(order_for(film(".avi"), tmp_path), subtitles=(SubtitleFile(text, "es"),)), out)
    assert probe(out).subtitles == ()


@pytest.mark.parametrize("suffix", [".m4a", ".mp3", ".flac"])
def test_the_cover_of_a_song_stays(suffix: str, film: Make, tmp_path: Path) -> None:
    path = tmp_path / f"song{suffix}"
    ffmpeg(
        *("-i", film(suffix), "-f", "lavfi", "-i", "color=red:s=64x64:d=1:r=1", "-map", "0:a", "-map", "1:v"),
        *("-c:a", "copy", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v:0", "attached_pic"),
        *("-metadata", "title=Song", "-metadata", "artist=Band", path),
    )
    out = tmp_path / f"out{suffix}"
    mux(order_for(path, tmp_path), out)
    found = probe(out)
    assert found.video[0].attached_picture
    assert found.title == "Song"
    assert found.audio


def upright(track: VideoTrack) -> tuple[int, int]:
    """Width and height as people see it."""
    return (track.height, track.width) if track.rotation % 180 else (track.width, track.height)


class TestPicture:
    def test_uneven_frames_keep_their_moments(self, tmp_path: Path) -> None:
        path = tmp_path / "vfr.mp4"
        uneven = "select='not(between(mod(n,10),3,6))'"
        source = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=30:d=4", "-f", "lavfi", "-i", "sine=d=4")
        ffmpeg(*source, "-vf", uneven, "-fps_mode", "vfr", "-c:a", "aac", path)
        out = tmp_path / "out.mp4"
        mux(order_for(path, tmp_path), out)
        assert moments(out) == pytest.approx(moments(path), abs=0.001)

    @pytest.mark.media
    def test_rotation_and_hdr_stay(self, media_dir: Path, tmp_path: Path) -> None:
        for name in ("rot_flag_jordi.mp4", "hdr10_hevc.mp4"):
            order = order_for(media_dir / "e_odd" / name, tmp_path)
            for suffix in (".mp4", ".mov", ".mkv"):
                out = tmp_path / f"out{suffix}"
                mux(order, out)
                before, after = order.facts.video[0], probe(out).video[0]
                assert after.hdr == before.hdr
                assert upright(after) == upright(before)
        colours = ("color_transfer", "color_primaries", "color_space", "pix_fmt")
        before, after = streams(order.source)[0], streams(tmp_path / "out.mp4")[0]
        assert [after[key] for key in colours] == [before[key] for key in colours]

    def test_burned_text_is_in_the_picture(self, film: Make, tmp_path: Path) -> None:
        text = tmp_path / "name with 'quotes', [x]:y.srt"
        text.write_text("1\n00:00:00,000 --> 00:00:01,500\nWWWWWWWW\n")
        plain = order_for(film(".mp4"), tmp_path)
        out = tmp_path / "out.mp4"
        assert mux(replace(plain, burn=text), out) == ()
        found = probe(out)
        assert abs(found.duration - plain.facts.duration) / TICKS_PER_SECOND <= FRAME
        assert [pitch(out, 0), pitch(out, 1)] == [DUB_PITCH, 1000]
        differs = {}
        for at in (0.5, 2.5):
            images = []
            for name, path in (("a", plain.source), ("b", out)):
                image = tmp_path / f"{name}.png"
                thumbnail(path, probe(path), int(at * TICKS_PER_SECOND), image)
                raw = subprocess.run(
                    ["ffmpeg", "-v", "error", "-i", image, "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                    capture_output=True,
                    check=True,
                ).stdout
                images.append(np.frombuffer(raw, dtype=np.uint8).astype(int))
            differs[at] = float((np.abs(images[0] - images[1]) > 60).mean())
        assert differs[0.5] > 0.005
        assert differs[2.5] < 0.002

    @pytest.mark.parametrize("suffix", ONE_FORM)
    @pytest.mark.parametrize(("start", "end"), [(0.0, 1.3), (0.52, 2.2)])
    def test_a_trim_is_exact(self, suffix: str, start: float, end: float, film: Make, tmp_path: Path) -> None:
        trim = Span.of_seconds(start, min(end, 3.0))
        order = order_for(film(suffix), tmp_path, trim)
        out = tmp_path / f"out{suffix}"
        mux(order, out)
        found = probe(out)
        assert abs(found.duration - order.span.length) / TICKS_PER_SECOND <= FRAME + 0.03
        expected = sum(
            start - FRAME / 2 <= at < order.span.end / TICKS_PER_SECOND - 0.001
            for at in moments(order.source)
        )
        assert len(moments(out)) == pytest.approx(expected, abs=1)
        assert pitch(out, 0) == DUB_PITCH


class TestChoiceOfTheContainer:
    def test_another_kind_on_request(self, film: Make, tmp_path: Path) -> None:
        out = tmp_path / "out.mkv"
        mux(order_for(film(".avi"), tmp_path), out)
        assert probe(out).container == "mkv"
        assert probe(out).audio[1].codec == "mp3"

    def test_sound_that_does_not_fit_is_converted(self, film: Make, tmp_path: Path) -> None:
        out = tmp_path / "out.mp4"
        mux(order_for(film(".mkv"), tmp_path), out)
        assert [track.codec for track in probe(out).audio] == ["aac", "aac"]

    def test_a_picture_that_does_not_fit_is_said_so(self, film: Make, tmp_path: Path) -> None:
        with pytest.raises(UserError) as caught:
            mux(order_for(film(".mp4"), tmp_path), tmp_path / "out.webm")
        assert caught.value.code == "container_unfit"
        assert ".mp4" in caught.value.hint
        assert [path.suffix for path in tmp_path.iterdir()] == [".flac"]

    @pytest.mark.parametrize("suffix", [".exe", "", ".txt", ".m3u8"])
    def test_a_kind_we_do_not_write(self, suffix: str, film: Make) -> None:
        with pytest.raises(UserError) as caught:
            container_for(suffix, probe(film(".mp4")))
        assert caught.value.code == "container_unknown"

    def test_sound_alone_of_a_film(self, film: Make, tmp_path: Path) -> None:
        out = tmp_path / "out.mp3"
        assert mux(order_for(film(".mp4"), tmp_path), out) != ()
        assert probe(out).container == "mp3"

    def test_every_suffix_we_offer_can_be_written(self, film: Make, tmp_path: Path) -> None:
        order = order_for(film(".wav"), tmp_path)
        for suffix in set(CONTAINERS) - set(CODECS):
            out = tmp_path / f"out{suffix}"
            mux(order, out)
            assert probe(out).audio, suffix


def test_cancelling_leaves_nothing(film: Make, tmp_path: Path) -> None:
    order = order_for(film(".mp4"), tmp_path)
    with pytest.raises(Cancelled):
        mux(order, tmp_path / "out.mp4", cancelled=lambda: True)
    assert [path.suffix for path in tmp_path.iterdir()] == [".flac"]


def test_a_thumbnail_stands_upright(media_dir: Path, tmp_path: Path) -> None:
    path = media_dir / "e_odd" / "rot_flag_jordi.mp4"
    thumbnail(path, probe(path), 5 * TICKS_PER_SECOND, tmp_path / "t.png")
    found = streams(tmp_path / "t.png")[0]
    assert (found["width"], found["height"]) == (480, 320)


def test_no_thumbnail_behind_the_end(film: Make, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        thumbnail(film(".mp4"), probe(film(".mp4")), 60 * TICKS_PER_SECOND, tmp_path / "t.png")
    assert caught.value.code == "no_picture"
