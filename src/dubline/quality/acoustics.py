"""Sound: how cleanly voices and background came apart, and what the mix made of them.

Levels are told in decibels. Stems are the truth: the voices alone, and everything else alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
import numpy.typing as npt

from dubline.domain.time import Span
from dubline.sound.pcm import Samples, Sound

Spectrum = npt.NDArray[np.complex128]

QUIETEST = -60.0
"""dB that stand for nothing at all."""
FRAME, HOP = 2048, 1024
FEWEST_FRAMES = 24
STEREO = 2
NARROWEST = 1e-4
"""Width under which a sound counts as mono."""
SILENT = 1e-6
"""Root mean square under which there is nothing to compare with."""


def si_sdr(truth: Samples, estimate: Samples) -> float | None:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019); both as [frames] or [frames, channels]."""
    s, e = (np.asarray(each, dtype=np.float64).reshape(-1) for each in (truth, estimate))
    power = float(s @ s)
    if power < SILENT**2 * len(s) or not len(s):
        return None
    target = (float(e @ s) / power) * s
    return decibels(float(target @ target), float(np.square(e - target).sum()))


def decibels(power: float, reference: float) -> float:
    """Between −60 and 60, where it is all or nothing."""
    if power <= 0:
        return QUIETEST
    return min(-QUIETEST, max(QUIETEST, 10 * log10(power / reference))) if reference > 0 else -QUIETEST


def level_change(before: Sound, after: Sound, spans: Sequence[Span]) -> float | None:
    """How much louder a sound has become within some spans."""
    old, new = (
        sum(float(np.square(each.cut(s).samples, dtype=np.float64).sum()) for s in spans)
        for each in (before, after)
    )
    return decibels(new, old) if old > 0 else None


def width(sound: Sound) -> float | None:
    """Power of the difference of the channels over that of their sum; none where there is but one."""
    if sound.channels < STEREO or not sound.frames:
        return None
    left, right = sound.samples[:, 0].astype(np.float64), sound.samples[:, 1].astype(np.float64)
    middle, side = float(np.square(left + right).sum()), float(np.square(left - right).sum())
    return side / middle if middle else None


def width_change(original: Sound, dub: Sound) -> float | None:
    """How much wider the dub is; none where the original has no width to keep."""
    before, after = width(original), width(dub)
    if before is None or after is None or before < NARROWEST:
        return None
    return decibels(after, before)


@dataclass(frozen=True)
class Shares:
    """What of each known sound is in a mix, in dB of its own power."""

    voice: float | None
    background: float | None


def shares(
    mix: Sound, voice: Sound, background: Sound | None, dub: Sound, spans: Sequence[Span]
) -> Shares | None:
    """The mix within some spans explained by the original voice, the background and the dub, frequency by
    frequency (least squares). `voice` of the answer is the leak, `background` how much is left of the background."""
    known = [voice, dub] if background is None else [voice, dub, background]
    spectra = (
        [np.concatenate([_spectrum(each, span) for span in spans]) for each in (mix, *known)] if spans else []
    )
    if not spectra or len(spectra[0]) < FEWEST_FRAMES:
        return None
    parts = _explained(spectra[0], spectra[1:])
    return Shares(parts[0], parts[2] if background is not None else None)


def _explained(mix: Spectrum, known: Sequence[Spectrum]) -> list[float | None]:
    """Power of each known sound's part in the mix over its own. Chance alone lets every sound explain something of
    what is left over; what chance explains on average is taken off."""
    table = np.stack(known)
    weights = np.square(np.abs(table)).sum(axis=1).T
    alike = np.einsum("itf,jtf->fij", table.conj(), table)
    inverse = np.linalg.pinv(alike, rcond=1e-8, hermitian=True)
    factors = np.einsum("fij,jf->fi", inverse, np.einsum("itf,tf->if", table.conj(), mix))
    rest = np.square(np.abs(mix - np.einsum("fi,itf->tf", factors, table))).sum(axis=0)
    chance = np.real(np.einsum("fii->fi", inverse)) * (rest / max(1, len(mix) - len(known)))[:, None]
    found = ((np.square(np.abs(factors)) - chance) * weights).sum(axis=0)
    powers = weights.sum(axis=0)
    return [
        decibels(float(part), float(power)) if power > 0 else None
        for part, power in zip(found, powers, strict=True)
    ]


def _spectrum(sound: Sound, span: Span) -> Spectrum:
    """[frames, frequencies] of the sound's mono."""
    samples = sound.mono().cut(span).samples.astype(np.float64)
    if len(samples) < FRAME:
        return np.zeros((0, FRAME // 2 + 1), dtype=np.complex128)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]
    return np.asarray(np.fft.rfft(frames * np.hanning(FRAME), axis=1))


def lag(one: Samples, other: Samples, rate: int, most: float = 0.5) -> float | None:
    """Seconds the second sound comes after the first, by where they are most alike."""
    size = 1 << (len(one) + len(other)).bit_length()
    a, b = np.fft.rfft(one.astype(np.float64), size), np.fft.rfft(other.astype(np.float64), size)
    alike = np.fft.irfft(b * np.conj(a), size)
    reach = int(most * rate)
    window = np.concatenate([alike[-reach:], alike[: reach + 1]])
    return (int(window.argmax()) - reach) / rate if window.max() > 0 else None
