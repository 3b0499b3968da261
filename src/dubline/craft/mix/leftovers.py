"""What a separator leaves of the voice in the background, taken down to what is heard there anyway.

Separators miss hisses, whole syllables, and the room's answer to a voice. How loud the background really is, one
hears in the pauses, and from what stays when a syllable is over: leftovers come and go with the voice, music and
noise go on. While somebody speaks, each band of the background may be a little louder than that, and no more.
Where there are no pauses to compare with, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.sound.pcm import PROGRAMME_RATE, Samples
from dubline.sound.spectrum import Frames, Spectra

SPECTRUM = Frames(size=1536, hop=512)
"""32 ms: short enough to catch a hiss."""
PER_SECOND = PROGRAMME_RATE / SPECTRUM.hop

RINGING = 0.15
"""Seconds around speech that are neither pause nor, for certain, without voice."""

NEAR, LOOKS = 12.0, 0.5
"""Seconds around a moment whose pauses say how loud the background is there; looked up so often."""
ENOUGH = 0.25
"""Seconds of pauses; fewer tell nothing."""
USUAL = 0.9
"""Share of the pauses that is no louder than what counts as their level."""

SYLLABLES = 1.0
"""Seconds around a moment in which a voice has surely let go once or twice."""
STAYS = 0.3
"""Share of that time in which nothing but the background is heard."""

MARGIN = 10 ** (6 / 10)
"""What the background may be louder than that."""

UNHEARD = np.float32(0.97)
"""A quarter of a decibel is not worth touching the sound for."""

PIECE = 300
"""Frames at a time, three seconds."""

CONTEXT = NEAR + 1.0
"""Seconds around a stretch that its result depends on."""

Powers = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def cleaned(background: Samples, speech: Sequence[Span]) -> Samples:
    """A 48 kHz background [frames, channels] without leftovers of the voice that speaks in the given spans."""
    frames = len(background)
    more = -(frames + 2 * SPECTRUM.size) % SPECTRUM.hop
    padded = np.pad(background.T, ((0, 0), (SPECTRUM.size, SPECTRUM.size + more)))
    spoken = _spoken(speech, (padded.shape[1] - SPECTRUM.size) // SPECTRUM.hop + 1, frames)
    if np.count_nonzero(~spoken) < ENOUGH * PER_SECOND:
        return background
    gains = _gains(_band_powers(padded), spoken)
    return _applied(padded, gains)[SPECTRUM.size : SPECTRUM.size + frames]


def _spoken(speech: Sequence[Span], count: int, frames: int) -> Flags:
    """Per window whether a voice may be in it; what lies before and after the sound is no pause either."""
    flags = np.zeros(count, dtype=bool)
    flags[: _windows(SPECTRUM.size / PROGRAMME_RATE)] = True
    flags[(frames + SPECTRUM.size // 2) // SPECTRUM.hop :] = True
    for span in speech:
        first = (span.start / TICKS_PER_SECOND - RINGING) * PER_SECOND + SPECTRUM.size / SPECTRUM.hop
        last = (span.end / TICKS_PER_SECOND + RINGING) * PER_SECOND + SPECTRUM.size / SPECTRUM.hop
        flags[max(0, int(first) - 2) : max(0, int(last) + 1)] = True
    return flags


def _piece(samples: Samples, first: int, count: int) -> Spectra:
    at = first * SPECTRUM.hop
    return SPECTRUM.spectra(samples[:, at : at + SPECTRUM.length(count)])


def _band_powers(samples: Samples) -> Powers:
    """[frames, bands], the channels added up."""
    frames = (samples.shape[1] - SPECTRUM.size) // SPECTRUM.hop + 1
    starts = range(0, frames, PIECE)
    return np.concatenate([_in_bands(_piece(samples, first, min(PIECE, frames - first))) for first in starts])


def _in_bands(spectra: Spectra) -> Powers:
    powers = np.square(spectra.real) + np.square(spectra.imag)
    return np.asarray(np.add.reduceat(powers.sum(axis=0), _edges()[:-1], axis=1))


@cache
def _edges() -> npt.NDArray[np.int64]:
    """Bands of a third of an octave, never narrower than three bins."""
    thirds = np.round(12 * 2 ** (np.arange(30) / 3)).astype(int)
    edges = np.concatenate([np.arange(0, 12, 3), thirds[thirds < SPECTRUM.bins - 3], [SPECTRUM.bins]])
    return np.asarray(edges, dtype=np.int64)


def _gains(rest: Powers, spoken: Flags) -> Powers:
    """What each band is taken down to, moment by moment."""
    allowed = MARGIN * np.maximum(_in_pauses(rest, ~spoken), _staying(rest))
    gains = np.sqrt(np.minimum(1.0, allowed / np.maximum(_smooth(rest), 1e-20))).astype(np.float32)
    gains[~spoken] = 1.0
    return _smooth(gains)


def _in_pauses(rest: Powers, pause: Flags) -> Powers:
    """The level in the pauses near by; where there are too few of them, as loud as can be."""
    every, near = _windows(LOOKS), _windows(NEAR)
    levels = np.full((-(-len(rest) // every), rest.shape[1]), np.float32(1e12))
    for row, at in enumerate(range(0, len(rest), every)):
        part = slice(max(0, at - near), at + near)
        quiet = rest[part][pause[part]]
        if len(quiet) >= ENOUGH * PER_SECOND:
            levels[row] = _quantile(quiet, USUAL)
    return np.repeat(levels, every, axis=0)[: len(rest)]


def _staying(rest: Powers) -> Powers:
    """What is heard when a syllable is over."""
    every, near = _windows(LOOKS / 2), _windows(SYLLABLES)
    starts = range(0, len(rest), every)
    levels = np.stack([_quantile(rest[max(0, at - near) : at + near], STAYS) for at in starts])
    return np.repeat(levels, every, axis=0)[: len(rest)]


def _quantile(rows: Powers, share: float) -> Powers:
    place = min(len(rows) - 1, int(share * len(rows)))
    return np.asarray(np.partition(rows, place, axis=0)[place])


def _smooth(values: Powers) -> Powers:
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(values, 3, axis=0, mode="nearest"))


def _windows(seconds: float) -> int:
    return max(1, round(seconds * PER_SECOND))


def _applied(samples: Samples, gains: Powers) -> Samples:
    """[channels, frames] without what each band has too much, as [frames, channels]; the rest stays bit for bit."""
    out = samples.copy()
    widths = np.diff(_edges())
    too_much = np.where(gains < UNHEARD, 1 - gains, np.float32(0))
    for first in range(0, len(gains), PIECE):
        part = too_much[first : first + PIECE]
        if part.any():
            at = first * SPECTRUM.hop
            taken = SPECTRUM.samples(_piece(samples, first, len(part)) * np.repeat(part, widths, axis=1))
            out[:, at : at + taken.shape[1]] -= taken
    return np.ascontiguousarray(out.T)
