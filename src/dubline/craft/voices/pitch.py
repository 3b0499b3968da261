"""Speech moved to another pitch level: the voice stays who it is, its melody keeps its shape.

The take is stretched and then played faster or slower, which moves pitch and formants together; the envelope of its
spectrum is then put back where it was, or a deep voice made high would sound like a child's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.craft.stretch import time_stretch
from dubline.sound.pcm import Samples, Sound
from dubline.sound.resample import at_rate

MOST = 2.5
"""Semitones either way. Measured on four voices with 31 words each: a recogniser misheard none of the moved takes,
the pitch arrived within 0.3 semitones, formants stayed within 2 %, and the voice encoder still heard the same voice
(cosine 0.82-0.92; at 4 semitones 0.72-0.87)."""

LEAST = 0.3
"""What nobody hears is not worth touching the sound for."""

WINDOW_SECONDS = 0.032
LIFTER_SECONDS = 0.0016
"""Quefrencies below this are the envelope: shorter than a period of the highest voice."""

MOST_GAIN = 4.0
LOUDEST = 0.95


def shift(sound: Sound, semitones: float) -> Sound:
    """Mono speech so many semitones higher, at its own length to the frame."""
    if abs(semitones) < LEAST or sound.frames == 0:
        return sound
    factor = 2 ** (semitones / 12)
    stretched = time_stretch(sound, factor)
    played = at_rate(Sound(stretched.samples, round(sound.rate * factor)), sound.rate).samples
    moved = np.zeros(sound.frames, dtype=np.float32)
    moved[: len(played)] = played[: sound.frames]
    return Sound(_unclipped(_formants_back(moved, sound.rate, factor)), sound.rate)


def _unclipped(samples: Samples) -> Samples:
    peak = float(np.abs(samples).max())
    return samples if peak <= LOUDEST else np.asarray(samples * np.float32(LOUDEST / peak), dtype=np.float32)


def _formants_back(samples: Samples, rate: int, factor: float) -> Samples:
    """Each short frame filtered by what its envelope would be had it not moved, over what it is."""
    size = 1 << round(np.log2(WINDOW_SECONDS * rate))
    hop = size // 4
    padded = np.pad(samples, (size, 2 * size)).astype(np.float64)
    window = np.sqrt(np.hanning(size + 1)[:-1])
    views = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    spectra = np.fft.rfft(views * window, axis=1)
    frames = np.fft.irfft(spectra * _gains(spectra, rate, factor), size, axis=1) * window
    out = np.zeros(len(padded))
    for place, frame in enumerate(frames):
        out[place * hop : place * hop + size] += frame
    return (out[size : size + len(samples)] / 2).astype(np.float32)


def _gains(spectra: npt.NDArray[np.complex128], rate: int, factor: float) -> npt.NDArray[np.float64]:
    size = 2 * (spectra.shape[1] - 1)
    cepstra = np.fft.irfft(np.log(np.abs(spectra) + 1e-7), size, axis=1)
    kept = int(LIFTER_SECONDS * rate)
    cepstra[:, kept : size - kept + 1] = 0.0
    envelope = np.fft.rfft(cepstra, axis=1).real
    bins = np.arange(spectra.shape[1])
    there = np.minimum(bins * factor, bins[-1])
    below = np.minimum(there.astype(np.int64), bins[-1] - 1)
    part = there - below
    wanted = envelope[:, below] * (1 - part) + envelope[:, below + 1] * part
    limit = np.log(MOST_GAIN)
    return np.asarray(np.exp(np.clip(wanted - envelope, -limit, limit)), dtype=np.float64)
