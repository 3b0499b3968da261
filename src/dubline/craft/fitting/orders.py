"""Which takes to ask a synthesizer for, before any is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dubline.craft.fitting.comfort import (
    END_AFTER,
    END_BEFORE,
    FORBIDDEN,
    NEXT_WORDING,
    START_LATE,
    speed_cost,
    stepped,
)
from dubline.craft.fitting.neighbours import talk_of
from dubline.craft.fitting.terms import FASTEST, SLOWEST, Recording, Spoken
from dubline.domain.script import Line
from dubline.domain.speech import Voice
from dubline.domain.time import seconds, ticks

Predictor = Callable[[str, Voice, float], float]
"""Seconds a voice takes for a text at a native rate."""

NATIVE_STEPS = (0.9, 1.0, 1.1, 1.2)
"""Rates worth asking for: synthesizers move in steps, and stretching does the rest."""

DOUBT = 0.08
"""How far a predicted length is usually off."""

WORTH_A_TAKE = 0.6
"""What a second take must spare the listener, should the prediction be off, to be worth its synthesis."""


@dataclass(frozen=True)
class Order:
    """One take to be made. `length` is how long it will be, in ticks, as far as one can tell."""

    line: str
    text: str
    voice: Voice
    rate: float
    length: int


def plan_orders(
    lines: Sequence[Line],
    predict: Predictor,
    duration: int,
    native_rates: Callable[[Voice], tuple[float, float]] = lambda _: (1.0, 1.0),
    most: int = 3,
) -> dict[str, list[Order]]:
    """For every line with voice and text, the takes to make: mostly one, at most `most`, likeliest first."""
    offers = {line.id: _offers(line, predict, native_rates) for line in lines if not line.keep_original}
    talk = talk_of([Spoken(line, tuple(offers.get(line.id, ()))) for line in lines], seconds(duration))
    return {
        one.line.id: _worthwhile(one.line, offers[one.line.id], room, most)
        for one, room in zip(talk.lines, talk.rooms, strict=True)
        if one.placed
    }


def wordings(line: Line) -> list[str]:
    """What the line may say, best first; what a person chose is not up for choice."""
    if line.edited or not line.candidates:
        return [line.text] if line.text.strip() else []
    texts = [line.text, *(candidate.text for candidate in line.candidates)]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _offers(
    line: Line, predict: Predictor, native_rates: Callable[[Voice], tuple[float, float]]
) -> list[Order]:
    if line.voice is None:
        return []
    slowest, fastest = native_rates(line.voice)
    rates = [rate for rate in NATIVE_STEPS if slowest <= rate <= fastest] or [1.0]
    return [
        Order(line.id, text, line.voice, rate, max(1, ticks(predict(text, line.voice, rate))))
        for text in wordings(line)
        for rate in rates
    ]


def _worthwhile(line: Line, offers: Sequence[Order], room: float, most: int) -> list[Order]:
    """The best offer as predicted; another only where it is clearly better if the prediction is off."""
    texts = [offer.text for offer in offers]

    def cost(offer: Order, error: float) -> float:
        wording = NEXT_WORDING * list(dict.fromkeys(texts)).index(offer.text)
        return wording + alone(offer, line, room, 1 + error)

    picked = [min(offers, key=lambda offer: cost(offer, 0.0))]
    for error in (DOUBT, -DOUBT):
        best = min(offers, key=lambda offer: cost(offer, error))
        if min(cost(offer, error) for offer in picked) - cost(best, error) > WORTH_A_TAKE:
            picked.append(best)
    return picked[:most]


def alone(take: Recording, line: Line, room: float, error: float = 1.0) -> float:
    """What a take costs the listener at its best stretch, with every neighbour at its own onset."""
    natural = seconds(take.length) * error
    own = line.span.duration
    speeds = [SLOWEST + step * 0.02 for step in range(round((FASTEST - SLOWEST) / 0.02) + 1)]

    def total(speed: float) -> float:
        played = natural / speed
        over = max(0.0, played - room)
        return (
            speed_cost(speed, take.rate, natural)
            + stepped(END_AFTER, played - own)
            + stepped(END_BEFORE, own - played)
            + stepped(START_LATE, min(over, 0.3))
            + FORBIDDEN / 20 * max(0.0, over - 0.3)
        )

    return min(total(speed) for speed in speeds)
