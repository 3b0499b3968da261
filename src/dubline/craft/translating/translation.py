"""The lines of a script from one language to another: whole sentences, the best route, then the most trustworthy
of several wordings.

Engines are reached through `Ask`, so this stays thinking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dubline.craft.translating import address, amounts, names, oaths, phrases, profanity, repair
from dubline.craft.translating.adequacy import similarity
from dubline.craft.translating.dialect import in_dialect
from dubline.craft.translating.drafts import Draft, Drafter, without_joints
from dubline.craft.translating.glossary import Glossary, Terms
from dubline.craft.translating.judging import Judge, Judged
from dubline.craft.translating.routing import Route, Routes
from dubline.craft.translating.sentences import Sentences
from dubline.craft.translating.unknown import Ask, remembered
from dubline.domain.choices import Formality
from dubline.domain.language import base
from dubline.domain.script import Candidate

AskInContext = Callable[[str, list[int], str, str], list[tuple[str, ...]]]
"""Engine, places of lines, source, target → wordings for each, from an engine that is shown the whole talk."""

FEWEST_WORDS = 3
SHORT = 8
"""Words. In a short line one word that nobody understands weighs more than clumsy grammar."""
CLEARLY_BETTER = 0.25
"""By how much another wording's estimate must lead before it is preferred: the estimate itself errs that much."""
MOST_ROUTES = 3
"""How many routes a doubtful line is tried by."""
SAME_ROUTE = 0.95
OTHER_ROUTE = 0.9
UNLIKE = 0.5
"""What a wording loses that has nothing in common with the first."""
FAULT = 0.8
LEAST_ADEQUACY = 0.4
PHRASEBOOK = "phrasebook"


@dataclass(frozen=True)
class Wordings:
    """What a line can be dubbed with, best first. Of the first also what is wrong with it: words nobody could
    translate, terms and names that got lost, numbers that differ, a form of address that may not be as wished."""

    candidates: tuple[Candidate, ...]
    untranslated: tuple[str, ...] = ()
    missed_terms: tuple[str, ...] = ()
    missed_names: tuple[str, ...] = ()
    numbers_lost: tuple[str, ...] = ()
    address_unsure: bool = False


def translate_lines(
    ask: Ask,
    lines: Sequence[str],
    groups: Sequence[Sequence[int]],
    routes: Routes,
    source: str,
    target: str,
    *,
    glossary: Terms = (),
    keep: Sequence[str] = (),
    formality: Formality = Formality.AUTO,
    soften: bool = False,
    ask_in_context: AskInContext | None = None,
) -> list[Wordings]:
    """Wordings for each line. `groups` says which lines in a row make one sentence, as
    `segmentation.sentences` finds them. `UserError` pair_unsupported where no route leads to the target."""
    best = routes.best(source, target)
    known = (*glossary, *oaths.settled(base(source), base(target), mild=soften))
    settled = Glossary(known, tuple(keep), base(target))
    job = _Job(remembered(ask), routes, base(source), target, settled, formality, soften)
    if ask_in_context and len(best.hops) == 1 and best.hops[0].uses_context:
        return job.in_context(ask_in_context, best, lines)
    return job.by_routes(best, lines, groups)


