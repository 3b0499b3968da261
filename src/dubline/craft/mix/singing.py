"""Where somebody sings: notes that are held, over music that leads.

A speaking voice hardly ever stays on one pitch; of its voiced sound less than a fifth lies in stretches that do,
of a singer's about half. Both signs are asked for, since a song that is spoken over in another voice for once is
better than an interview that is left in its own language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.traits import FRAME, HOP, SPECTRUM, pitches
from dubline.domain.script import Line
from dubline.domain.time import Span, ticks
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

SINGING = "singing"
"""Flag of a line that is sung, and therefore keeps its original."""

CLEAR = 0.6
"""Likeness from which on a frame counts as voiced."""
QUIETEST_SHARE = 0.03

NOTE_SECONDS, NOTE_SEMITONES = 0.3, 1.0
"""A held note: so long within so little."""

WINDOW, EVERY = 6.0, 1.0
"""Seconds that are judged together, and how often."""

SUNG_SHARE = 0.25
"""Of the voiced sound in held notes. Measured: a pop song 0.53, people talking over louder music at most 0.15."""

LEAST_VOICED = 1.0
"""Seconds of voiced sound in a window; less tells nothing."""

MUSIC_LEADS = 10 ** (-9 / 10)
"""Background over voice, in power. Music under speech is kept 12 dB and more below it, or nobody understands."""

FAINTEST = 10 ** (-25 / 10)
"""Voice over background, in power: less is what a separator makes of music without a voice."""

AROUND, GAP, SHORTEST = 0.4, 4.0, 3.0
"""Seconds: a note begins softly, a singer pauses between lines, and a jingle is not a song."""

BLOCK = 2000
"""Frames at once, half a minute, so that their spectra need little memory."""

MOSTLY = 0.5

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def sung_spans(voices: Sound, background: npt.NDArray[np.float32]) -> list[Span]:
    """Of separated voices, 16 kHz mono; `background` is the mean square of the rest in stretches of HOP."""
    frames = _frames(voices.samples.reshape(-1))[: len(background)]
    powers = _powers(frames)
    music = background[: len(powers)]
    notes, clear = _pitched(frames, _led_by_music(powers, music))
    voiced = clear & _loud(powers)
    spans = [
        Span(start=_tick(first), end=_tick(last))
        for first, last in _sung_windows(powers, music, voiced, _held(notes, voiced))
    ]
    return [span for span in _joined(spans) if span.duration >= SHORTEST]


def left_alone(lines: Sequence[Line], music: Sequence[Span]) -> tuple[Line, ...]:
    """Lines that lie mostly where somebody sings keep their original."""
    return tuple(_kept(line) if _is_sung(line.span, music) else line for line in lines)


def _is_sung(span: Span, music: Sequence[Span]) -> bool:
    return sum(span.overlap(each) for each in music) > MOSTLY * span.length


def _kept(line: Line) -> Line:
    return line.model_copy(update={"keep_original": True, "flags": (*line.flags, SINGING)})


def _frames(samples: Samples) -> Samples:
    """[frames, FRAME], a new one every HOP."""
    if samples.size < FRAME:
        return np.zeros((0, FRAME), dtype=np.float32)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP])


def _powers(frames: Samples) -> Numbers:
    return np.asarray(np.einsum("ij,ij->i", frames, frames), dtype=np.float64) / FRAME


def _led_by_music(powers: Numbers, background: Samples) -> Flags:
    """Frames in whose neighbourhood the music is loud enough, and a voice is there at all. Looking for notes costs
    a hundred times what this does, and in most programmes nobody sings."""
    size, step = _count(WINDOW), _count(EVERY)
    led = np.zeros(len(powers), dtype=bool)
    for first in range(0, len(powers), step):
        part = slice(first, first + size)
        voice, music = powers[part].mean(), background[part].mean()
        if music >= 0.5 * MUSIC_LEADS * voice and voice >= FAINTEST * music:
            led[part] = True
    return led


def _pitched(frames: Samples, wanted: Flags) -> tuple[Numbers, Flags]:
    """Per frame its pitch in semitones, and whether it has one; only of those that are wanted."""
    notes, clear = np.zeros(len(frames)), np.zeros(len(frames), dtype=bool)
    places = np.flatnonzero(wanted)
    for first in range(0, len(places), BLOCK):
        part = places[first : first + BLOCK]
        hertz, likeness = pitches(_spectra(frames[part]))
        notes[part], clear[part] = 12 * np.log2(hertz), likeness >= CLEAR
    return notes, clear


def _spectra(frames: Samples) -> Numbers:
    centred = frames - frames.mean(axis=1, keepdims=True)
    return np.asarray(np.square(np.abs(np.fft.rfft(centred * np.hanning(FRAME), SPECTRUM, axis=1))))


def _loud(powers: Numbers) -> Flags:
    """Not much softer than what is loud nearby: the tail of a note says nothing about the next one."""
    size = _count(WINDOW)
    loud = np.concatenate(
        [
            np.full(len(part), np.percentile(part, 95))
            for part in np.split(powers, range(size, len(powers), size))
            if len(part)
        ]
        or [np.zeros(0)]
    )
    return np.asarray(powers > np.maximum(QUIETEST_SHARE * loud, 1e-10))


def _held(notes: Numbers, voiced: Flags) -> Flags:
    """Frames within a run of voiced ones that stays on its pitch long enough."""
    held = np.zeros(len(notes), dtype=bool)
    needed = _count(NOTE_SECONDS)
    at = 0
    while at < len(notes):
        end = at
        low = high = notes[at]
        while end < len(notes) and voiced[end]:
            low, high = min(low, notes[end]), max(high, notes[end])
            if high - low > NOTE_SEMITONES:
                break
            end += 1
        if end - at >= needed:
            held[at:end] = True
            at = end
        else:
            at += 1
    return held


def _sung_windows(powers: Numbers, background: Samples, voiced: Flags, held: Flags) -> list[tuple[int, int]]:
    """From the first to the last held note of every window that sounds sung."""
    size, step = _count(WINDOW), _count(EVERY)
    found = []
    for first in range(0, max(1, len(powers) - size + step), step):
        part = slice(first, first + size)
        count = np.count_nonzero(voiced[part])
        if count < _count(LEAST_VOICED) or held[part].sum() < SUNG_SHARE * count:
            continue
        if background[part][voiced[part]].mean() >= MUSIC_LEADS * powers[part][voiced[part]].mean():
            notes = np.flatnonzero(held[part]) + first
            found.append((int(notes[0]), int(notes[-1]) + 1))
    return found


def _count(seconds: float) -> int:
    return round(seconds * SPEECH_RATE / HOP)


def _tick(frame: int) -> int:
    return frame * HOP * ticks(1.0) // SPEECH_RATE


def _joined(spans: Sequence[Span]) -> list[Span]:
    around, gap = ticks(AROUND), ticks(GAP)
    joined: list[Span] = []
    for span in spans:
        wide = Span(start=max(0, span.start - around), end=span.end + around)
        if joined and wide.start <= joined[-1].end + gap:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, wide.end))
        else:
            joined.append(wide)
    return joined
