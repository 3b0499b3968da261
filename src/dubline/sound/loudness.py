"""Loudness as people hear it (ITU-R BS.1770-4), from powers that can be gathered piece by piece."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Sound

HOP_SECONDS = 0.1
HOPS = 4
"""One power per hop; four hops make one gating block of 0.4 s, which overlaps the next by three quarters."""

SILENCE = -70.0
"""LUFS under which a block counts as silence, and what silence is said to have."""

Powers = npt.NDArray[np.float64]


def weighted_powers(sound: Sound) -> Powers:
    """Mean square of each hop after K-weighting, summed over the channels. An odd rest at the end is left out.

    The weighting is applied to each hop's spectrum instead of to the running samples, which differs from the
    standard's filters by a few hundredths of a decibel and needs no memory from hop to hop.
    """
    hop = int(HOP_SECONDS * sound.rate)
    count = sound.frames // hop
    hops = sound.samples[: count * hop].reshape(count, hop, sound.channels)
    spectra = np.fft.rfft(hops, axis=1)
    powers = np.square(spectra.real, dtype=np.float64) + np.square(spectra.imag, dtype=np.float64)
    return np.asarray(2 * np.einsum("cbk,b->c", powers, _k_weighting(sound.rate, hop)) / hop**2)


def integrated(powers: Powers) -> float:
    """Gated loudness in LUFS of a whole whose hops' powers were gathered in order."""
    if len(powers) == 0:
        return SILENCE
    blocks = powers if len(powers) < HOPS else np.convolve(powers, np.full(HOPS, 1 / HOPS), mode="valid")
    loud = blocks[blocks > _power(SILENCE)]
    if len(loud) == 0:
        return SILENCE
    gated = loud[loud > loud.mean() / 10]
    return round(_lufs(float(gated.mean())), 3)


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS; what is shorter than one hop is heard as if it went on."""
    needed = int(HOP_SECONDS * sound.rate)
    if 0 < sound.frames < needed:
        sound = Sound(np.resize(sound.samples, (needed, *sound.samples.shape[1:])), sound.rate)
    return integrated(weighted_powers(sound))


def true_peak(sound: Sound) -> float:
    """dBTP: the highest value between the samples too, found at four times the rate."""
    import soxr

    if sound.frames == 0:
        return -120.0
    finer = soxr.resample(sound.samples, sound.rate, 4 * sound.rate, quality="MQ")
    highest = max(float(np.abs(finer).max()), float(np.abs(sound.samples).max()))
    return round(20 * math.log10(max(highest, 1e-6)), 3)


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return 10 ** ((lufs + 0.691) / 10)


@cache
def _k_weighting(rate: int, hop: int) -> Powers:
    """Power response of the standard's two filters, a shelf for the head and a high-pass, at a hop's frequencies.

    Their analogue prototypes are those from which the standard's 48 kHz coefficients come.
    """
    z = np.exp(-2j * np.pi * np.arange(hop // 2 + 1) / hop)
    response = np.ones(len(z))
    for b0, b1, b2, _, a1, a2 in (_shelf(rate), _high_pass(rate)):
        response = response * np.abs((b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)) ** 2
    return np.asarray(response)


def _shelf(
    rate: int,
    frequency: float = 1681.974450955533,
    q: float = 0.7071752369554196,
    gain: float = 3.999843853973347,
) -> list[float]:
    k = math.tan(math.pi * frequency / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    return [
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    ]


def _high_pass(rate: int, frequency: float = 38.13547087602444, q: float = 0.5003270373238773) -> list[float]:
    k = math.tan(math.pi * frequency / rate)
    a0 = 1 + k / q + k * k
    return [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
