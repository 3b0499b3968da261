"""Where a long sound is cut so that recognisers and chunks each get whole phrases."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span, ticks

PADDING = ticks(0.4)
"""Silence left around speech. A recogniser that hears speech cut off sharply drops whole words."""

LONGEST_SILENCE = ticks(6.0)
"""A recogniser makes words up in silences longer than this, so a window never holds one."""

RESTFUL_PAUSE = ticks(1.0)
"""Cutting at a pause this long costs nothing; at a shorter one, the more the shorter."""

WINDOW_COST = 1.0
CUT_COST = 0.6


def recognition_windows(
    speech: Sequence[Span],
    limit_seconds: float = 28.0,
    duration: int | None = None,
    quietest: Callable[[Span], int] | None = None,
) -> list[Span]:
    """Windows that together hold every moment of speech once, in order and apart from each other.

    As few windows as possible, cut at the longest pauses. Speech without any pause is cut evenly, or where
    `quietest` finds the quietest moment of a stretch around the even cut. `duration` bounds the last padding.
    """
    limit = ticks(limit_seconds)
    pieces = [part for span in _merged(speech) for part in _divided(span, limit, quietest)]
    groups = _packed(pieces, limit)
    return _padded([Span(start=group[0].start, end=group[-1].end) for group in groups], duration)


def _merged(speech: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted((span for span in speech if span.length), key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _divided(span: Span, limit: int, quietest: Callable[[Span], int] | None) -> list[Span]:
    """Even parts no longer than the limit; with an ear for quiet, room is left to move each cut."""
    if span.length <= limit:
        return [span]
    play = limit // 14 if quietest else 0
    count = math.ceil(span.length / (limit - 2 * play))
    cuts = [span.start + span.length * part // count for part in range(count + 1)]
    if quietest:
        cuts[1:-1] = [
            min(max(quietest(Span(start=cut - play, end=cut + play)), cut - play), cut + play)
            for cut in cuts[1:-1]
        ]
    return [Span(start=start, end=end) for start, end in pairwise(cuts)]


def _packed(pieces: Sequence[Span], limit: int) -> list[Sequence[Span]]:
    """The cheapest grouping: `best[i]` is what the first i pieces cost, `came[i]` the cut before it."""
    best, came = [0.0], [0]
    for end in range(1, len(pieces) + 1):
        options: list[tuple[float, int]] = []
        for start in range(end - 1, -1, -1):
            too_long = pieces[end - 1].end - pieces[start].start > limit
            silent = start + 1 < end and pieces[start + 1].start - pieces[start].end > LONGEST_SILENCE
            if start + 1 < end and (too_long or silent):
                break
            options.append((best[start] + WINDOW_COST + _cut_cost(pieces, start), start))
        cost, start = min(options)
        best.append(cost)
        came.append(start)
    groups: list[Sequence[Span]] = []
    end = len(pieces)
    while end:
        groups.append(pieces[came[end] : end])
        end = came[end]
    return groups[::-1]


def _cut_cost(pieces: Sequence[Span], at: int) -> float:
    if at == 0:
        return 0.0
    pause = pieces[at].start - pieces[at - 1].end
    return CUT_COST * max(0.0, 1 - pause / RESTFUL_PAUSE)


def _padded(windows: Sequence[Span], duration: int | None) -> list[Span]:
    """Neighbours closer than two paddings share the silence between them."""
    padded: list[Span] = []
    for index, window in enumerate(windows):
        before = window.start if index == 0 else (window.start - windows[index - 1].end) // 2
        last = index + 1 == len(windows)
        if last:
            after = PADDING if duration is None else max(0, duration - window.end)
        else:
            gap = windows[index + 1].start - window.end
            after = gap - gap // 2
        padded.append(Span(start=window.start - min(PADDING, before), end=window.end + min(PADDING, after)))
    return padded


def silences(
    levels: npt.NDArray[np.floating], block: int, threshold: float = -45.0, shortest: float = 0.2
) -> list[Span]:
    """Stretches of blocks (of `block` ticks each) whose level in dB stays below the threshold."""
    quiet = np.concatenate(([False], np.asarray(levels) < threshold, [False]))
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    spans = [Span(start=int(a) * block, end=int(b) * block) for a, b in edges.reshape(-1, 2)]
    return [span for span in spans if span.length >= shortest * TICKS_PER_SECOND]


def chunk_spans(silent: Sequence[Span], duration: int, limit_seconds: float = 600.0) -> list[Span]:
    """The whole timeline in chunks of nearly equal length, none above the limit, cut inside silences.

    Where no silence lies near a wanted cut, the cut is made there all the same: memory stays bounded.
    """
    limit = ticks(limit_seconds)
    chunks: list[Span] = []
    start = 0
    while duration - start > limit:
        left = duration - start
        wanted = start + left // math.ceil(left / limit)
        latest = min(start + limit, duration - limit // 10)
        cut = _cut_near(silent, wanted, earliest=start + limit // 2, latest=latest)
        chunks.append(Span(start=start, end=cut))
        start = cut
    chunks.append(Span(start=start, end=duration))
    return chunks


def _cut_near(silent: Sequence[Span], wanted: int, earliest: int, latest: int) -> int:
    """The middle of a silence long and near: a second of silence is worth half a minute of distance."""
    nearest = (
        (min(max((span.start + span.end) // 2, earliest), latest), min(span.length, ticks(3.0)))
        for span in silent
        if span.end > earliest and span.start < latest
    )
    inside = [(30 * length - abs(cut - wanted), -cut) for cut, length in nearest]
    return -max(inside)[1] if inside else min(max(wanted, earliest), latest)
