"""Word times as a dub needs them.

Whisper's alignment hands every instant of a window to some word, so a word before or after a pause swallows
the pause, the first word may start long before the voice, and now and then a word gets no time at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dubline.engines.transcriber.faster_whisper.levels import FRAME_SECONDS, Levels

EARLY = 0.05
"""How much too soon the alignment is, start and end alike, against two corpora aligned by other means."""
SHORTEST_WORD = 0.04
SHORTEST_PAUSE = 0.12
"""Quiet of this length inside a word's time is a pause; shorter quiet is the closure of a consonant."""
LEAD_IN = 0.03
"""Kept before the voice: soft consonants begin below the threshold."""
LEAST_CONTRAST_DB = 12.0
VOICE_SHARE = 0.35


@dataclass(frozen=True)
class Heard:
    """A word with its time in seconds from the start of its window."""

    text: str
    start: float
    end: float
    confidence: float


def settle(words: Sequence[Heard], levels: Levels, duration: float) -> list[Heard]:
    """Words in order, each with a length, none overlapping, pauses left to nobody."""
    voiced = _voiced(levels)
    later = [replace(word, start=word.start + EARLY, end=word.end + EARLY) for word in words]
    trimmed = [_trim(word, voiced) for word in later] if voiced is not None else later
    return _in_order(trimmed, duration)


def _voiced(levels: Levels) -> npt.NDArray[np.bool_] | None:
    """Which 10 ms frames carry voice; None where voice does not stand out from what is behind it."""
    if len(levels) == 0:
        return None
    floor, top = np.percentile(levels, [5, 95])
    if top - floor < LEAST_CONTRAST_DB:
        return None
    return np.asarray(levels > floor + VOICE_SHARE * (top - floor))


def _trim(word: Heard, voiced: npt.NDArray[np.bool_]) -> Heard:
    first, last = round(word.start / FRAME_SECONDS), round(word.end / FRAME_SECONDS)
    blocks = _blocks(np.flatnonzero(voiced[first:last]))
    if not blocks:
        return word
    if word.end - word.start > 2 * _expected(word.text):
        blocks = [max(blocks, key=lambda block: (block[1] - block[0], block[0]))]
    head = blocks[0][0] * FRAME_SECONDS
    tail = (last - first - blocks[-1][1]) * FRAME_SECONDS
    start = word.start + head - LEAD_IN if head >= SHORTEST_PAUSE else word.start
    end = word.end - tail + LEAD_IN if tail >= SHORTEST_PAUSE else word.end
    return replace(word, start=start, end=max(end, start + SHORTEST_WORD))


def _blocks(frames: npt.NDArray[np.intp]) -> list[tuple[int, int]]:
    """Stretches of voice with no pause in them, as first frame and frame after the last."""
    if len(frames) == 0:
        return []
    breaks = np.flatnonzero(np.diff(frames) > SHORTEST_PAUSE / FRAME_SECONDS)
    firsts = [frames[0], *frames[breaks + 1]]
    lasts = [*frames[breaks], frames[-1]]
    return [(int(first), int(last) + 1) for first, last in zip(firsts, lasts, strict=True)]


def _expected(text: str) -> float:
    """How long a word usually takes. One far longer has swallowed a hesitation Whisper does not write."""
    return 0.12 + 0.07 * sum(letter.isalnum() for letter in text)


def _in_order(words: Sequence[Heard], duration: float) -> list[Heard]:
    """No word starts before the one in front of it has its shortest time, none ends after the window."""
    settled: list[Heard] = []
    shortest = min(SHORTEST_WORD, duration / max(1, len(words)))
    earliest = 0.0
    for place, word in enumerate(words):
        latest = duration - shortest * (len(words) - place)
        start = max(earliest, min(word.start, latest))
        following = words[place + 1].start if place + 1 < len(words) else duration
        end = max(start + shortest, min(word.end, max(following, start + shortest), duration))
        end = min(end, latest + shortest)
        settled.append(replace(word, start=start, end=end))
        earliest = end
    return settled
