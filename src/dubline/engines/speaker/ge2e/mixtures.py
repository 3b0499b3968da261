"""What two voices make together: in windows across a change of speaker, and where both speak at once.

The print of such a window lies between the prints of the two. A group of such windows is no third voice, and a
run of them is where people talk over each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dubline.engines.speaker.ge2e.network import unit
from dubline.ports.voice_encoder import Embeddings

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

MIXED, CLEARLY = 0.82, 0.03
"""Cosine with the best mix of two voices from which a group is that mix, if it is nearer to it than to either."""


def unmixed(voices: Embeddings, heard: Numbers) -> Indices:
    """Those that are no mixture of two that were heard more, in their order."""
    kept: list[int] = []
    for candidate in np.argsort(-heard, kind="stable").tolist():
        if not _mixture(voices[candidate], voices[kept]):
            kept.append(candidate)
    return np.array(sorted(kept), dtype=np.int64)


def _mixture(candidate: Embeddings, voices: Embeddings) -> bool:
    first, second = np.triu_indices(len(voices), 1)
    if not len(first):
        return False
    alike = (voices @ candidate).astype(np.float64)
    one, other = alike[first], alike[second]
    mixed = _nearest_mix(one, other, (voices @ voices.T).astype(np.float64)[first, second])
    return bool(((mixed > MIXED) & (mixed > np.maximum(one, other) + CLEARLY)).any())


def _nearest_mix(one: Numbers, other: Numbers, between: Numbers) -> Numbers:
    """Cosine with the nearest sum of two voices that has some of both, from the cosines of all three."""
    span = np.maximum(1.0 - between**2, 1e-6)
    some, rest = (one - between * other) / span, (other - between * one) / span
    square = np.maximum(some * one + rest * other, 0.0)
    return np.where((some > 0) & (rest > 0), np.sqrt(square), np.maximum(one, other))


HEARD_BOTH, HEARD_SOME = 0.10, 0.06
"""Where windows are nearer to two voices together than to their own by this, and lie further than usual from
their own: somebody else speaks as well. The second is where such a stretch begins and ends."""

UNUSUAL = 0.5
"""How much lying far from one's own voice counts beside lying near the two together."""

SHORTEST = 0.8
"""Seconds; a change of speaker alone sounds like both for nearly as long."""


def second_voices(
    prints: Embeddings, voices: Embeddings, path: Indices, seconds: Numbers, pauses: Numbers
) -> Indices:
    """Who else speaks in each window, −1 where nobody does. `path` says who speaks."""
    second = np.full(len(path), -1, dtype=np.int64)
    if len(voices) < 2:
        return second
    alike = (prints @ voices.T).astype(np.float64)
    own = alike[np.arange(len(path)), path]
    together, partner = _with_another(prints, voices, path)
    usual = np.array(
        [np.median(own[path == voice]) if (path == voice).any() else 0.0 for voice in range(len(voices))]
    )
    both = _smoothed(together - own + UNUSUAL * (usual[path] - own), np.cumsum(pauses > 0.1))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], both > HEARD_SOME, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        if both[first:last].max() >= HEARD_BOTH and seconds[first:last].sum() >= SHORTEST:
            second[first:last] = partner[first:last]
    return second


def _with_another(prints: Embeddings, voices: Embeddings, path: Indices) -> tuple[Numbers, Indices]:
    """Likeness to one's own voice together with the one other that fits best, and which that is."""
    best = np.full(len(path), -np.inf)
    partner = np.full(len(path), -1, dtype=np.int64)
    for other in range(len(voices)):
        pairs = unit(voices + voices[other])
        likeness = np.einsum("ij,ij->i", prints, pairs[path]).astype(np.float64)
        better = (path != other) & (likeness > best)
        best[better], partner[better] = likeness[better], other
    return best, partner


def _smoothed(values: Numbers, stretch: Indices) -> Numbers:
    """The mean of three in a row, never across a pause."""
    total, count = values.copy(), np.ones(len(values))
    near = stretch[1:] == stretch[:-1]
    total[1:] += np.where(near, values[:-1], 0.0)
    total[:-1] += np.where(near, values[1:], 0.0)
    count[1:] += near
    count[:-1] += near
    return np.asarray(total / count)
