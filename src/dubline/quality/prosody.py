"""How a line is said beside how it was said: where it is loud and where it falls, and whether a question rises."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.craft.voices.traits import HOP, voiced_pitches
from dubline.domain.script import Line
from dubline.quality.dubbing import Dubbed
from dubline.quality.sounding import played, true_voice
from dubline.sound.loudness import weighted_powers
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.sound.resample import at_rate

SHORTEST = 1.0
"""Seconds; shorter lines have no shape."""
PLACES = 20
"""At which the two loudnesses are compared, evenly from first sound to last."""
SMOOTHING = np.hanning(7)[1:-1]
"""Over five hops of a tenth of a second."""
AUDIBLE_SHARE = 0.01
"""Hops softer than this share of the loud ones are pauses."""
FLAT = 0.1
"""dB of spread under which there is no shape to follow."""

ENDING = round(0.3 * SPEECH_RATE / HOP)
"""Voiced frames at the end of a line; a line with less than twice as many has no end of its own."""
RISE = 1.0
"""Semitones above the line's median."""

QUESTION = ("?", "？", "؟")

Numbers = npt.NDArray[np.float64]


def spreads(dubbed: Dubbed) -> dict[str, list[float]]:
    """Line by line; one that should have a dub and has none follows nothing and does not rise."""
    voice = true_voice(dubbed.clip.truth, SPEECH_RATE) or dubbed.voices
    alike, rises = list[float | None](), list[float | None]()
    for line in dubbed.script.lines:
        if line.keep_original:
            continue
        dub = _heard(dubbed, line)
        if line.span.duration >= SHORTEST:
            alike.append(contour_likeness(voice.cut(line.span), dub))
        if line.source_text.rstrip().endswith(QUESTION):
            rises.append(rises_at_end(dub))
    return {"contour": _known(alike), "question_rises": _known(rises)}


def _known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _heard(dubbed: Dubbed, line: Line) -> Sound:
    """The line's take as it is played; silence where it has none."""
    if line.fit and line.take:
        for piece in dubbed.pieces:
            if (piece.span.start, piece.take.digest) == (line.fit.span.start, line.take.sound.digest):
                return at_rate(played(dubbed, piece), SPEECH_RATE)
    return Sound(np.zeros(0, dtype=np.float32), SPEECH_RATE)


def contour_likeness(original: Sound, dub: Sound) -> float | None:
    """Correlation of the two loudnesses in dB over relative time; none where the original has no shape."""
    wanted, found = _levels(original), _levels(dub)
    if wanted is None or wanted.std() < FLAT:
        return None
    if found is None or found.std() < FLAT:
        return 0.0
    return float(np.corrcoef(wanted, found)[0, 1])


def _levels(voice: Sound) -> Numbers | None:
    """Smoothed over half a second of what is voiced, from the first to the last of it."""
    powers = weighted_powers(voice)
    if len(powers) < len(SMOOTHING) or not np.any(powers):
        return None
    heard = powers > AUDIBLE_SHARE * np.percentile(powers, 90)
    shares = np.convolve(heard, SMOOTHING, "same")
    (at,) = np.nonzero(heard)
    levels = 10 * np.log10(np.convolve(powers * heard, SMOOTHING, "same")[at] / shares[at])
    return np.asarray(np.interp(np.linspace(at[0], at[-1], PLACES), at, levels))


def rises_at_end(dub: Sound) -> float | None:
    """1 where the last voiced 0.3 s lie above the line's own pitch, else 0; none where that cannot be heard."""
    if dub.frames == 0:
        return 0.0
    pitches = voiced_pitches(dub)
    if len(pitches) < 2 * ENDING:
        return None
    return float(12 * np.log2(np.median(pitches[-ENDING:]) / np.median(pitches)) > RISE)
