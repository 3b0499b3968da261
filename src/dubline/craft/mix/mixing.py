"""The dub and the programme in one sound.

Every function here works on any range of the programme by itself; ranges laid side by side are the whole, bit
by bit, so a two-hour programme is mixed in the memory of a few seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dubline.craft.mix import limiter
from dubline.domain.time import Span, ticks
from dubline.sound.loudness import SILENCE
from dubline.sound.pcm import PROGRAMME_RATE, Samples, Sound

PIECE_FADE = ticks(0.008)
BED_FADE = ticks(0.040)
"""How softly the programme gives way to its background and comes back."""

USUAL_LOUDNESS = -23.0
"""EBU R128's programme loudness, for a speaker whose own could not be measured."""

LOUDEST_GAIN, SOFTEST_GAIN = 16.0, -16.0
"""dB. More would lift a synthesizer's own noise, or bury the line."""

LOUDEST_VOICE, SOFTEST_VOICE = -12.0, -40.0
"""LUFS between which a voice is matched: nobody needs a dub that shouts or cannot be heard."""

AROUND = limiter.REACH
"""Frames of programme and background around a range that its mix looks at."""

FULLY_STEREO = 2


@dataclass(frozen=True)
class Piece:
    """A take where it is heard: 48 kHz, mono or stereo, already as long as it plays."""

    start: int
    sound: Sound
    gain: float = 1.0
    pan: float = 0.0
    """−1 is left, +1 right: the difference of the channels' powers over their sum."""

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.start + self.sound.frames)


def dub_gain(take: float, original: float | None, speaker: float | None = None) -> float:
    """The factor that makes a take as loud as the voice it stands for; loudnesses in LUFS.

    `original` is the line's own loudness, `speaker` that of everything its speaker says: between the two lies
    a line that is whispered softly and shouted loudly, yet not at the mercy of one bad measurement.
    """
    if take <= SILENCE:
        return 1.0
    known = [level for level in (original, speaker) if level is not None and level > SILENCE]
    wanted = sum(known) / len(known) if known else USUAL_LOUDNESS
    wanted = min(max(wanted, SOFTEST_VOICE), LOUDEST_VOICE)
    return float(10 ** (min(max(wanted - take, SOFTEST_GAIN), LOUDEST_GAIN) / 20))


def pan_of(voice: Sound) -> float:
    """Where a voice stands between the channels of a stereo sound; 0 where that cannot be told."""
    if voice.channels < FULLY_STEREO:
        return 0.0
    left, right = np.square(voice.samples[:, :2], dtype=np.float64).sum(axis=0)
    return float((right - left) / (left + right)) if left + right > 0 else 0.0


@dataclass(frozen=True)
class Bed:
    """What lies under the dub: the programme and its background over the same stretch, stereo at 48 kHz."""

    heard: Span
    programme: Sound
    background: Sound


def reach(span: Span, duration: int) -> Span:
    """What a bed must cover so that a range can be mixed: AROUND more on each side, within the programme."""
    return Span(start=max(0, span.start - AROUND), end=min(duration, span.end + AROUND))


def mix(span: Span, bed: Bed, pieces: Sequence[Piece], replaced: Sequence[Span]) -> Sound:
    """One range of the dubbed programme. Outside `replaced` and pieces the programme itself is heard, untouched."""
    samples = _bed(bed, replaced)
    touched = _share(bed, [*replaced, *(piece.span for piece in pieces)])
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.sound.frames)):
        _add(samples, bed.heard.start, piece)
    done = limiter.limited(samples, bed.heard.start, touched)
    first = span.start - bed.heard.start
    return Sound(np.ascontiguousarray(done[first : first + span.length]), PROGRAMME_RATE)


def _bed(bed: Bed, replaced: Sequence[Span]) -> Samples:
    share = _share(bed, replaced)[:, None]
    return np.asarray((1 - share) * bed.programme.samples + share * bed.background.samples)


def _share(bed: Bed, spans: Sequence[Span]) -> Samples:
    """1 inside the spans, softly 0 outside."""
    share = np.zeros(bed.heard.length, dtype=np.float32)
    for span in spans:
        _rise(share, bed.heard.start, span)
    return share


def _rise(share: Samples, first: int, span: Span) -> None:
    """1 inside the span, softly 0 just outside it; where two spans meet the greater share counts."""
    start, end = span.start - BED_FADE, span.end + BED_FADE
    low, high = max(start - first, 0), min(end - first, len(share))
    if low < high:
        at = np.arange(low + first, high + first)
        np.maximum(share[low:high], _eased(at, start, end, BED_FADE), out=share[low:high])


def _eased(at: npt.NDArray[np.int64], start: int, end: int, fade: int) -> Samples:
    """A soft rise after the start and fall before the end; looked up, so that a moment's value is always one."""
    return _fade(fade)[np.minimum(np.minimum(at + 1 - start, end - at), fade)]


@cache
def _fade(length: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(length + 1) / length)).astype(np.float32)


def _add(samples: Samples, first: int, piece: Piece) -> None:
    span = piece.span
    low, high = max(span.start, first), min(span.end, first + len(samples))
    if low < high:
        sides = (piece.gain * np.sqrt([1 - piece.pan, 1 + piece.pan])).astype(np.float32)
        ease = _eased(np.arange(low, high), span.start, span.end, PIECE_FADE)
        voice = piece.sound.samples.reshape(piece.sound.frames, -1)[low - span.start : high - span.start]
        samples[low - first : high - first] += voice * sides * ease[:, None]
