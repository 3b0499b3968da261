"""Speech is found where it is, however quiet, and not found in noise, music and silence."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.recordings import recording, turns

from dubline.domain.time import Span
from dubline.engines.voice_activity import silero
from dubline.engines.voice_activity.silero import Silero
from dubline.models.catalogue import Models
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Silero:
    engine = Silero(Models(tmp_path_factory.mktemp("no-models")))
    if engine.missing():
        pytest.skip("the installed faster-whisper carries another network")
    return engine


def seconds(spans: list[Span]) -> float:
    return sum(span.duration for span in spans)


def sound(samples: Samples) -> Sound:
    return Sound(samples.astype(np.float32), SPEECH_RATE)


@pytest.mark.media
def test_finds_the_sentences_of_a_talk(engine: Silero, media_dir: Path) -> None:
    spans = engine.speech(recording(media_dir / "d_video/talk_jordi_en.mp4"))
    said = [Span.of_seconds(1.26, 3.95), Span.of_seconds(5.25, 6.63), Span.of_seconds(7.61, 8.69)]
    for sentence in said:
        mine = [span for span in spans if span.overlap(sentence)]
        assert abs(mine[0].start - sentence.start) < 0.15 * 48_000
        assert abs(mine[-1].end - sentence.end) < 0.15 * 48_000
    assert all(any(span.overlap(sentence) for sentence in said) for span in spans)


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "least"), [("panel_4spk_music_en.mp4", 0.9), ("talk3_shared_en.flac", 0.85)]
)
def test_hears_speech_through_music_and_noise(
    engine: Silero, media_dir: Path, name: str, least: float
) -> None:
    path = media_dir / "f_composed" / name
    truth = [turn.span for turn in turns(path.with_suffix(".rttm"))]
    spans = engine.speech(recording(path))
    heard = sum(span.overlap(said) for span in spans for said in truth) / 48_000
    assert heard >= least * seconds(truth)


@pytest.mark.media
def test_level_does_not_matter(engine: Silero, media_dir: Path) -> None:
    quiet = recording(media_dir / "e_odd/very_quiet.wav")
    spans = engine.speech(quiet)
    assert seconds(spans) > 6.0
    assert engine.speech(sound(quiet.samples * 30)) == spans
    assert engine.speech(sound(quiet.samples / 3)) == spans


@pytest.mark.media
@pytest.mark.parametrize(
    "name",
    ["e_odd/room_noise_no_speech.wav", "c_music/song_slow_motion_dream.mp3", "d_video/ocr_bbb_titles.webm"],
)
def test_nobody_speaks(engine: Silero, media_dir: Path, name: str) -> None:
    assert engine.speech(recording(media_dir / name)) == []


@pytest.mark.media
def test_music_is_hardly_ever_speech(engine: Silero, media_dir: Path) -> None:
    bed = recording(media_dir / "c_music/bed_vibe_ace.ogg")
    assert seconds(engine.speech(bed)) < 0.05 * bed.duration


@pytest.mark.parametrize("frames", [0, 1, 511, 512, 16_000])
def test_silence_of_any_length(engine: Silero, frames: int) -> None:
    assert engine.speech(sound(np.zeros(frames))) == []


@pytest.mark.media
def test_spans_are_in_order_apart_long_enough_and_inside(engine: Silero, media_dir: Path) -> None:
    mix = recording(media_dir / "f_composed/vlog40_music_en.mp4")
    spans = engine.speech(mix)
    for span, following in pairwise(spans):
        assert following.start - span.end >= 0.25 * 48_000
    assert all(span.duration >= 0.12 for span in spans)
    assert spans[-1].end <= mix.frames * 3


@pytest.mark.media
def test_cutting_into_calls_changes_nothing(
    engine: Silero, media_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix = recording(media_dir / "f_composed/vlog40_music_en.mp4")
    whole = engine.speech(mix)
    monkeypatch.setattr(silero, "FRAMES_PER_CALL", 100)
    assert engine.speech(mix) == whole


def test_identity_names_the_weights(engine: Silero) -> None:
    assert len(engine.identity()) > len("silero@1#") + 60


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(silero, "ASSET", "of_another_release.onnx")
    (need,) = Silero(Models(tmp_path)).missing()
    assert "faster-whisper" in need.fix


def test_each_frame_follows_the_end_of_the_one_before_across_calls() -> None:
    samples = np.arange(1, 5 * silero.FRAME + 100, dtype=np.float32) / 10_000
    whole = silero._rows(samples, 0, samples.size, 1.0)
    later = silero._rows(samples, 2 * silero.FRAME, samples.size, 1.0)
    assert np.array_equal(whole[2:], later)
    assert np.array_equal(whole[1, : silero.CONTEXT], whole[0, -silero.CONTEXT :])
    assert not whole[0, : silero.CONTEXT].any()
