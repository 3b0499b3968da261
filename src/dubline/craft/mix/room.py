"""The dub stands in the original's room: a take rings on as the original does, a little, for words must stay clear.

Only where the original clearly rings: a room that is not there is heard at once, one that is missing hardly.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.craft.mix.decay import LONGEST, SHORTEST, decay_of
from dubline.domain.time import Span, ticks
from dubline.sound.loudness import loudness
from dubline.sound.pcm import Samples, Sound

CLEARLY = 0.28
"""Seconds. Of 28 recordings made close to the mouth none came out at more than 0.20, and at no more than 0.27 when
put into a room of 0.2 s, which hardly sounds like one."""

MOST_TAIL, FADE = 0.35, 0.06
"""Seconds a take rings on at most, and in which what is left then goes."""
TAIL = ticks(MOST_TAIL)
SOFT_END = 0.008
"""Seconds in which the take itself ends, so that no click rings on."""

LEAST_WET, MOST_WET, FULLY = -20.0, -12.0, 0.55
"""dB of the ringing against the take, at CLEARLY and at FULLY seconds. More would blur words."""

REFLECTIONS = ((0.0053, 0.9), (0.0089, -0.7), (0.0137, 0.6), (0.0191, 0.5), (0.0263, -0.4))
"""Seconds and heights of the first echoes."""
LATE, LATE_STRENGTH = 0.015, 11.0
"""Seconds after which there are too many echoes to count them; together they are about as strong as the first."""
LOW, HIGH = 200.0, 3500.0
"""Hz between which the room answers: lower it booms, higher the air and the walls take the sound."""
SPEECH = (250.0, 4000.0)
"""Hz in which the ringing is held against the take."""

Numbers = npt.NDArray[np.float64]


def room_of(voice: Sound) -> float:
    """Seconds in which the room of 16 kHz mono speech falls by 60 dB; 0 where it is dry or cannot be told."""
    decay = decay_of(voice)
    return decay if decay >= CLEARLY else 0.0


def heard(span: Span, room: float) -> Span:
    """When a take is heard at most that plays over a span: it rings on after it."""
    return Span(start=span.start, end=span.end + TAIL) if room > 0 else span


def in_room(take: Sound, room: float) -> Sound:
    """A mono take with its room: as loud as before, and longer by nothing but its tail. A room somebody wrote into
    the script is taken for the nearest there can be."""
    from scipy.signal import fftconvolve

    if not room > 0 or take.frames == 0:
        return take
    dry = _ended(take.samples.reshape(-1), round(SOFT_END * take.rate))
    rung = fftconvolve(dry, _response(min(max(room, SHORTEST), LONGEST), take.rate)).astype(np.float32)
    rung[: take.frames] += dry
    louder = loudness(Sound(rung[: take.frames], take.rate)) - loudness(take)
    return Sound(rung * np.float32(10 ** (-louder / 20)), take.rate)


@cache
def _response(room: float, rate: int) -> Samples:
    """What a room adds to a click: a few echoes, then too many to count, ever softer and none of them bright."""
    from scipy.signal import butter, sosfilt

    seconds = np.arange(round(min(room, MOST_TAIL) * rate)) / rate
    # RandomState, because its numbers are promised to stay the same in every version.
    echoes = np.random.RandomState(1).standard_normal(len(seconds)) * LATE_STRENGTH / np.sqrt(rate)
    echoes[seconds < LATE] = 0
    for second, height in REFLECTIONS:
        echoes[round(second * rate)] += height
    band = butter(1, (LOW, HIGH), "bandpass", fs=rate, output="sos")
    response = np.asarray(sosfilt(band, echoes * 10 ** (-3 * seconds / room)), dtype=np.float32)
    response = _ended(response, round(FADE * rate))
    return np.asarray(response * _wet(room) / _strength(response, rate), dtype=np.float32)


def _wet(room: float) -> float:
    """The longer a recording rings, the more of it is ringing; as a factor."""
    return float(10 ** (np.interp(room, (CLEARLY, FULLY), (LEAST_WET, MOST_WET)) / 20))


def _strength(response: Samples, rate: int) -> float:
    """By how much it would change the level of speech."""
    spectrum = np.abs(np.fft.rfft(response))
    hertz = np.fft.rfftfreq(len(response), 1 / rate)
    return float(np.sqrt(np.square(spectrum[(hertz >= SPEECH[0]) & (hertz < SPEECH[1])]).mean()))


def _ended(samples: Samples, fade: int) -> Samples:
    """Softly down to nothing at its end."""
    fade = min(fade, len(samples))
    ended = samples.copy()
    ended[len(samples) - fade :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(fade) + 1) / fade)
    return ended
