"""Real clips through the whole pipeline on the default engines, held against what is promised.

What was dubbed is transcribed again from the finished file, by the recogniser and not by our own bookkeeping.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dubline.api.delivery import Delivered
from dubline.api.dub import dub, redub
from dubline.api.edits import Edit
from dubline.api.workshop import workshop
from dubline.craft.hearing import word_error_rate
from dubline.domain.script import Line
from dubline.domain.time import Span, seconds, ticks
from dubline.media.decode import extract_sound
from dubline.media.probe import probe
from dubline.models.catalogue import Models, local_models
from dubline.ports.registry import Registry
from dubline.ports.transcriber import Transcriber
from dubline.quality.hearing import talk_windows
from dubline.sound import files
from dubline.sound.pcm import SPEECH_RATE
from dubline.sound.resample import at_rate

pytestmark = [pytest.mark.slow, pytest.mark.media, pytest.mark.xdist_group("golden")]

DEFAULT_MODELS = ("whisper-base", "kokoro-v1.0", "spleeter-2stems", "ge2e")

CLIPS = (
    "d_video/talk_jordi_en.mp4",
    "d_video/nasa_webb_narration.mp4",
    "f_composed/vlog40_music_en.mp4",
    "f_composed/panel_4spk_music_en.mp4",
)
SPEECH = tuple(f"a_speech/en_sense_0{number}.wav" for number in (870, 880, 890, 920, 930))
"""Read sentences with exact transcripts."""

TARGETS = ("es", "pt")


@dataclass(frozen=True)
class Golden:
    source: Path
    done: Delivered
    sound: Path
    """The first sound track of the finished file, decoded again."""


@pytest.fixture(scope="module")
def golden(
    media_dir: Path, models: Callable[..., Models], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Golden]]:
    """Each clip is dubbed once into both languages, in a home of its own, over the models that are here."""
    models(*DEFAULT_MODELS)
    out = tmp_path_factory.mktemp("golden")
    made: dict[tuple[str, str], Golden] = {}
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(out / "cache"))

    def get(clip: str, target: str) -> Golden:
        if (clip, target) not in made:
            for done in dub(media_dir / clip, list(TARGETS), source_language="en", out=f"{out}/"):
                sound = out / f"{done.result.name}.flac"
                facts = probe(done.result)
                extract_sound(done.result, facts.audio[0], sound, span=Span(start=0, end=facts.duration))
                made[clip, done.target] = Golden(media_dir / clip, done, sound)
        return made[clip, target]

    yield get
    patch.undo()


def heard(golden: Golden, target: str, windows: list[Span]) -> list[tuple[str, str]]:
    """For each stretch of the finished track: what was meant and what is understood."""
    sound = at_rate(files.read(golden.sound).mono(), SPEECH_RATE)
    engine = Registry(local_models()).engine(Transcriber, "faster-whisper:base")
    lines = golden.done.script.lines
    return [
        (" ".join(said_in(window, lines)), "".join(word.text for word in utterance.words))
        for window, utterance in zip(windows, engine.transcribe(sound, windows, target), strict=True)
    ]


def stretches(lines: Sequence[Line]) -> list[Span]:
    """Talk in up to 20 s at once, whoever speaks."""
    windows: list[Span] = []
    for line in lines:
        if line.fit is None:
            continue
        around = Span(start=max(0, line.fit.span.start - 4800), end=line.fit.span.end + 4800)
        last = windows[-1] if windows else None
        if last and seconds(around.end - last.start) < 20 and around.start <= last.end + 48_000:
            windows[-1] = Span(start=last.start, end=max(last.end, around.end))
        else:
            windows.append(around)
    return windows


def said_in(window: Span, lines: Sequence[Line]) -> list[str]:
    """What the lines say whose middle lies in a window."""
    middles = [(line.fit.span.start + line.fit.span.end) // 2 for line in lines if line.fit]
    return [
        line.text for line, middle in zip(lines, middles, strict=True) if window.start <= middle < window.end
    ]


def understood(dubs: list[Golden], target: str) -> float:
    """Share of the chosen translations' words that are not heard again. A recogniser leaves out whole sentences
    where voices change within a stretch, and mishears short windows: both ways are tried, and what it understands
    in one of them can be understood."""

    def missed(windows: Callable[[Golden], list[Span]]) -> float:
        pairs = [pair for one in dubs for pair in heard(one, target, windows(one))]
        return word_error_rate(*(" ".join(texts) for texts in zip(*pairs, strict=True)), target)

    def by_voice(one: Golden) -> list[Span]:
        lines = [line for line in one.done.script.lines if line.fit]
        return talk_windows(lines, ticks(files.read(one.sound).duration))

    return min(missed(lambda one: stretches(one.done.script.lines)), missed(by_voice))


def test_these_tests_share_their_dubs(request: pytest.FixtureRequest) -> None:
    """In one process, that is: otherwise every clip is dubbed once in each."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@golden")


