"""Who speaks when.

Listening takes two kinds of prints wherever somebody speaks: long ones (1.6 s every 0.4 s), which tell voices
apart best, and short ones (1 s every 0.2 s), which tell best when one voice follows another. A stretch shorter than
that has one print of its own length: silence and neighbours heard along with it would make it another voice.
Assigning finds the voices among the long ones, then the likeliest way from voice to voice through the short
ones, then where a second voice is heard with the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.speech import Turn
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.engines.speaker.ge2e.clustering import centroids
from dubline.engines.speaker.ge2e.listening import TICKS_PER_FRAME, frames_of, span_of, windows
from dubline.engines.speaker.ge2e.mixtures import second_voices
from dubline.engines.speaker.ge2e.network import BANDS, FULL, WEIGHTS, WIDTH, network
from dubline.engines.speaker.ge2e.smoothing import best_path
from dubline.ports.diarizer import Diarizer, VoicePrints
from dubline.sound.mel import power_mel
from dubline.sound.pcm import Sound

Indices = npt.NDArray[np.int64]

SHORT, SHORT_STEP, LONG_STEP = 100, 20, 40
"""Frames of 10 ms."""

LEAST = 50
"""Windows are no shorter; one this short may hold silence, so it has no part in finding the voices."""


class Ge2eDiarizer(Diarizer):
    name = "ge2e"
    version = "2"
    summary = "GE2E voice prints, grouped by voice and smoothed over time"
    licence = "Apache-2.0"

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def _listen(self, sound: Sound, speech: Sequence[Span]) -> VoicePrints:
        if not speech:
            return VoicePrints((), (), np.zeros((0, WIDTH), dtype=np.float32))
        stretches = [frames_of(span) for span in speech]
        long = [window for stretch in stretches for window in windows(*stretch, FULL, LONG_STEP, LEAST)]
        short = [window for stretch in stretches for window in windows(*stretch, SHORT, SHORT_STEP, LEAST)]
        chosen = [(start, length) for start, length in long if length > SHORT] + short
        mel = power_mel(sound.samples.reshape(-1), BANDS)
        with network(self.models) as net:
            prints = net.prints_of(mel, np.array(chosen, dtype=np.int64))
        return VoicePrints(tuple(speech), tuple(span_of(*window) for window in chosen), prints)

    def _assign(self, prints: VoicePrints, speakers: int | None) -> list[Turn]:
        if not prints.speech:
            return []
        begin = np.array([window.start for window in prints.windows], dtype=np.int64)
        lengths = np.array([window.length for window in prints.windows], dtype=np.int64)
        telling = _telling(lengths // TICKS_PER_FRAME, begin)
        voices = centroids(prints.embeddings[telling], begin[telling], speakers)
        short = np.flatnonzero(lengths <= SHORT * TICKS_PER_FRAME)
        shares = _shares(prints.speech, (begin + lengths // 2)[short])
        heard = prints.embeddings[short][shares.windows]
        path = best_path((heard @ voices.T).astype(np.float64), shares.seconds(), shares.pauses())
        second = second_voices(heard, voices, path, shares.seconds(), shares.pauses())
        return _turns(shares, path, second)


def _telling(frames: Indices, begin: Indices) -> Indices:
    """The windows that tell voices apart, by time: the long ones, and whole stretches too short for one."""
    telling = np.flatnonzero((frames > LEAST) & (frames != SHORT))
    if not len(telling):
        telling = np.arange(len(frames))
    return telling[np.argsort(begin[telling], kind="stable")]


@dataclass(frozen=True)
class _Shares:
    """The speech cut up among its short windows: share i is spoken for by window `windows[i]`."""

    windows: Indices
    starts: Indices
    ends: Indices

    def seconds(self) -> npt.NDArray[np.float64]:
        return np.asarray((self.ends - self.starts) / TICKS_PER_SECOND, dtype=np.float64)

    def pauses(self) -> npt.NDArray[np.float64]:
        silence = np.concatenate([[0], self.starts[1:] - self.ends[:-1]])
        return np.asarray(np.maximum(silence, 0) / TICKS_PER_SECOND, dtype=np.float64)


def _shares(speech: Sequence[Span], middles: Indices) -> _Shares:
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


def _turns(shares: _Shares, path: Indices, second: Indices) -> list[Turn]:
    """Shares of one voice that touch are one turn; voices are numbered as they come.

    Where a second voice is heard, that is a turn beside the first.
    """
    names: dict[int, str] = {}
    for voice in path.tolist():
        names.setdefault(voice, f"S{len(names) + 1}")
    turns = [*_runs(shares, path, names), *_runs(shares, second, names)]
    return sorted(turns, key=lambda turn: (turn.span.start, -turn.span.end, turn.speaker))


def _runs(shares: _Shares, voices: Indices, names: Mapping[int, str]) -> list[Turn]:
    turns: list[Turn] = []
    for start, end, voice in zip(shares.starts.tolist(), shares.ends.tolist(), voices.tolist(), strict=True):
        if voice not in names:
            continue
        goes_on = bool(turns) and turns[-1].speaker == names[voice] and turns[-1].span.end == start
        since = turns.pop().span.start if goes_on else start
        turns.append(Turn(speaker=names[voice], span=Span(start=since, end=end)))
    return turns
