"""How a voice sounds: its pitch, how lively and how bright it is, and whether that is a woman's or a man's.

Pitch is the lag at which a frame repeats itself best (autocorrelation, corrected for the window's own), taken
over frames that repeat themselves clearly; noise and most music under speech do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.vocal_tract import VocalTract, vocal_tract
from dubline.domain.speech import Gender, Traits
from dubline.domain.time import Span
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

Numbers = npt.NDArray[np.float64]

FRAME, HOP, SPECTRUM = 800, 240, 2048
"""50 ms every 15 ms: three periods of the deepest voice."""

LOWEST, HIGHEST = 70.0, 450.0
CLEAR = 0.6
"""Likeness from which on a frame counts as voiced."""

OCTAVE_COST = 0.06
"""What a lag twice as long must be better by: every repetition repeats itself at double the lag, too."""

QUIETEST_SHARE = 0.03
"""Frames with less power than this share of the loud ones say nothing about the voice."""

MOST_FRAMES = 4000
"""A minute of speech tells as much as an hour."""

FEWEST_VOICED = 25
BETWEEN, PER_OCTAVE = 163.0, 9.0
"""Between the pitches of most men and most women, in Hz, and what the evidence grows by per octave from there."""

SPACING_BETWEEN, PER_HERTZ, FARTHEST = 1115.0, 0.05, 150.0
"""Likewise for the distance of formants; one farther off than people have is a formant not found."""

SURE, CHILDLIKE = 0.85, 290.0

OCTAVE = 9.0
"""Semitones from the middle from which on a pitch is taken for an error of an octave."""

SWING_FRAMES, MOST_ERRORS = 200, 0.15
"""What a swing is told from: half a dozen seconds of speech, most of it followed well. Of the real recordings, four
have as much in either half: their halves differ by 3 to 16 %. With less than that it is up to a half."""


def traits(sound: Sound, speech: Sequence[Span] | None = None) -> Traits:
    """Of 16 kHz mono sound in which one voice speaks, in the given spans or throughout."""
    parts = [sound] if speech is None else [sound.cut(span) for span in speech]
    frames = _frames(parts)
    if not len(frames):
        return Traits()
    spectra = _spectra(frames)
    hertz, clarity = pitches(spectra)
    voiced = clarity >= CLEAR
    if np.count_nonzero(voiced) < FEWEST_VOICED:
        return Traits()
    pitch, spread = _middle(hertz[voiced])
    gender, confidence = _gender(pitch, vocal_tract(parts))
    return Traits(
        gender=gender,
        confidence=round(confidence, 3),
        pitch=round(pitch, 1),
        pitch_spread=round(spread, 1),
        brightness=round(_brightness(spectra[voiced]), 1),
        swing=_swing(hertz[voiced], pitch),
    )


def voiced_pitches(sound: Sound) -> Numbers:
    """Of 16 kHz mono sound: the pitch of each clearly voiced frame in Hz, in their order."""
    spectra = _spectra(_frames([sound]))
    hertz, clarity = pitches(spectra)
    return hertz[clarity >= CLEAR]


def _spectra(frames: Samples) -> Numbers:
    return np.square(np.abs(np.fft.rfft(frames * np.hanning(FRAME), SPECTRUM, axis=1)))


def _frames(parts: Sequence[Sound]) -> Samples:
    """[frames, FRAME], the loud ones, thinned evenly where there are many."""
    views = [
        np.lib.stride_tricks.sliding_window_view(part.samples.reshape(-1), FRAME)[::HOP]
        for part in parts
        if part.frames >= FRAME
    ]
    if not views:
        return np.zeros((0, FRAME), dtype=np.float32)
    step = -(-sum(map(len, views)) // MOST_FRAMES)
    frames = np.concatenate([view[::step] for view in views])
    frames = frames - frames.mean(axis=1, keepdims=True)
    powers = np.square(frames).mean(axis=1)
    loud = float(np.percentile(powers, 90))
    return np.asarray(frames[powers > max(QUIETEST_SHARE * loud, 1e-12)], dtype=np.float32)


def pitches(spectra: Numbers) -> tuple[Numbers, Numbers]:
    """Per frame the pitch in Hz and how clearly the frame repeats itself, 0 to 1."""
    likeness = np.fft.irfft(spectra, axis=1)
    window = np.fft.irfft(np.square(np.abs(np.fft.rfft(np.hanning(FRAME), SPECTRUM))))
    first, last = int(SPEECH_RATE / HIGHEST), int(SPEECH_RATE / LOWEST)
    lags = np.arange(first, last + 1)
    clear = likeness[:, lags] / np.maximum(likeness[:, :1], 1e-20) / (window[lags] / window[0])
    best = (clear - OCTAVE_COST * np.log2(lags / first)).argmax(axis=1)
    inner = np.clip(best, 1, len(lags) - 2)
    rows = np.arange(len(clear))
    before, at, after = clear[rows, inner - 1], clear[rows, inner], clear[rows, inner + 1]
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-12), 0.0)
    exact = np.clip(inner + shift, 0, len(lags) - 1) + first
    on_edge = (best == 0) | (best == len(lags) - 1)
    return SPEECH_RATE / exact, np.where(on_edge, 0.0, clear[rows, best])


def _middle(pitches: Numbers) -> tuple[float, float]:
    """Median and spread; a quarter on either side may be wrong by an octave and change neither."""
    low, middle, high = np.percentile(pitches, [25, 50, 75])
    return float(middle), float((high - low) / 1.349)


def _swing(pitches: Numbers, middle: float) -> float | None:
    away = 12 * np.log2(pitches / middle)
    right = away[np.abs(away) < OCTAVE]
    if len(away) < SWING_FRAMES or len(right) < (1 - MOST_ERRORS) * len(away):
        return None
    low, high = np.percentile(right, [10, 90])
    return round(float(high - low), 2)


def _gender(pitch: float, tract: VocalTract | None) -> tuple[Gender, float]:
    """Very high voices may be children's: they stay unknown."""
    if pitch > CHILDLIKE:
        return Gender.UNKNOWN, 0.0
    evidence = PER_OCTAVE * float(np.log2(pitch / BETWEEN))
    if tract is not None:
        off = float(np.clip(tract.spacing - SPACING_BETWEEN, -FARTHEST, FARTHEST))
        evidence += PER_HERTZ * off * tract.trust
    sure = 1.0 / (1.0 + float(np.exp(-abs(evidence))))
    if sure < SURE:
        return Gender.UNKNOWN, sure
    return (Gender.FEMALE if evidence > 0 else Gender.MALE), sure


def _brightness(spectra: Numbers) -> float:
    """Median over frames of the magnitude spectrum's centre of gravity."""
    magnitudes = np.sqrt(spectra)
    hertz = np.linspace(0.0, SPEECH_RATE / 2, spectra.shape[1])
    return float(np.median((magnitudes @ hertz) / np.maximum(magnitudes.sum(axis=1), 1e-20)))
