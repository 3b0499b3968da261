"""Whether a recording has one voice in it, and which part of it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dubline.domain.speech import Turn
from dubline.domain.time import Span, ticks

NOTICED_SECONDS, NOTICED_SHARE = 2.0, 0.10
"""Speech of others from which on they count: below, it is rather one voice that was taken for two."""


def others_speak(turns: Sequence[Turn]) -> bool:
    """Whether somebody beside the one who speaks most says enough to colour that voice."""
    said = Counter[str]()
    for turn in turns:
        said[turn.speaker] += turn.span.length
    others = said.total() - max(said.values(), default=0)
    return others >= max(ticks(NOTICED_SECONDS), NOTICED_SHARE * said.total())


def longest_alone(turns: Sequence[Turn]) -> Span:
    """The longest stretch in which one person speaks and nobody else. There must be a turn."""
    stretches: list[Turn] = []
    for turn in sorted(turns, key=lambda turn: turn.span.start):
        last = stretches[-1] if stretches else None
        if last is not None and last.speaker == turn.speaker:
            joined = Span(start=last.span.start, end=max(last.span.end, turn.span.end))
            stretches[-1] = last.model_copy(update={"span": joined})
        else:
            stretches.append(turn)
    return max(stretches, key=lambda turn: turn.span.length).span
