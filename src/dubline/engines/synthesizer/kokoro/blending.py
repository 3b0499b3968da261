"""Voices mixed of others, by name: `ef_dora*0.2~bf_emma*0.8` speaks as the first and sounds mostly as the second.

The weights are shares of the timbre, which tells people apart. Of the manner (melody and rhythm) everybody but the
first gives half as much and the first the rest, because the others have a foreign accent. The name says it all, so
a take's key changes with the mixture.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dubline.domain.speech import Voice
from dubline.engines.synthesizer.kokoro.voices import BLENDS, ENGINE, LANGUAGES, NATIVES, PITCHES, gender_of

FOREIGN_MANNER = 0.5
MOST_PARTS = 4
STEP = 0.05
"""Weights are whole multiples of this: finer differences nobody hears."""

BASE_WEIGHTS = (0.1, 0.35, 0.5)
"""What the first voice's share is tried at where more is mixed."""

_PART = re.compile(r"([a-z]+_[a-z]+)\*(0\.\d{1,2})")


@dataclass(frozen=True)
class Part:
    """One voice in a mixture, with its shares."""

    name: str
    timbre: float
    manner: float


def parts(name: str) -> tuple[Part, ...]:
    """What a voice is mixed of, the one whose language it speaks first; nothing where there is no such voice."""
    if name in NATIVES:
        return (Part(name, 1.0, 1.0),)
    if blend := BLENDS.get(name):
        first, second = name.split("~")
        own = Part(first, 1 - blend.timbre, 1 - blend.manner)
        return (own, Part(second, blend.timbre, blend.manner))
    return _mixture(_weights(name))


def named(name: str) -> Voice | None:
    """Any voice there is or can be mixed."""
    mixed = parts(name)
    if not mixed:
        return None
    loudest = max(mixed, key=lambda part: part.timbre)
    return Voice(
        engine=ENGINE,
        name=name,
        language=LANGUAGES[mixed[0].name[0]],
        gender=gender_of(loudest.name),
        pitch=PITCHES.get(name) or _pitch(mixed),
    )


def neighbours(voices: Sequence[Voice]) -> tuple[Voice, ...]:
    """Mixtures of each two of these, and each with another share of its first voice; nearest first."""
    known = {voice.name for voice in voices}
    found = dict.fromkeys(name for name in _mixed_of(voices) if name not in known)
    return tuple(voice for name in found if (voice := named(name)))


def _weights(name: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for text in name.split("~"):
        part = _PART.fullmatch(text)
        if part is None or part[1] not in NATIVES or part[1] in found:
            return {}
        found[part[1]] = float(part[2])
    return found if abs(sum(found.values()) - 1) < STEP / 10 and len(found) <= MOST_PARTS else {}


def _mixture(weights: Mapping[str, float]) -> tuple[Part, ...]:
    if not weights:
        return ()
    first, *others = weights
    foreign = [Part(name, weights[name], FOREIGN_MANNER * weights[name]) for name in others]
    return (Part(first, weights[first], 1 - sum(part.manner for part in foreign)), *foreign)


def _pitch(mixed: Sequence[Part]) -> float:
    """Melody belongs to the manner; pitches mix as musical intervals do."""
    return round(math.exp(sum(part.manner * math.log(NATIVES[part.name]) for part in mixed)), 1)


def _mixed_of(voices: Sequence[Voice]) -> Iterator[str]:
    recipes = [{part.name: part.timbre for part in parts(voice.name)} for voice in voices]
    for one, other in sorted(combinations(range(len(recipes)), 2), key=sum):
        yield _name(_between(recipes[one], recipes[other]))
    for recipe in recipes:
        for weight in BASE_WEIGHTS:
            yield _name(_with_base(recipe, weight))


def _between(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    """Half of each, where both speak the same language as their own."""
    if next(iter(one)) != next(iter(other)):
        return {}
    return {name: (one.get(name, 0.0) + other.get(name, 0.0)) / 2 for name in {**one, **other}}


def _with_base(recipe: Mapping[str, float], weight: float) -> Mapping[str, float]:
    first, *others = recipe
    rest = sum(recipe[name] for name in others)
    return {first: weight, **{name: recipe[name] / rest * (1 - weight) for name in others}} if others else {}


def _name(recipe: Mapping[str, float]) -> str:
    """With weights in whole steps that sum to one; parts too small to hear are left out."""
    if len(recipe) < 2:
        return ""
    first, *others = recipe
    kept = sorted(others, key=lambda name: (-recipe[name], name))[: MOST_PARTS - 1]
    steps = {name: round(recipe[name] / STEP) for name in kept}
    steps = {name: count for name, count in steps.items() if count}
    own = round(1 / STEP) - sum(steps.values())
    if own < 1 or not steps:
        return ""
    return "~".join(f"{name}*{count * STEP:.2f}".rstrip("0") for name, count in {first: own, **steps}.items())