@dataclass(frozen=True)
class _Job:
    ask: Ask
    routes: Routes
    source: str
    target: str
    glossary: Glossary
    formality: Formality
    soften: bool

    def in_context(self, ask: AskInContext, best: Route, lines: Sequence[str]) -> list[Wordings]:
        """As the engine worded it: it was told everything, and what it gave is only checked."""
        (hop,) = best.hops
        spoken = [place for place, line in enumerate(lines) if repair.translatable(line)]
        answers = ask(hop.engine, spoken, hop.source, self.target) if spoken else []
        found = dict(zip(spoken, answers, strict=True))
        ways = []
        for place, line in enumerate(lines):
            texts = dict.fromkeys(text for text in found.get(place, ()) if repair.spoken(text))
            ways.append([self._way(line, Draft(text), best, best) for text in texts or (line,)])
        firsts = self._judge.judged([way[0] for way in ways])
        return [self._wordings([first, *way[1:]]) for first, way in zip(firsts, ways, strict=True)]

    def by_routes(self, best: Route, lines: Sequence[str], groups: Sequence[Sequence[int]]) -> list[Wordings]:
        said = [self._said(line) for line in lines]
        drafts = Sentences(self._drafter, best, self._by_heart).drafts(self._masked(said), groups)
        firsts = self._judge.judged([self._way(*pair, best, best) for pair in zip(said, drafts, strict=True)])
        ways = [[first] for first in firsts]
        if len(best.hops) > 1 and (hop := self.routes.direct(self.source, self.target)):
            self._add(ways, range(len(ways)), Route((hop,)), best)
        doubtful = [place for place, first in enumerate(firsts) if self._is_doubtful(first)]
        for place, found in zip(doubtful, self._second_thoughts(best, ways, doubtful), strict=True):
            ways[place] = found
        return [self._wordings(way) for way in ways]

    def _add(
        self,
        ways: list[list[Judged]],
        places: Sequence[int],
        route: Route,
        best: Route,
        *,
        touched: bool = False,
    ) -> None:
        """What a route makes of some lines; `touched` where they are to look a little different."""
        said = [ways[place][0].said for place in places]
        texts = [retouched(text) for text in said] if touched else said
        for place, text, draft in zip(
            places, said, self._drafter.by_route(route, self._masked(texts)), strict=True
        ):
            finished = replace(draft, text=repair.finished(draft.text, text, route.target))
            ways[place].append(self._way(text, finished, route, best))

    def _second_thoughts(
        self, best: Route, ways: list[list[Judged]], places: Sequence[int]
    ) -> list[list[Judged]]:
        """More wordings for doubtful lines, the best of all first: a small network that invents a sentence often
        does not when the sentence looks a little different, and another route errs in another way."""
        if not places:
            return []
        self._add(ways, places, best, best, touched=True)
        for route in self.routes.plain().alternatives(self.source, self.target, limit=MOST_ROUTES):
            if route != best:
                self._add(ways, places, route, best)
        different = [
            list({way.text: way for way in reversed(ways[place])}.values())[::-1] for place in places
        ]
        judged = iter(self._judge.judged([way for line in different for way in line]))
        return [_most_trusted([next(judged) for _ in line]) for line in different]

    def _is_doubtful(self, way: Judged) -> bool:
        """A word or two say too little to judge by."""
        if way.route == PHRASEBOOK or len(way.said.split()) < FEWEST_WORDS:
            return False
        return way.trust < self._judge.doubtful or _faults(way) > 0

    def _said(self, line: str) -> str:
        text = without_joints(" ".join(line.replace("*", " ").split()))
        text = repair.without_disfluencies(text) if self.source == "en" else text
        text = oaths.spelled(text, self.source)
        return profanity.softened(text, self.source) if self.soften else text

    def _masked(self, said: Sequence[str]) -> list[str]:
        return [
            names.protected(self.glossary.protect(text), self._titled(text), names.FIRST_TITLED)
            for text in said
        ]

    def _titled(self, said: str) -> tuple[str, ...]:
        """Names after a title, but for those a person has settled."""
        return names.titled(self.glossary.protect(said))

    def _by_heart(self, sentence: str) -> str | None:
        polite = self.formality is Formality.FORMAL
        if names.only_stand_ins(sentence):
            return sentence
        found = phrases.known(sentence, self.source, base(self.target), polite=polite)
        return found and repair.finished(found, sentence, base(self.target))

    def _way(self, said: str, draft: Draft, route: Route, best: Route) -> Judged:
        target = base(self.target)
        text = names.restored(draft.text, self._titled(said), names.FIRST_TITLED)
        text = amounts.rewritten(said, self.glossary.restore(text), self.source, target)
        text = profanity.softened(text, target) if self.soften else text
        lost = amounts.missing(said, text, self.source, target)
        name = PHRASEBOOK if draft.by_heart else str(route)
        worth = route.quality / best.quality
        return Judged(said, in_dialect(text, self.target), name, worth, draft.untranslated, lost)

    @cached_property
    def _drafter(self) -> Drafter:
        """Left to itself, Spanish says tú: speech in videos does, and a verb without usted could mean anybody."""
        auto = self.formality is Formality.AUTO and base(self.target) == "es"
        return Drafter(self.ask, self.routes, self.source, auto or self.formality is Formality.INFORMAL)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.ask, self.routes.plain(), self.source, base(self.target))

    def _wordings(self, ways: Sequence[Judged]) -> Wordings:
        """Candidates in the order given but for those that lost a term."""
        ways = list({way.text: way for way in reversed(ways)}.values())[::-1]
        missed = {way.text: self.glossary.missing(way.said, way.text) for way in ways}
        gone = {way.text: self._names_missed(way) for way in ways}
        first, *others = sorted(ways, key=lambda way: len(missed[way.text]) + len(gone[way.text]))
        rest = [Candidate(text=way.text, route=way.route, adequacy=_adequacy(way, first)) for way in others]
        rest.sort(key=lambda candidate: -candidate.adequacy)
        return Wordings(
            (Candidate(text=first.text, route=first.route), *rest),
            first.untranslated,
            missed[first.text],
            gone[first.text],
            first.numbers_lost,
            address.unsure(first.said, first.text, base(self.target), self.formality),
        )

    def _names_missed(self, way: Judged) -> tuple[str, ...]:
        """What a person wants kept, and names after a title, which nobody wants translated."""
        kept = self.glossary.missing_names(way.said, way.text)
        titled = (name for name in self._titled(way.said) if names.lost((name,), way.text))
        return tuple(dict.fromkeys((*kept, *titled)))


def retouched(text: str) -> str:
    """The same words with another end: with a full stop where there was none, else without."""
    if text.rstrip().endswith(("?", "!")):
        return text
    bare = text.rstrip(" .,;:…")
    return bare if bare != text else f"{bare}."


def _faults(way: Judged) -> int:
    return len(way.untranslated) + len(way.numbers_lost)


def _most_trusted(ways: Sequence[Judged]) -> list[Judged]:
    """The best route's wording first, unless another one is clearly better: by its estimate, or because a short
    line has a word in it that nobody understands."""
    first = ways[0]
    faulty = _faults(first) > 0 and len(first.said.split()) <= SHORT
    better = [
        way
        for way in ways
        if _faults(way) <= _faults(first)
        and way.trust >= first.trust + (0.0 if faulty and not _faults(way) else CLEARLY_BETTER)
    ]
    chosen = max(better, key=lambda way: (-_faults(way), way.trust), default=first)
    return [chosen, *(way for way in ways if way is not chosen)]


def _adequacy(way: Judged, first: Judged) -> float:
    """How well another wording says it next to the first: less by another route, less where nobody else would put
    it like that."""
    if first.route == PHRASEBOOK:
        return LEAST_ADEQUACY
    by_route = SAME_ROUTE if way.route == first.route else OTHER_ROUTE * min(1.0, way.worth / first.worth)
    likeness = similarity(first.text, way.text)
    faults = FAULT ** max(0, _faults(way) - _faults(first))
    return round(max(LEAST_ADEQUACY, by_route * (1.0 - UNLIKE * (1.0 - likeness)) * faults), 2)
