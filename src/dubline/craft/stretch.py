"""Speech made faster or slower at its own pitch (waveform-similarity overlap-add).

Short frames are laid closer together or farther apart; each is taken from the place, a few milliseconds around
its due one, where the wave goes on most like it did, so that the periods of the voice stay whole.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples, Sound

FRAME_SECONDS = 0.030
SEARCH_SECONDS = 0.010

Wave = npt.NDArray[np.float64]


def time_stretch(sound: Sound, factor: float) -> Sound:
    """The sound at `factor` times its length, to the frame: 0.8 is a quarter faster. At 1 it is itself."""
    wanted = round(sound.frames * factor)
    if sound.frames in (wanted, 0):
        return sound
    half = max(8, int(FRAME_SECONDS * sound.rate) // 2)
    if min(sound.frames, wanted) < 4 * half:
        return Sound(_resampled(sound.samples, wanted), sound.rate)
    return Sound(_overlap_added(sound.samples, wanted, half, int(SEARCH_SECONDS * sound.rate)), sound.rate)


def _resampled(samples: Samples, wanted: int) -> Samples:
    """Less than two frames of sound is a click or a breath: its pitch is nobody's concern."""
    old, new = np.arange(len(samples)), np.linspace(0, len(samples) - 1, wanted)
    if samples.ndim == 1:
        return np.interp(new, old, samples).astype(np.float32)
    return np.stack([np.interp(new, old, channel) for channel in samples.T], axis=1).astype(np.float32)


def _overlap_added(samples: Samples, wanted: int, half: int, search: int) -> Samples:
    """Frames of two halves; each output half fades from the old frame's second half to the new frame's first."""
    frames = len(samples)
    guide = samples.astype(np.float64) if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float64)
    fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(half) + 0.5) / half)
    rise = fade if samples.ndim == 1 else fade[:, None]
    out = np.empty((wanted, *samples.shape[1:]))
    steps = (wanted - half) // half
    out[:half] = samples[:half]
    at = 0
    for step in range(1, steps):
        due = round(step * half * (frames - 2 * half) / (wanted - 2 * half))
        natural = at + half
        at = _most_alike(guide, natural, due, half, search)
        place = step * half
        out[place : place + half] = (1 - rise) * samples[natural : natural + half] + rise * samples[
            at : at + half
        ]
    return _ended(out, samples, at + half, steps * half).astype(np.float32)


def _most_alike(guide: Wave, natural: int, due: int, half: int, search: int) -> int:
    """The start near the due place whose half frame is most like the natural continuation."""
    last = len(guide) - 2 * half
    low, high = max(0, due - search), min(last, due + search)
    if low <= natural <= high and abs(natural - due) <= search // 2:
        return natural
    low = min(low, last)
    model = guide[natural : natural + half]
    window = guide[low : max(low, high) + half]
    alike = _correlated(window, model)
    squares = np.concatenate(([0.0], np.cumsum(window * window)))
    energy = squares[half:] - squares[:-half]
    return low + int(np.argmax(alike / np.sqrt(np.maximum(energy, 1e-9))))


def _correlated(window: Wave, model: Wave) -> Wave:
    size = 1 << (len(window) + len(model)).bit_length()
    product = np.fft.rfft(window, size) * np.conj(np.fft.rfft(model, size))
    return np.fft.irfft(product, size)[: len(window) - len(model) + 1]


def _ended(out: Wave, samples: Samples, natural: int, place: int) -> Wave:
    """The tail as it was recorded, faded in over what the last frame left."""
    left = len(out) - place
    tail = samples[len(samples) - left :]
    rest = samples[natural : natural + left]
    fade = np.ones(left)
    fade[: len(rest)] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(len(rest)) + 0.5) / max(1, len(rest)))
    rise = fade if samples.ndim == 1 else fade[:, None]
    out[place:] = rise * tail
    out[place : place + len(rest)] += (1 - rise[: len(rest)]) * rest
    return out
