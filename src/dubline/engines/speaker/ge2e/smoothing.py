"""From how much each window sounds like each voice to who speaks when."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SWITCH, PAUSED_SWITCH, PER_SECOND = 0.05, 0.003, 0.1
"""What a change of voice costs, in seconds times cosine: in mid-speech, at least, less per second of pause."""


def best_path(likeness: Numbers, seconds: Numbers, pauses: Numbers) -> npt.NDArray[np.int64]:
    """The voice of each window (Viterbi).

    `likeness` is [windows, voices]; `seconds` is what each window speaks for, `pauses` the silence before it.
    """
    scores = likeness * seconds[:, None]
    costs = np.maximum(PAUSED_SWITCH, SWITCH - PER_SECOND * pauses)
    stay = np.arange(scores.shape[1])
    came_from = np.empty(scores.shape, dtype=np.int64)
    total = scores[0]
    for index in range(1, len(scores)):
        leader = int(total.argmax())
        switched = total[leader] - costs[index]
        came_from[index] = np.where(total >= switched, stay, leader)
        total = np.maximum(total, switched) + scores[index]
    path = np.empty(len(scores), dtype=np.int64)
    path[-1] = int(total.argmax())
    for index in range(len(scores) - 1, 0, -1):
        path[index - 1] = came_from[index, path[index]]
    return path
