"""Which speaker says each word.

A diarizer's turns are rough at their edges and sprinkled with specks. People change over at the end of a
sentence or in a pause, so that is where a change is moved; a speck inside somebody's sentence is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from dubline.craft.lines.punctuation import ends_sentence
from dubline.domain.speech import Turn, Word
from dubline.domain.time import Span, seconds, ticks

NOBODY = "S1"
"""Who speaks where no diarizer said anything."""

STRAY_WORDS = 2
STRAY_LENGTH = ticks(0.8)
OWN_PAUSE = ticks(0.12)
"""A backchannel stands apart from the talk around it by at least this, or by sentence ends on both sides."""

REACH_WORDS = 2
REACH = ticks(0.7)
"""How far a change of speaker may move to the pause or sentence end it belongs to."""


BOTH_SPEAK = ticks(0.4)
"""Two speakers at once for less than this is a change of speaker, not overlapping speech."""

OVERLAPPING = "overlapping_speech"
"""Flag of a line during which somebody else speaks as well."""


def overlapped(turns: Sequence[Turn]) -> list[Span]:
    """Where two speakers speak at once; `turns` in order of time."""
    both: list[Span] = []
    running: list[Turn] = []
    for turn in turns:
        running = [other for other in running if other.span.end > turn.span.start]
        for other in running:
            shared = Span(start=turn.span.start, end=min(other.span.end, turn.span.end))
            if other.speaker != turn.speaker and shared.length >= BOTH_SPEAK:
                both.append(shared)
        running.append(turn)
    return both


def attribute(words: Sequence[Word], turns: Sequence[Turn]) -> list[str]:
    """One speaker per word; words and turns in order of time."""
    speakers = _by_overlap(words, turns)
    return _settled(words, _without_strays(words, _settled(words, speakers)))


def _by_overlap(words: Sequence[Word], turns: Sequence[Turn]) -> list[str]:
    if not turns:
        return [NOBODY] * len(words)
    ordered = sorted(turns, key=lambda turn: (turn.span.start, turn.span.end, turn.speaker))
    longest = max(turn.span.length for turn in ordered)
    speakers: list[str] = []
    first = 0
    for word in words:
        while first < len(ordered) - 1 and ordered[first].span.start + longest < word.span.start - ticks(5):
            first += 1
        speakers.append(_speaker_of(word.span, ordered[first:], speakers[-1] if speakers else ""))
    return speakers


def _speaker_of(span: Span, turns: Sequence[Turn], previous: str) -> str:
    """The speaker who shares most of the word; in a hole between turns, the one whose turn is nearest.

    Where two speak at once, it is the one who has the word, not the one who speaks into it for a moment.
    """
    shared: dict[str, tuple[int, int]] = {}
    nearest: tuple[int, bool, str] | None = None
    for turn in turns:
        if overlap := turn.span.overlap(span):
            before, longest = shared.get(turn.speaker, (0, 0))
            shared[turn.speaker] = (before + overlap, max(longest, turn.span.length))
        distance = max(turn.span.start - span.end, span.start - turn.span.end, 0)
        rank = (distance, turn.speaker != previous, turn.speaker)
        nearest = min(nearest, rank) if nearest else rank
        if turn.span.start > span.end and distance > nearest[0]:
            break
    if shared:
        return max(shared, key=lambda speaker: (*shared[speaker], speaker == previous, speaker))
    return nearest[2] if nearest else previous


def _runs(speakers: Sequence[str]) -> list[tuple[int, int]]:
    """Index ranges of words in a row by one speaker."""
    cuts = [0, *(i for i in range(1, len(speakers)) if speakers[i] != speakers[i - 1]), len(speakers)]
    return list(pairwise(cuts)) if speakers else []


def _settled(words: Sequence[Word], speakers: Sequence[str]) -> list[str]:
    """Each change of speaker moved to the best place among the few words around it."""
    settled = list(speakers)
    runs = _runs(speakers)
    for (start, change), (_, end) in pairwise(runs):
        best = max(
            range(max(start + 1, change - REACH_WORDS), min(end - 1, change + REACH_WORDS) + 1),
            key=lambda at: (_break_strength(words, at) - 0.15 * abs(at - change), -abs(at - change), -at),
            default=change,
        )
        better = _break_strength(words, best) > _break_strength(words, change) + 0.3
        if better and abs(words[best].span.start - words[change].span.start) <= REACH:
            low, high = min(best, change), max(best, change)
            settled[low:high] = [speakers[change - 1] if best > change else speakers[change]] * (high - low)
    return settled


def _break_strength(words: Sequence[Word], at: int) -> float:
    pause = seconds(words[at].span.start - words[at - 1].span.end)
    return min(max(pause, 0.0), 1.0) + ends_sentence(words[at - 1].text, words[at].text)


def _without_strays(words: Sequence[Word], speakers: Sequence[str]) -> list[str]:
    """A word or two between words of one other speaker belong to that speaker, unless they stand apart."""
    kept = list(speakers)
    runs = _runs(speakers)
    for (before, _), (start, end), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        same = kept[before] == speakers[after]
        short = (
            end - start <= STRAY_WORDS and words[end - 1].span.end - words[start].span.start <= STRAY_LENGTH
        )
        if same and short and not (_apart(words, start) and _apart(words, end)):
            kept[start:end] = [kept[before]] * (end - start)
    return kept


def _apart(words: Sequence[Word], at: int) -> bool:
    pause = words[at].span.start - words[at - 1].span.end
    return pause >= OWN_PAUSE or ends_sentence(words[at - 1].text, words[at].text)
