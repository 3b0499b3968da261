"""Who speaks when.

Listening takes two kinds of prints wherever somebody speaks: long ones (1.6 s every 0.4 s), which tell voices
apart best, and short ones (1 s every 0.2 s), which tell best when one voice follows another. Assigning finds
the voices among the long ones and then the likeliest way from voice to voice through the short ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.speech import Turn
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.engines.speaker.ge2e.clustering import centroids
from dubline.engines.speaker.ge2e.listening import TICKS_PER_FRAME, frames_of, span_of, starts
from dubline.engines.speaker.ge2e.network import BANDS, FULL, WEIGHTS, WIDTH, network
from dubline.engines.speaker.ge2e.smoothing import best_path
from dubline.ports.diarizer import Diarizer, VoicePrints
from dubline.sound.mel import power_mel
from dubline.sound.pcm import Sound

SHORT, SHORT_STEP, LONG_STEP = 100, 20, 40
"""Frames of 10 ms."""


class Ge2eDiarizer(Diarizer):
    name = "ge2e"
    version = "1"
    summary = "GE2E voice prints, grouped by voice and smoothed over time"
    licence = "Apache-2.0"

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def _listen(self, sound: Sound, speech: Sequence[Span]) -> VoicePrints:
        if not speech:
            return VoicePrints((), (), np.zeros((0, WIDTH), dtype=np.float32))
        stretches = [frames_of(span) for span in speech]
        long = np.concatenate([starts(*stretch, FULL, LONG_STEP) for stretch in stretches])
        short = np.concatenate([starts(*stretch, SHORT, SHORT_STEP) for stretch in stretches])
        mel = power_mel(sound.samples.reshape(-1), BANDS)
        with network(self.models) as net:
            prints = np.concatenate([net.prints(mel, long, FULL), net.prints(mel, short, SHORT)])
        windows = [span_of(int(start), FULL) for start in long] + [
            span_of(int(start), SHORT) for start in short
        ]
        return VoicePrints(tuple(speech), tuple(windows), prints)

    def _assign(self, prints: VoicePrints, speakers: int | None) -> list[Turn]:
        if not prints.speech:
            return []
        lengths = np.array([window.length for window in prints.windows], dtype=np.int64)
        long = lengths == FULL * TICKS_PER_FRAME
        voices = centroids(prints.embeddings[long], speakers)
        middles = np.array([window.start for window in prints.windows], dtype=np.int64) + lengths // 2
        shares = _shares(prints.speech, middles[~long])
        likeness = prints.embeddings[~long][shares.windows] @ voices.T
        path = best_path(likeness.astype(np.float64), shares.seconds(), shares.pauses())
        return _turns(shares, path)


@dataclass(frozen=True)
class _Shares:
    """The speech cut up among its short windows: share i is spoken for by window `windows[i]`."""

    windows: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def seconds(self) -> npt.NDArray[np.float64]:
        return np.asarray((self.ends - self.starts) / TICKS_PER_SECOND, dtype=np.float64)

    def pauses(self) -> npt.NDArray[np.float64]:
        silence = np.concatenate([[0], self.starts[1:] - self.ends[:-1]])
        return np.asarray(np.maximum(silence, 0) / TICKS_PER_SECOND, dtype=np.float64)


def _shares(speech: Sequence[Span], middles: npt.NDArray[np.int64]) -> _Shares:
    """Each window has what lies nearer to its middle than to its neighbours'."""
    windows, borders_before, borders_after = [], [], []
    for span in speech:
        first, last = np.searchsorted(middles, [span.start, span.end])
        if first == last:
            first = min(max(0, int(first) - 1), len(middles) - 1)
            last = first + 1
        mine = middles[first:last]
        borders = np.concatenate([[span.start], (mine[1:] + mine[:-1]) // 2, [span.end]])
        windows.append(np.arange(first, last))
        borders_before.append(borders[:-1])
        borders_after.append(borders[1:])
    return _Shares(np.concatenate(windows), np.concatenate(borders_before), np.concatenate(borders_after))


def _turns(shares: _Shares, path: npt.NDArray[np.int64]) -> list[Turn]:
    """Shares of one voice that touch are one turn; voices are numbered as they come."""
    names: dict[int, str] = {}
    turns: list[Turn] = []
    for start, end, voice in zip(shares.starts.tolist(), shares.ends.tolist(), path.tolist(), strict=True):
        speaker = names.setdefault(voice, f"S{len(names) + 1}")
        goes_on = bool(turns) and turns[-1].speaker == speaker and turns[-1].span.end == start
        since = turns.pop().span.start if goes_on else start
        turns.append(Turn(speaker=speaker, span=Span(start=since, end=end)))
    return turns
