"""Where voices sound: in the original as far as anybody can know, and in the dub to the sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dubline.craft.hearing import spoken_words
from dubline.craft.mix.colour import coloured
from dubline.craft.mix.contour import swelled
from dubline.craft.mix.room import in_room
from dubline.craft.stretch import time_stretch
from dubline.domain.script import Blob, Line
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.voice_activity import VoiceActivity
from dubline.quality.dubbing import Dubbed
from dubline.quality.timing import Placed, cut_at, played_speech
from dubline.quality.truth import Truth
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Sound, silence
from dubline.sound.resample import at_rate
from dubline.stages.documents import Piece

VOICE_ACTIVITY = "silero"


def true_voice(truth: Truth, rate: int = PROGRAMME_RATE) -> Sound | None:
    """All voices of a clip alone, in mono; none where there are no stems."""
    sounds = [at_rate(files.read(path).mono(), rate) for path in truth.stems]
    if not sounds:
        return None
    whole = np.zeros(max(sound.frames for sound in sounds), dtype=np.float32)
    for sound in sounds:
        whole[: sound.frames] += sound.samples
    return Sound(whole, rate)


def source_speech(dubbed: Dubbed) -> list[Span]:
    """Where the original speaks: by the stems of its voices, else as written down, else as a detector hears it in
    the untouched programme. What the dub itself took for speech plays no part."""
    voice = true_voice(dubbed.clip.truth, SPEECH_RATE)
    if voice is None and dubbed.clip.truth.turns:
        return [turn.span for turn in dubbed.clip.truth.turns]
    return speech_in(dubbed, voice or at_rate(dubbed.programme.mono(), SPEECH_RATE))


def speech_in(dubbed: Dubbed, sound: Sound) -> list[Span]:
    return dubbed.shop.registry.engine(VoiceActivity, VOICE_ACTIVITY).speech(sound)


def take_speech(dubbed: Dubbed, take: Blob) -> tuple[list[Span], int]:
    """Where a take speaks, told from its start, and how long it is."""
    sound = dubbed.sound(take)
    spans = speech_in(dubbed, at_rate(sound.mono(), SPEECH_RATE))
    return spans or [Span(start=0, end=ticks_of(sound))], ticks_of(sound)


def ticks_of(sound: Sound) -> int:
    return sound.frames * TICKS_PER_SECOND // sound.rate


def placed_lines(dubbed: Dubbed) -> list[Placed]:
    """The dub as it was made."""
    end = round(dubbed.seconds * TICKS_PER_SECOND)
    return [cut_at(_placed(dubbed, line), end) for line in dubbed.script.lines if line.take and line.fit]


def _placed(dubbed: Dubbed, line: Line) -> Placed:
    if line.take is None or line.fit is None:
        raise TypeError("only a line with a take is placed")
    speech, length = take_speech(dubbed, line.take.sound)
    return Placed(
        line=line.id,
        original=line.span,
        voice=str(line.take.voice),
        span=line.fit.span,
        rate=line.take.rate * length / max(1, line.fit.span.length),
        stretch=length / max(1, line.fit.span.length),
        words=len(spoken_words(line.text, dubbed.target)),
        speech=played_speech(speech, length, line.fit.span),
    )


def dub_voice(dubbed: Dubbed) -> Sound:
    """The dubbed voices alone, as loud as in the mix: mono at the programme's rate."""
    whole = silence(dubbed.programme.frames, PROGRAMME_RATE)
    for piece in dubbed.pieces:
        samples = played(dubbed, piece).samples * piece.gain
        room = whole.samples[piece.span.start : piece.span.start + len(samples)]
        room += samples[: len(room)]
    return whole


def played(dubbed: Dubbed, piece: Piece) -> Sound:
    """A take with all that the mix does to it but its level: mono at the programme's rate."""
    take = dubbed.sound(piece.take).mono()
    factor = piece.span.length * take.rate / PROGRAMME_RATE / max(1, take.frames)
    sound = swelled(coloured(at_rate(time_stretch(take, factor), PROGRAMME_RATE), piece.colour), piece.swell)
    return in_room(sound, piece.room)


def cut_together(sound: Sound, spans: Sequence[Span]) -> Sound:
    """Some stretches of a sound, one after the other."""
    parts = [sound.cut(span).samples for span in spans]
    return Sound(np.concatenate(parts) if parts else sound.samples[:0], sound.rate)
