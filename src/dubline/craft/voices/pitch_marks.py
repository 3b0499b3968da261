"""One mark per period of a voice, and evenly spaced ones where nothing is voiced.

The pitch of a take is followed in small steps; from the loudest moment of each voiced stretch marks are then set in
both directions, each where the wave is most like it was one period before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.traits import CLEAR, FRAME, OCTAVE, QUIETEST_SHARE, SPECTRUM, pitches
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.sound.resample import at_rate

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

STEP = 80
"""5 ms at the rate the pitch is followed at."""

STILL_CLEAR = 0.4
"""Within a voiced stretch a frame may be as unclear as this: a voiced consonant is no end of the melody."""

SHORTEST_STEPS = 8
UNVOICED_SECONDS = 0.005
EARLIEST, LATEST = 0.8, 1.25
"""Where the next period is looked for, in periods."""


@dataclass(frozen=True)
class Melody:
    """Semitones from the take's middle pitch, step by step; the middle itself in Hz. No voice, no semitones."""

    middle: float
    semitones: Numbers
    voiced: Flags

    def stretches(self) -> Iterator[tuple[int, int]]:
        """First step and the one after the last of each voiced stretch."""
        edges = np.flatnonzero(np.diff(np.concatenate(([0], self.voiced.astype(np.int8), [0]))))
        yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def melody(sound: Sound) -> Melody | None:
    """Of mono speech; none where nothing is voiced."""
    samples = np.pad(at_rate(sound, SPEECH_RATE).samples.reshape(-1), FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::STEP]
    frames = frames - frames.mean(axis=1, keepdims=True)
    powers = np.square(frames).mean(axis=1)
    spectra = np.square(np.abs(np.fft.rfft(frames * np.hanning(FRAME), SPECTRUM, axis=1)))
    hertz, clarity = pitches(spectra)
    loud = powers > max(QUIETEST_SHARE * float(np.percentile(powers, 90)), 1e-9)
    sure = loud & (clarity >= CLEAR)
    if not sure.any():
        return None
    middle = float(np.median(hertz[sure]))
    semitones = 12 * np.log2(hertz / middle)
    voiced = _steady(loud & (clarity >= STILL_CLEAR), sure)
    whole = _without_leaps(Melody(middle, np.where(voiced, _smooth(semitones), 0.0), voiced))
    return Melody(middle, whole, voiced & (np.abs(whole) < OCTAVE))


def _without_leaps(sung: Melody) -> Numbers:
    """No voice leaps an octave within a stretch: what seems to is brought to where most of the stretch lies."""
    whole = sung.semitones.copy()
    for start, end in sung.stretches():
        smooth = np.unwrap(whole[start:end], period=12)
        whole[start:end] = smooth - np.median(smooth - whole[start:end])
    return whole


def _steady(able: Flags, sure: Flags) -> Flags:
    """Stretches long enough to have a melody, and clear somewhere."""
    kept = np.zeros_like(able)
    for start, end in Melody(0.0, np.zeros(0), able).stretches():
        kept[start:end] = end - start >= SHORTEST_STEPS and sure[start:end].sum() >= SHORTEST_STEPS // 2
    return kept


def _smooth(values: Numbers) -> Numbers:
    """The middle of five: a single wrong frame is no melody."""
    return np.asarray(
        np.median(np.lib.stride_tricks.sliding_window_view(np.pad(values, 2, "edge"), 5), axis=1)
    )


def marks(sound: Sound, sung: Melody) -> Places:
    """Rising, from frame 0 to the one after the last."""
    wave = sound.samples.reshape(-1).astype(np.float64)
    apart = UNVOICED_SECONDS * sound.rate
    found = [0]
    for start, end in sung.stretches():
        voiced = _Stretch(wave, sung, start, end, sound.rate).marks()
        after = [at for at in voiced if at > found[-1]]
        if after:
            found += [*_between(found[-1], after[0], apart), *after]
    return np.array([*found, *_between(found[-1], len(wave), apart), len(wave)], dtype=np.int64)


def _between(first: int, last: int, apart: float) -> list[int]:
    count = max(1, round((last - first) / apart))
    return [first + (last - first) * at // count for at in range(1, count)]


class _Stretch:
    """One voiced stretch of a wave."""

    def __init__(self, wave: Numbers, sung: Melody, start: int, end: int, rate: int) -> None:
        self._wave = wave
        self._steps = np.arange(start, end) * STEP * rate / SPEECH_RATE
        self._periods = rate / (sung.middle * 2 ** (sung.semitones[start:end] / 12))

    def marks(self) -> list[int]:
        first, last = int(self._steps[0]), min(int(self._steps[-1]), len(self._wave) - 1)
        if last <= first:
            return []
        loudest = first + int(np.abs(self._wave[first:last]).argmax())
        before = self._walked(loudest, first, last, back=True)
        return [*reversed(before), loudest, *self._walked(loudest, first, last, back=False)]

    def _walked(self, at: int, first: int, last: int, back: bool) -> list[int]:
        found: list[int] = []
        while True:
            period = int(np.interp(at, self._steps, self._periods))
            near, far = int(EARLIEST * period), int(LATEST * period)
            low, high = (at - far, at - near) if back else (at + near, at + far)
            if low < first or high > last:
                return found
            at = self._most_alike(at, low, high, period)
            found.append(at)

    def _most_alike(self, at: int, low: int, high: int, period: int) -> int:
        """The place whose period, half of it to either side, is most like the one around `at`."""
        half = period // 2
        model = self._around(at - half, at + half)
        window = self._around(low - half, high + half)
        alike = np.correlate(window, model, "valid")
        squares = np.concatenate(([0.0], np.cumsum(window * window)))
        energy = squares[len(model) :] - squares[: -len(model)]
        return low + int(np.argmax(alike / np.sqrt(np.maximum(energy, 1e-9))))

    def _around(self, first: int, last: int) -> Numbers:
        """A piece of the wave, with silence where there is none of it."""
        inside = self._wave[max(first, 0) : max(last, 0)]
        return np.pad(inside, (max(-first, 0), max(last - len(self._wave), 0)))
