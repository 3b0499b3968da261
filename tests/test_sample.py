"""The bundled clip is what its README says: watchable, understandable, measured, free to use."""

import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from dubline.domain.time import Span, ticks
from dubline.sound.loudness import loudness
from dubline.sound.pcm import Sound
from dubline.sound.resample import at_rate

FOLDER = Path(__file__).resolve().parents[1] / "sample"
CLIP = FOLDER / "sample.mp4"
RATE = 48_000


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((FOLDER / "sample.gt.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def facts() -> dict:
    asked = ["-show_format", "-show_streams", "-show_chapters", "-of", "json"]
    probed = subprocess.run(["ffprobe", "-v", "error", *asked, str(CLIP)], capture_output=True, check=True)
    return json.loads(probed.stdout)


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(CLIP),
        "-f",
        "f32le",
        "-ar",
        str(RATE),
        "-ac",
        "2",
        "pipe:1",
    ]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, dtype=np.float32).reshape(-1, 2)


@pytest.fixture(scope="module")
def makers() -> Iterator[dict[str, ModuleType]]:
    """The scripts of the sample folder, which import each other by bare name."""
    sys.path.insert(0, str(FOLDER))
    try:
        import film
        import music
        import people
        import scene
        import shapes
        import speech

        yield {each.__name__: each for each in (film, music, people, scene, shapes, speech)}
    finally:
        sys.path.remove(str(FOLDER))


def test_its_streams_tags_and_chapters(facts: dict) -> None:
    video, audio = (each for each in facts["streams"] if each["codec_type"] in ("video", "audio"))
    assert (video["codec_name"], video["width"], video["height"]) == ("h264", 640, 360)
    assert Fraction(video["avg_frame_rate"]) == 25
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)
    assert audio["tags"]["language"] == "eng"
    assert facts["format"]["tags"]["title"] == "How bees dance"
    assert [chapter["tags"]["title"] for chapter in facts["chapters"]] == ["The garden", "The dance"]
    assert 20 <= float(facts["format"]["duration"]) <= 35
    assert CLIP.stat().st_size < 2_500_000


def test_the_truth_fits_the_clip(truth: dict, facts: dict) -> None:
    assert truth["duration"] == pytest.approx(float(facts["format"]["duration"]), abs=0.04)
    assert {speaker["gender"] for speaker in truth["speakers"].values()} == {"female", "male"}
    lines = truth["lines"]
    assert {line["speaker"] for line in lines} == set(truth["speakers"])
    assert all(before["end"] < after["start"] for before, after in pairwise(lines))


def test_speech_is_where_the_truth_says_and_music_goes_on_between(truth: dict, sound: np.ndarray) -> None:
    spans = [Span.of_seconds(line["start"], line["end"]) for line in truth["lines"]]
    spoken = np.concatenate([sound[span.start : span.end] for span in spans])
    gaps = [Span(start=a.end, end=b.start) for a, b in pairwise(spans)]
    between = np.concatenate([sound[gap.start + ticks(0.05) : gap.end - ticks(0.05)] for gap in gaps])
    opening = sound[ticks(0.3) : spans[0].start - ticks(0.4)]
    assert -26 < level(between) - level(spoken) < -12
    assert -18 < level(opening) - level(spoken) < -5
    assert level(between) > -60


def test_it_is_stereo_at_a_sane_loudness(truth: dict, sound: np.ndarray) -> None:
    assert loudness(Sound(sound.astype(np.float32), RATE)) == pytest.approx(-21, abs=0.5)
    assert np.abs(sound).max() < 0.9
    for line in truth["lines"]:
        part = sound[ticks(line["start"]) : ticks(line["end"])]
        leaning = level(part[:, 0]) - level(part[:, 1])
        assert leaning > 1 if line["speaker"] == "Ada" else leaning < -1


