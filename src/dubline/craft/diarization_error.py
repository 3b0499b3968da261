"""How far a diarization is from the truth: the shares of speech missed, invented and confused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dubline.domain.speech import Turn
from dubline.domain.time import ticks

STEP = 0.01
Activity = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DiarizationError:
    """Shares of the true speech; where two speak at once, both count."""

    missed: float
    invented: float
    confused: float

    @property
    def rate(self) -> float:
        return self.missed + self.invented + self.confused


def diarization_error(
    truth: Sequence[Turn], found: Sequence[Turn], collar: float = 0.0, overlap: bool = True
) -> DiarizationError:
    """`collar` seconds around each true border are not scored, nor is overlapped speech without `overlap`."""
    from scipy.optimize import linear_sum_assignment

    frames = 1 + max((turn.span.end for turn in (*truth, *found)), default=0) // ticks(STEP)
    scored = _scored(truth, frames, collar)
    real, heard = _activity(truth, frames), _activity(found, frames)
    if not overlap:
        scored &= real.sum(axis=0) <= 1
    real, heard = real[:, scored], heard[:, scored]
    shared = real.astype(np.int64) @ heard.astype(np.int64).T
    right = int(shared[linear_sum_assignment(-shared)].sum())
    many, few = real.sum(axis=0), heard.sum(axis=0)
    speech = max(1, int(many.sum()))
    return DiarizationError(
        missed=int(np.maximum(0, many - few).sum()) / speech,
        invented=int(np.maximum(0, few - many).sum()) / speech,
        confused=(int(np.minimum(many, few).sum()) - right) / speech,
    )


def _activity(turns: Sequence[Turn], frames: int) -> Activity:
    """[speakers, frames]"""
    speakers = sorted({turn.speaker for turn in turns})
    active = np.zeros((len(speakers), frames), dtype=np.bool_)
    for turn in turns:
        active[speakers.index(turn.speaker), _frame(turn.span.start) : _frame(turn.span.end)] = True
    return active


def _scored(truth: Sequence[Turn], frames: int, collar: float) -> Activity:
    scored = np.ones(frames, dtype=np.bool_)
    margin = round(collar / STEP)
    for turn in truth if margin else ():
        for border in (_frame(turn.span.start), _frame(turn.span.end)):
            scored[max(0, border - margin) : border + margin] = False
    return scored


def _frame(moment: int) -> int:
    return round(moment / ticks(STEP))
