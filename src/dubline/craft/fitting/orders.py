"""Which takes to ask a synthesizer for: one of each line by what is foreseen, then more by what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dubline.craft.fitting.comfort import (
    END_AFTER,
    END_BEFORE,
    FORBIDDEN,
    START_LATE,
    UNMADE,
    USUAL,
    Manner,
    foreseen_penalty,
    speed_cost,
    stepped,
    wording_penalty,
)
from dubline.craft.fitting.neighbours import talk_of
from dubline.craft.fitting.placing import fit
from dubline.craft.fitting.terms import Recording, Spoken
from dubline.domain.script import Line
from dubline.domain.speech import Voice
from dubline.domain.time import TICKS_PER_SECOND, seconds, ticks

Predictor = Callable[[str, Voice, float], float]
"""Seconds a voice takes for a text at a native rate."""

NATIVE_STEPS = (0.9, 1.0, 1.1, 1.2)
"""Rates worth asking for: synthesizers move in steps, and stretching does the rest."""

FORESEEN = 4
"""Takes not yet made that are weighed per line, the likeliest."""


@dataclass(frozen=True)
class Order:
    """One take to be made."""

    line: str
    text: str
    voice: Voice
    rate: float


@dataclass(frozen=True)
class Studio:
    """What can be made: how long it is expected to take to say, and how slowly and quickly a voice can say it."""

    predict: Predictor
    native_rates: Callable[[Voice], tuple[float, float]] = field(default=lambda _: (1.0, 1.0))


def plan_orders(lines: Sequence[Line], studio: Studio, duration: int) -> dict[str, Order]:
    """For every line with voice and text the take to make first."""
    offers = {line.id: _offers(line, studio) for line in lines if not line.keep_original}
    return {
        line: Order(line, best.text, voice, best.rate)
        for line, best, voice in _likeliest(lines, offers, duration)
    }


def plan_retakes(
    lines: Sequence[Line],
    made: Mapping[str, Sequence[Recording]],
    studio: Studio,
    duration: int,
    manner: Manner = USUAL,
) -> list[Order]:
    """Takes that would serve better than those that were made. All lines are placed together as if everything
    foreseen existed; what is then taken though nobody has made it yet is worth making."""
    rooms = _rooms(lines, made, duration)
    spoken, orders = [], []
    for line in lines:
        takes = tuple(made.get(line.id, ()))
        foreseen = _foreseen(line, takes, studio, rooms[line.id]) if takes and line.rate is None else []
        spoken.append(Spoken(line, (*takes, *foreseen)))
    by_id = {one.line.id: one for one in spoken}
    for placement in fit(spoken, duration, manner):
        one = by_id[placement.line]
        if placement.fit and placement.take >= len(made[one.line.id]) and one.line.voice:
            take = one.takes[placement.take]
            orders.append(Order(one.line.id, take.text, one.line.voice, take.rate))
    return orders


def wordings(line: Line) -> dict[str, float]:
    """What the line may say and what each wording costs; what a person chose is not up for choice."""
    if line.edited or not line.candidates:
        return {line.text: 0.0} if line.text.strip() else {}
    found = {line.text: 0.0}
    for place, candidate in enumerate(line.candidates):
        found.setdefault(candidate.text, wording_penalty(candidate.adequacy, place))
    return {text: penalty for text, penalty in found.items() if text.strip()}


def alone(take: Recording, line: Line, room: float) -> float:
    """What a take costs the listener at its best length, with every neighbour at its own onset."""
    natural, own = seconds(take.length), line.span.duration
    shortest, longest = take.shortest / TICKS_PER_SECOND, take.longest / TICKS_PER_SECOND

    def total(played: float) -> float:
        over = max(0.0, played - room)
        return (
            take.penalty
            + speed_cost(natural / played, take.rate, natural)
            + stepped(END_AFTER, played - own)
            + stepped(END_BEFORE, own - played)
            + stepped(START_LATE, min(over, 0.3))
            + FORBIDDEN / 20 * max(0.0, over - 0.3)
        )

    return min(total(shortest + (longest - shortest) * step / 20) for step in range(21))


def _offers(line: Line, studio: Studio) -> list[Recording]:
    if line.voice is None:
        return []
    slowest, fastest = studio.native_rates(line.voice)
    rates = [rate for rate in NATIVE_STEPS if slowest <= rate <= fastest] or [1.0]
    return [
        Recording(
            text,
            rate,
            max(1, ticks(studio.predict(text, line.voice, rate))),
            foreseen_penalty(penalty, rate),
        )
        for text, penalty in wordings(line).items()
        for rate in rates
    ]


def _likeliest(
    lines: Sequence[Line], offers: Mapping[str, Sequence[Recording]], duration: int
) -> list[tuple[str, Recording, Voice]]:
    rooms = _rooms(lines, offers, duration)
    return [
        (line.id, min(offers[line.id], key=lambda offer: alone(offer, line, rooms[line.id])), line.voice)
        for line in lines
        if offers.get(line.id) and line.voice
    ]


def _rooms(
    lines: Sequence[Line], takes: Mapping[str, Sequence[Recording]], duration: int
) -> dict[str, float]:
    """Seconds each line has before it gets in somebody's way."""
    talk = talk_of([Spoken(line, tuple(takes.get(line.id, ()))) for line in lines], seconds(duration))
    rooms = {one.line.id: room for one, room in zip(talk.lines, talk.rooms, strict=True)}
    return {line.id: rooms.get(line.id, 0.0) for line in lines}


def _foreseen(line: Line, made: Sequence[Recording], studio: Studio, room: float) -> list[Recording]:
    """The likeliest takes there are none of yet. A wording that was spoken once is known in length at any rate."""
    known = {(take.text, take.rate) for take in made}
    measured = {take.text: take.length * take.rate for take in made}
    offers = [
        Recording(
            offer.text,
            offer.rate,
            round(measured.get(offer.text, offer.length * offer.rate) / offer.rate),
            offer.penalty + UNMADE,
        )
        for offer in _offers(line, studio)
        if (offer.text, offer.rate) not in known
    ]
    return sorted(offers, key=lambda offer: alone(offer, line, room))[:FORESEEN]