@pytest.mark.parametrize("target", TARGETS)
def test_the_dubs_are_understood(golden: Callable[[str, str], Golden], target: str) -> None:
    """All words of all clips together: in a clip of twenty words a name heard otherwise is a tenth."""
    assert understood([golden(clip, target) for clip in (*CLIPS, *SPEECH)], target) <= 0.12


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("clip", CLIPS)
class TestEveryClip:
    def test_no_dub_is_lost(self, golden: Callable[[str, str], Golden], clip: str, target: str) -> None:
        """The panel reads commands like "bin blue at F two now", of which no recogniser is sure in any wording."""
        assert understood([golden(clip, target)], target) <= 0.30

    def test_it_is_on_time(self, golden: Callable[[str, str], Golden], clip: str, target: str) -> None:
        script = golden(clip, target).done.script
        spans = [(line.voice, line.fit.span) for line in script.lines if line.fit]
        assert len(spans) == len(script.lines) > 0
        for line in script.lines:
            assert line.fit is not None
            assert abs(seconds(line.fit.span.start - line.span.start)) <= 0.4
            assert 1 / line.fit.stretch <= 1.30
        for place, (voice, span) in enumerate(spans):
            assert not any(voice == other and span.overlap(later) for other, later in spans[place + 1 :])

    def test_length_and_picture_are_the_inputs(
        self, golden: Callable[[str, str], Golden], clip: str, target: str
    ) -> None:
        one = golden(clip, target)
        before, after = probe(one.source), probe(one.done.result)
        frame = 1 / float(before.picture.frame_rate) if before.picture else 0.03
        assert abs(seconds(after.duration - before.duration)) <= frame
        if before.picture and after.picture:
            assert (after.picture.codec, after.picture.width) == (before.picture.codec, before.picture.width)
            assert [track.language for track in after.audio][:2] == [
                {"es": "es", "pt": "pt"}[target],
                "en",
            ]


@pytest.mark.parametrize("clip", ["panel_4spk_music_en", "vlog40_music_en"])
def test_the_background_is_the_true_one(
    golden: Callable[[str, str], Golden], media_dir: Path, clip: str
) -> None:
    """Where the dub is silent the finished track is the music, at its own level."""
    one = golden(f"f_composed/{clip}.mp4", "es")
    true = at_rate(files.read(media_dir / f"f_composed/{clip}.background.flac"), SPEECH_RATE).mono().samples
    made = at_rate(files.read(one.sound), SPEECH_RATE).mono().samples
    quiet = np.ones(min(len(true), len(made)), dtype=bool)
    for line in one.done.script.lines:
        for span in (line.span, *((line.fit.span,) if line.fit else ())):
            quiet[max(0, span.start // 3 - 6400) : span.end // 3 + 6400] = False
    true, made = true[: len(quiet)][quiet], made[: len(quiet)][quiet]
    assert len(true) > SPEECH_RATE // 2, "there is music without speech to compare"
    assert np.corrcoef(true, made)[0, 1] >= 0.9
    level = 20 * np.log10(np.sqrt(np.mean(made**2)) / np.sqrt(np.mean(true**2)))
    assert abs(level) <= 1.0


def test_four_people_get_four_voices(golden: Callable[[str, str], Golden]) -> None:
    script = golden("f_composed/panel_4spk_music_en.mp4", "es").done.script
    assert len(script.speakers) == 4
    assert len({str(speaker.voice) for speaker in script.speakers}) == 4


def test_an_edit_speaks_one_line_anew(golden: Callable[[str, str], Golden]) -> None:
    """Counted in the ledger: that line's takes, another one where the first came out too long; everything else is
    from before or costs no model."""
    one = golden("d_video/talk_jordi_en.mp4", "es")
    with workshop() as shop:
        before = shop.ledger.counts()
    edited = redub(one.done.script_path, [Edit(line="1", text="Muy buenos días a todos.")])
    with workshop() as shop:
        after = shop.ledger.counts()
    new = {stage: after[stage] - before[stage] for stage in after if after[stage] != before[stage]}
    assert 1 <= new.pop("speak") <= 2
    assert set(new) <= {
        "order takes", "order retakes", "fit", "arrange", "mix", "join", "subtitle", "mux", "check", "draw waveforms",
    }  # fmt: skip
    assert edited.script.lines[0].text == "Muy buenos días a todos."
    assert [line.take for line in edited.script.lines[1:]] == [
        line.take for line in one.done.script.lines[1:]
    ]
    assert json.loads(one.done.script_path.read_text())["lines"][0]["revision"] == 2


def test_music_alone_is_left_as_it_is(media_dir: Path, golden: object, tmp_path: Path) -> None:
    done = dub(media_dir / "c_music/bed_vibe_ace.ogg", "es", out=tmp_path / "music.flac")
    assert not done.script.lines
    assert [each.code for each in done.script.degradations] == ["no_speech"]
    assert "Nobody was heard" in done.report_path.read_text()
