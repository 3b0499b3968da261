"""What was done to a line, said in plain words, and what is left to complain about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dubline.craft.fitting.neighbours import Talk
from dubline.craft.fitting.terms import (
    EARLY,
    FASTEST,
    IN_TIME,
    LATE,
    NO_ROOM,
    OVERTALK,
    PAST_END,
    TALKS_OVER,
    TOO_LONG,
    Placement,
    Recording,
    Spoken,
)
from dubline.domain.script import Fit
from dubline.domain.time import Span, seconds

WORTH_SAYING = 0.05
"""Seconds, or share of speed, below which a listener cannot tell."""

COMFORTABLE = 1.10
"""Speed-up up to which no shorter wording is asked for."""

UNCOMFORTABLE = 1.15
TOLERANCE = 0.01


def judged(talk: Talk, fits: Mapping[int, Fit], takes: Mapping[int, int], at: int) -> Placement:
    one, fit, take = talk.lines[at], fits[at], talk.lines[at].takes[takes[at]]
    over = _talked_over(talk, fits, at)
    flags = _flags(talk, at, fit, take, over)
    characters = _wish(take, fit, talk.rooms[at], flags)
    means = _means(one, fit, _pause(talk, at), over if TALKS_OVER not in flags else 0.0)
    reasons = [*_choices(one, take), *means, *_complaints(flags, over, characters)]
    return Placement(
        line=one.line.id,
        take=takes[at],
        fit=fit.model_copy(update={"reasons": tuple(reasons)}),
        flags=flags,
        max_characters=characters,
    )


def without_room(talk: Talk, at: int) -> Placement:
    """Of a line that could only be spoken in other lines' time."""
    one = talk.lines[at]
    take = min(one.takes, key=lambda take: take.shortest)
    characters = _max_characters(take, talk.rooms[at])
    return Placement(line=one.line.id, take=0, fit=None, flags=(NO_ROOM,), max_characters=characters)


def _talked_over(talk: Talk, fits: Mapping[int, Fit], at: int) -> float:
    """Seconds this line talks over somebody who starts after it, beyond what the original did."""

    def place(index: int) -> Span:
        return fits[index].span if index in fits else talk.lines[index].line.span

    ending = place(at).end
    excess = [
        seconds(min(ending, place(pair.after).end) - place(pair.after).start) - pair.shared
        for pair in talk.turnovers
        if pair.before == at and not pair.one_voice
    ]
    return max(excess, default=0.0)


def _flags(talk: Talk, at: int, fit: Fit, take: Recording, over: float) -> tuple[str, ...]:
    moved = seconds(fit.span.start - talk.lines[at].line.span.start)
    at_the_cap = fit.span.length < take.shortest * (1 + TOLERANCE)
    found = {
        TOO_LONG: at_the_cap and fit.span.duration > talk.rooms[at] + TOLERANCE,
        LATE: moved > IN_TIME,
        EARLY: moved < -IN_TIME,
        TALKS_OVER: over > OVERTALK + TOLERANCE,
        PAST_END: seconds(fit.span.end) > talk.duration,
    }
    return tuple(flag for flag, true in found.items() if true)


def _wish(take: Recording, fit: Fit, room: float, flags: Sequence[str]) -> int | None:
    """How short a wording would be welcome; none where the line is easy to listen to, or is that short already."""
    uneasy = TOO_LONG in flags or round(take.rate / fit.stretch, 4) > UNCOMFORTABLE
    characters = _max_characters(take, room)
    return characters if uneasy and (TOO_LONG in flags or characters < len(take.text)) else None


def _pause(talk: Talk, at: int) -> float:
    """Seconds of silence after a line in the original, as far as anybody is heard after it."""
    end = talk.lines[at].line.span.end
    following = (one.line.span for one in talk.lines[at + 1 :])
    onset = next((span.start for span in following if span.end > end), None)
    return math.inf if onset is None else max(0.0, seconds(onset - end))


def _max_characters(take: Recording, room: float) -> int:
    """How long a wording at this voice's pace may be so that it fits without hurry."""
    pace = len(take.text) / (seconds(take.length) * take.rate)
    return max(1, math.floor(pace * room * COMFORTABLE))


def _choices(one: Spoken, take: Recording) -> list[str]:
    wordings = list(dict.fromkeys(other.text for other in one.takes))
    said = []
    if take.text != wordings[0]:
        said.append("took another wording because it fits better")
    if abs(take.rate - 1) >= 0.01:
        said.append(f"spoken at {take.rate:.2f}× the voice's own pace")
    return said


def _means(one: Spoken, fit: Fit, pause: float, over: float) -> list[str]:
    moved = seconds(fit.span.start - one.line.span.start)
    after = min(pause, seconds(fit.span.end - one.line.span.end))
    speed = 1 / fit.stretch
    said = []
    if after > WORTH_SAYING:
        said.append(
            f"used {after:.1f} s of the pause after it"
            if after >= 0.1
            else "used a little of the pause after it"
        )
    if over > WORTH_SAYING:
        said.append(f"talks over what follows for {over:.2f} s")
    if moved < -WORTH_SAYING:
        said.append(f"starts {-moved:.2f} s early")
    if moved > WORTH_SAYING:
        said.append(f"starts {moved:.2f} s late")
    if speed > 1.01:
        said.append(f"played {speed:.2f}× faster")
    if speed < 0.99:
        said.append(f"played {fit.stretch:.2f}× slower")
    return said


def _complaints(flags: Sequence[str], over: float, characters: int | None) -> list[str]:
    words = {
        TOO_LONG: f"too long even at {FASTEST:.2f}×: at most {characters} characters would fit",
        LATE: "starts late because the line before it needs the time",
        EARLY: "starts early because it would not end within the programme",
        TALKS_OVER: f"talks over the next speaker for {over:.1f} s more than the original",
        PAST_END: "runs past the end of the programme",
    }
    return [words[flag] for flag in flags]
