"""The mix beside the original and its stems, and the delivered file beside the mix."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from dubline.domain.time import Span, ticks
from dubline.media.decode import extract_sound
from dubline.media.probe import pick_audio, probe
from dubline.quality import acoustics
from dubline.quality.dubbing import Dubbed
from dubline.quality.sounding import dub_voice, true_voice
from dubline.quality.spans import without
from dubline.quality.timing import Placed
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound
from dubline.sound.resample import at_rate

Found = dict[str, float | None]

AROUND = ticks(0.3)
"""Kept clear of speech and of fades when silence is looked at."""
FEWEST_SECONDS = 0.5


def figures(dubbed: Dubbed, source: Sequence[Span], placed: Sequence[Placed]) -> Found:
    finished = dubbed.finished
    return {
        **_separation(dubbed),
        **_under(dubbed),
        "sound.quiet_change": _quiet(dubbed, source, placed),
        "sound.width_change": acoustics.width_change(dubbed.programme, dubbed.dub),
        "sound.loudness_off": finished.loudness_dub - finished.loudness_original,
        "sound.true_peak": finished.peak_dub,
    }


def _separation(dubbed: Dubbed) -> Found:
    truth = dubbed.clip.truth
    voice = true_voice(truth, SPEECH_RATE)
    if voice is None or truth.background is None:
        return {}
    background = at_rate(files.read(truth.background).mono(), PROGRAMME_RATE)
    return {
        "sound.voice_si_sdr": acoustics.si_sdr(*_same_length(voice, dubbed.voices)),
        "sound.background_si_sdr": acoustics.si_sdr(*_same_length(background, dubbed.background.mono())),
    }


def _under(dubbed: Dubbed) -> Found:
    """What of the original is heard where it was replaced."""
    truth = dubbed.clip.truth
    voice = true_voice(truth)
    if voice is None or truth.background is None:
        return {}
    background = at_rate(files.read(truth.background).mono(), PROGRAMME_RATE)
    parts = acoustics.shares(
        dubbed.dub, voice, background, dub_voice(dubbed), _whole_spans(dubbed, voice, background)
    )
    return {"sound.leak": parts.voice, "sound.under_change": parts.background} if parts else {}


def _whole_spans(dubbed: Dubbed, *sounds: Sound) -> list[Span]:
    """Replaced spans as far as every sound reaches: a stem may end a little early."""
    end = min(dubbed.dub.frames, *(sound.frames for sound in sounds))
    return [Span(start=span.start, end=min(span.end, end)) for span in dubbed.replaced if span.start < end]


def _quiet(dubbed: Dubbed, source: Sequence[Span], placed: Sequence[Placed]) -> float | None:
    """Where nobody speaks in either: it should be the programme, sample for sample."""
    speech = [*source, *(one.span for one in placed)]
    near = [Span(start=max(0, span.start - AROUND), end=span.end + AROUND) for span in speech]
    quiet = without([Span(start=0, end=dubbed.programme.frames)], near)
    if sum(span.duration for span in quiet) < FEWEST_SECONDS:
        return None
    return acoustics.level_change(dubbed.programme, dubbed.dub, quiet)


def _same_length(one: Sound, other: Sound) -> tuple[Samples, Samples]:
    frames = min(one.frames, other.frames)
    return one.samples[:frames], other.samples[:frames]


def offset_in_file(dubbed: Dubbed) -> float | None:
    """The delivered file decoded again: by how much its sound lies off the mix on the file's own timeline."""
    facts = probe(dubbed.delivered.result)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sound.flac"
        extract_sound(
            dubbed.delivered.result, pick_audio(facts, 1), out, span=Span(start=0, end=dubbed.dub.frames)
        )
        decoded = files.read(out)
    return acoustics.lag(dubbed.dub.mono().samples, decoded.mono().samples, PROGRAMME_RATE)
