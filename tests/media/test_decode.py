"""Extracted sound: right in time to the sample, in shape, and honest about damage."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dubline.domain.errors import Cancelled, UserError
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.media.decode import extract_sound
from dubline.media.probe import pick_audio, probe
from tests.media.conftest import BEEP_AT, CODECS, Make, ffmpeg, onset, sound_of
from tests.media.hostile import wav
from tests.media.test_sandbox import gone


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


@pytest.mark.parametrize("suffix", CODECS)
def test_the_beep_is_where_it_belongs(suffix: str, film: Make, tmp_path: Path) -> None:
    path = film(suffix)
    samples = sound_of(path, tmp_path)
    assert samples.shape == (probe(path).duration, 2)
    delay_of_the_encoder = 0.05 if suffix == ".wmv" else 0.04
    assert onset(samples) == pytest.approx(BEEP_AT, abs=delay_of_the_encoder)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".wav", ".flac", ".m4a"])
def test_exact_kinds_are_exact(suffix: str, film: Make, tmp_path: Path) -> None:
    assert onset(sound_of(film(suffix), tmp_path)) == pytest.approx(BEEP_AT, abs=0.009)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 96000])
def test_any_rate_becomes_48_kilohertz(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    ffmpeg("-f", "lavfi", "-i", f"sine=500:r={rate}:d=2", path)
    samples = sound_of(path, tmp_path)
    assert len(samples) == 2 * TICKS_PER_SECOND
    spectrum = np.abs(np.fft.rfft(samples[:TICKS_PER_SECOND, 0]))
    assert int(np.argmax(spectrum)) == 500


def test_a_late_track_is_padded_in_front(film: Make, tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    ffmpeg(
        "-i",
        film(".mkv"),
        "-itsoffset",
        "0.7",
        "-i",
        film(".mkv"),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c",
        "copy",
        path,
    )
    samples = sound_of(path, tmp_path)
    assert onset(samples) == pytest.approx(BEEP_AT + 0.7, abs=0.005)
    assert not samples[: int(0.6 * TICKS_PER_SECOND)].any()


def test_a_picture_that_starts_late_moves_nothing(film: Make, tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    ffmpeg(
        "-i",
        film(".mkv"),
        "-itsoffset",
        "0.7",
        "-i",
        film(".mkv"),
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c",
        "copy",
        path,
    )
    assert onset(sound_of(path, tmp_path)) == pytest.approx(BEEP_AT, abs=0.005)


def test_a_stream_that_starts_at_some_clock_time(film: Make, tmp_path: Path) -> None:
    """Broadcast streams count from an arbitrary moment; the programme starts with its first packet."""
    path = tmp_path / "clock.ts"
    ffmpeg("-i", film(".ts"), "-c", "copy", "-output_ts_offset", "5000", path)
    assert onset(sound_of(path, tmp_path)) == pytest.approx(BEEP_AT, abs=0.04)


def test_a_hole_keeps_what_follows_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "hole.mkv"
    beeps = "aevalsrc=0.4*sin(2*PI*1000*t)*lt(mod(t\\,2)\\,0.2)*gte(t\\,1):s=48000:d=6"
    hole = "aselect='not(between(t,2.6,3.6))'"
    ffmpeg("-f", "lavfi", "-i", beeps, "-af", hole, "-c:a", "pcm_s16le", path)
    samples = sound_of(path, tmp_path)
    after = samples[int(3.7 * TICKS_PER_SECOND) :]
    assert onset(after) + 3.7 == pytest.approx(4.0, abs=0.01)


def test_a_short_track_is_padded_at_the_end(film: Make, tmp_path: Path) -> None:
    path = tmp_path / "short.mkv"
    ffmpeg(
        "-i", film(".mkv"), "-t", "1.5", "-i", film(".mkv"), "-map", "0:v", "-map", "1:a", "-c", "copy", path
    )
    assert len(sound_of(path, tmp_path)) == pytest.approx(3 * TICKS_PER_SECOND, abs=100)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mp3", ".ts"])
@pytest.mark.parametrize(("start", "end"), [(0.4, 2.7), (12.25, 14.5)])
def test_a_trim_is_a_piece_of_the_whole(
    suffix: str, start: float, end: float, film: Make, tmp_path: Path
) -> None:
    path = tmp_path / f"noise{suffix}"
    source = ["-f", "lavfi", "-i", "anoisesrc=d=16:r=48000:seed=7:a=0.3", "-ac", "1"]
    ffmpeg(*source, *(("-c:a", "aac") if suffix in (".mp4", ".mkv", ".ts") else ()), path)
    span = Span.of_seconds(start, end)
    whole, piece = sound_of(path, tmp_path), sound_of(path, tmp_path, span)
    assert len(piece) == span.length
    expected = whole[span.start : span.end]
    heard = min(len(expected), len(piece)) - 100
    assert np.corrcoef(expected[100:heard, 0], piece[100:heard, 0])[0, 1] > 0.999


class TestChannels:
    def channels(self, tmp_path: Path, layout: str, only: int, count: int) -> np.ndarray:
        path = tmp_path / "c.wav"
        parts = "|".join("0.25*sin(2*PI*440*t)" if channel == only else "0" for channel in range(count))
        ffmpeg("-f", "lavfi", "-i", f"aevalsrc={parts}:s=48000:d=1:c={layout}", path)
        return sound_of(path, tmp_path)[4800:43200]

    def test_mono_at_full_level_on_both_sides(self, tmp_path: Path) -> None:
        samples = self.channels(tmp_path, "mono", 0, 1)
        assert np.abs(samples).max() == pytest.approx(0.25, abs=0.01)
        assert np.array_equal(samples[:, 0], samples[:, 1])

    def test_stereo_stays_as_it_is(self, tmp_path: Path) -> None:
        samples = self.channels(tmp_path, "stereo", 0, 2)
        assert np.abs(samples[:, 0]).max() == pytest.approx(0.25, abs=0.01)
        assert not samples[:, 1].any()

    @pytest.mark.parametrize(("layout", "count"), [("5.1", 6), ("7.1", 8), ("3.0", 3)])
    def test_speech_in_the_centre_is_kept_loud(self, layout: str, count: int, tmp_path: Path) -> None:
        samples = self.channels(tmp_path, layout, 2, count)
        assert np.abs(samples).max(axis=0) == pytest.approx([0.25 * 0.7071] * 2, abs=0.01)

    def test_all_channels_at_full_level_do_not_clip_hard(self, tmp_path: Path) -> None:
        path = tmp_path / "full.wav"
        parts = "|".join(["0.99*sin(2*PI*200*t)"] * 6)
        ffmpeg("-f", "lavfi", "-i", f"aevalsrc={parts}:s=48000:d=1:c=5.1", path)
        samples = sound_of(path, tmp_path)[4800:43200]
        assert (np.abs(samples) > 0.999).mean() < 0.001

    def test_channels_without_names(self, tmp_path: Path) -> None:
        path = tmp_path / "x.wav"
        path.write_bytes(wav(channels=11, rate=8000, frames=8000))
        assert len(sound_of(path, tmp_path)) == TICKS_PER_SECOND

    @pytest.mark.media
    def test_the_shared_centre_speech(self, media_dir: Path, tmp_path: Path) -> None:
        surround = sound_of(media_dir / "e_odd" / "speech_center_only_51.mp4", tmp_path)
        plain = sound_of(media_dir / "e_odd" / "audio_only.m4a", tmp_path)
        assert level(surround) == pytest.approx(level(plain) - 3, abs=0.5)


def test_a_stream_that_changes_its_form_half_way(tmp_path: Path) -> None:
    """Broadcasts go from stereo to mono and back; the count of samples must not start over."""
    parts = []
    for channels, rate in ((2, 48000), (1, 48000), (2, 44100)):
        part = tmp_path / f"{channels}{rate}.aac"
        ffmpeg("-f", "lavfi", "-i", f"sine=1000:r={rate}:d=2,volume=4", "-ac", str(channels), part)
        parts.append(part.read_bytes())
    path = tmp_path / "changing.aac"
    path.write_bytes(b"".join(parts))
    samples = sound_of(path, tmp_path)
    assert len(samples) == probe(path).duration
    for second in (1.0, 3.0, 5.0):
        at = int(second * TICKS_PER_SECOND)
        assert np.abs(samples[at : at + 4800]).max() > 0.2


class TestDamage:
    def test_what_decodes_is_kept_and_the_loss_is_told(self, film: Make, tmp_path: Path) -> None:
        path = tmp_path / "damaged.mkv"
        ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=10:a=0.3", "-c:a", "ac3", "-bsf:a", "noise=amount=30", path)
        facts = probe(path)
        told = extract_sound(
            path, pick_audio(facts), tmp_path / "o.flac", span=Span(start=0, end=facts.duration)
        )
        assert "damaged" in told
        assert soundfile.info(tmp_path / "o.flac").frames == facts.duration

    def test_a_good_file_has_no_warning(self, film: Make, tmp_path: Path) -> None:
        facts = probe(film(".mp4"))
        span = Span(start=0, end=facts.duration)
        assert extract_sound(film(".mp4"), pick_audio(facts), tmp_path / "o.flac", span=span) == ""

    def test_nothing_decodes(self, film: Make, tmp_path: Path) -> None:
        path = tmp_path / "dead.mkv"
        ffmpeg("-i", film(".mkv"), "-map", "0:a", "-c", "copy", "-bsf:a", "noise=amount=1", path)
        with pytest.raises(UserError) as caught:
            facts = probe(path)
            extract_sound(
                path, pick_audio(facts), tmp_path / "o.flac", span=Span(start=0, end=facts.duration)
            )
        assert caught.value.code == "broken_file"
        assert not (tmp_path / "o.flac").exists()


def test_the_same_bytes_every_time(film: Make, tmp_path: Path) -> None:
    for suffix in (".flac", ".wav"):
        made = []
        for name in ("a", "b"):
            out = tmp_path / f"{name}{suffix}"
            facts = probe(film(".mp4"))
            extract_sound(film(".mp4"), pick_audio(facts), out, span=Span(start=0, end=facts.duration))
            made.append(out.read_bytes())
        assert made[0] == made[1]


class TestLongWork:
    @pytest.fixture
    def hours(self, tmp_path: Path) -> Path:
        """Five hours of silence that take no room on the disk."""
        path = tmp_path / "hours.wav"
        head, size = wav(channels=1, rate=8000, frames=0), 5 * 3600 * 8000
        path.write_bytes(
            head[:4] + (size + 36).to_bytes(4, "little") + head[8:40] + size.to_bytes(4, "little")
        )
        os.truncate(path, size + 44)
        return path

    def test_a_large_file_is_probed_at_once(self, hours: Path) -> None:
        started = time.monotonic()
        assert probe(hours).duration == 5 * 3600 * TICKS_PER_SECOND
        assert time.monotonic() - started < 3

    def test_cancelling_leaves_no_process_and_no_file(self, hours: Path, tmp_path: Path) -> None:
        facts = probe(hours)
        told: list[float] = []
        wish = threading.Event()
        threading.Timer(0.8, wish.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            extract_sound(
                hours,
                pick_audio(facts),
                tmp_path / "o.flac",
                span=Span(start=0, end=facts.duration),
                progress=told.append,
                cancelled=wish.is_set,
            )
        assert time.monotonic() - started < 3
        assert told == sorted(told)
        assert 0 <= told[-1] < 1
        assert gone(str(hours))
        assert [path.name for path in tmp_path.iterdir()] == ["hours.wav"]