def test_mouths_move_with_their_voices_only(truth: dict) -> None:
    """The picture in the mouth's region changes while its owner speaks, and rests while the other does."""
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 360, 640).astype(np.float32)
    regions = {"Ada": frames[:, 212:250, 134:170], "Ben": frames[:, 216:250, 472:506]}
    times = np.arange(len(frames)) / 25
    for name, region in regions.items():
        moving = np.abs(np.diff(region, axis=0)).mean(axis=(1, 2))
        own, other = (
            np.any(
                [
                    (times[1:] > line["start"] + 0.1) & (times[1:] < line["end"] - 0.1)
                    for line in truth["lines"]
                    if (line["speaker"] == name) is mine
                ],
                axis=0,
            )
            for mine in (True, False)
        )
        assert moving[own].mean() > 5 * moving[other].mean()


def test_music_and_frames_are_the_same_every_time(makers: dict[str, ModuleType]) -> None:
    tune = makers["music"].tune
    assert np.array_equal(tune(4 * RATE), tune(4 * RATE))
    first, again = (list(makers["film"].frames(short_speech(makers))) for _ in range(2))
    assert len(first) == 100
    assert first == again


def test_a_silent_mouth_is_shut_and_a_loud_one_open(makers: dict[str, ModuleType]) -> None:
    track = np.zeros(2 * RATE, dtype=np.float32)
    track[RATE:] = 0.2 * np.sin(np.arange(RATE) * 0.03)
    openings = makers["film"].openings(track, 50)
    assert openings[:20].max() == 0
    assert openings[30:48].min() > 0.8


@pytest.mark.slow
def test_a_recogniser_understands_it_and_the_words_lie_in_their_lines(
    truth: dict, sound: np.ndarray, models
) -> None:
    import jiwer

    from dubline.ports.registry import Registry
    from dubline.ports.transcriber import Transcriber

    engine = Registry(models("whisper-base")).engine(Transcriber, "faster-whisper:base")
    speech = at_rate(Sound(sound.mean(axis=1), RATE), 16_000)
    middle = ticks(truth["lines"][4]["start"] - 0.1)
    windows = [Span(start=0, end=middle), Span(start=middle, end=ticks(truth["duration"]))]
    words = [word for each in engine.transcribe(speech, windows, "en") for word in each.words]
    meant = " ".join(line["text"] for line in truth["lines"])
    assert jiwer.wer(bare(meant), bare("".join(word.text for word in words))) <= 0.08
    lines = [Span.of_seconds(line["start"], line["end"]) for line in truth["lines"]]
    outside = [word for word in words if not any(word.span.overlap(line) for line in lines)]
    assert len(outside) <= 2


@pytest.mark.nightly
def test_it_is_built_again_the_same(truth: dict, models, tmp_path: Path) -> None:
    """Same words, same places; the same machine gives the same bytes, another one the same within rounding."""
    models("kokoro-v1.0")
    for name in ("first", "again"):
        subprocess.run(
            [sys.executable, str(FOLDER / "build.py"), str(tmp_path / name)], check=True, timeout=300
        )
    assert (tmp_path / "first/sample.mp4").read_bytes() == (tmp_path / "again/sample.mp4").read_bytes()
    rebuilt = json.loads((tmp_path / "first/sample.gt.json").read_text(encoding="utf-8"))
    assert [line["text"] for line in rebuilt["lines"]] == [line["text"] for line in truth["lines"]]
    assert rebuilt["duration"] == pytest.approx(truth["duration"], abs=0.5)


def bare(text: str) -> str:
    """Lower case, no punctuation, the one number as a word, as people compare transcripts."""
    text = text.casefold().replace("40,000", "forty thousand")
    return " ".join("".join(sign for sign in text if sign.isalnum() or sign.isspace()).split())


def short_speech(makers: dict[str, ModuleType]):
    """Four seconds in which each says something in turn, without a voice engine."""
    random = np.random.default_rng(3)
    tracks = {name: np.zeros(4 * RATE, dtype=np.float32) for name in ("Ada", "Ben")}
    spans = tuple((place * RATE // 3, (place + 1) * RATE // 3) for place in range(1, 9))
    for place, (start, end) in enumerate(spans):
        name = ("Ada", "Ben")[place % 2]
        tracks[name][start:end] = random.uniform(-0.2, 0.2, end - start)
    return makers["speech"].Speech(tracks, spans, 4 * RATE)


def level(samples: np.ndarray) -> float:
    """Effective value in dBFS."""
    return 10 * float(np.log10(np.square(samples, dtype=np.float64).mean()))
