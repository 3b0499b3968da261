"""The lines of a script from one language to another: whole sentences, the best route, then the most trustworthy
of several wordings.

Engines are reached through `Ask`, so this stays thinking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dubline.craft import address, amounts, phrases, profanity, repair
from dubline.craft.cutting import alike, cut
from dubline.craft.dialect import in_dialect
from dubline.craft.drafts import Draft, Drafter, joined, parted, together, without_joints
from dubline.craft.glossary import Glossary, Terms
from dubline.craft.judging import Judge, Judged
from dubline.craft.routing import Route, Routes
from dubline.craft.unknown import Ask, remembered
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
    settled = Glossary(tuple(glossary), tuple(keep), base(target))
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
            ways.append([self._way(line, Draft(text), str(best), 1.0) for text in texts or (line,)])
        return [self._wordings(way) for way in self._judged(ways)]

    def by_routes(self, best: Route, lines: Sequence[str], groups: Sequence[Sequence[int]]) -> list[Wordings]:
        said = [self._said(line) for line in lines]
        ways: list[list[Judged]] = [[] for _ in said]
        for route, drafts in self._drafts(best, [self.glossary.protect(text) for text in said], groups):
            for place, draft in enumerate(drafts):
                name = PHRASEBOOK if draft.by_heart else str(route)
                ways[place].append(self._way(said[place], draft, name, route.quality / best.quality))
        judged = self._second_thoughts(best, self._judged(ways))
        return [self._wordings(_most_trusted(way) if self._is_doubtful(way[0]) else way) for way in judged]

    def _is_doubtful(self, way: Judged) -> bool:
        """A word or two say too little to judge by."""
        if way.route == PHRASEBOOK or len(way.said.split()) < FEWEST_WORDS:
            return False
        return way.trust < self._judge.doubtful or _faults(way) > 0

    def _second_thoughts(self, best: Route, judged: list[list[Judged]]) -> list[list[Judged]]:
        """More wordings for lines whose first one is doubtful: a small network that invents a sentence often does
        not when the sentence looks a little different, and another route errs in another way."""
        doubtful = [place for place, ways in enumerate(judged) if self._is_doubtful(ways[0])]
        said = [judged[place][0].said for place in doubtful]
        routes = self.routes.plain().alternatives(self.source, self.target, limit=MOST_ROUTES)
        asked = [(best, [retouched(text) for text in said])]
        asked += [(route, said) for route in routes if route != best]
        more: list[list[Judged]] = [[] for _ in said]
        for route, texts in asked:
            drafts = self._drafter.by_route(route, [self.glossary.protect(text) for text in texts])
            for ways, text, draft in zip(more, said, drafts, strict=True):
                finished = replace(draft, text=repair.finished(draft.text, text, route.target))
                ways.append(self._way(text, finished, str(route), route.quality / best.quality))
        results = list(judged)
        for place, ways in zip(doubtful, more, strict=True):
            results[place] = [*judged[place], *ways]
        return self._judged(results) if doubtful else judged

    def _said(self, line: str) -> str:
        text = without_joints(" ".join(line.replace("*", " ").split()))
        text = repair.without_disfluencies(text) if self.source == "en" else text
        return profanity.softened(text, self.source) if self.soften else text

    def _drafts(
        self, best: Route, said: Sequence[str], groups: Sequence[Sequence[int]]
    ) -> list[tuple[Route, list[Draft]]]:
        """Every line by the best route, as part of its sentence and alone, and straight where that is another."""
        alone = self._alone(best, said, {place for group in groups if len(group) > 1 for place in group})
        found = [(best, self._in_sentences(best, said, groups, alone)), (best, alone)]
        if len(best.hops) > 1 and (hop := self.routes.direct(self.source, self.target)):
            straight = Route((hop,))
            found.append((straight, self._drafter.by_route(straight, said)))
        return found

    def _alone(self, best: Route, said: Sequence[str], parts: set[int]) -> list[Draft]:
        """Each line by itself. Set phrases are known by heart, unless the line is part of a longer sentence."""
        pieces = [[text] if place in parts else self._pieces(text) for place, text in enumerate(said)]
        known = {
            piece: phrase
            for place, line in enumerate(pieces)
            if place not in parts
            for piece in line
            if (phrase := self._by_heart(piece)) is not None
        }
        asked = list(dict.fromkeys(piece for line in pieces for piece in line if piece not in known))
        answers = dict(zip(asked, self._drafter.by_route(best, asked), strict=True))
        return [
            together(
                [Draft(known[piece], by_heart=True) if piece in known else answers[piece] for piece in line]
            )
            for line in pieces
        ]

    def _pieces(self, text: str) -> list[str]:
        """The sentences of a line in which there is a set phrase, else the line."""
        found = phrases.sentences(text)
        return found if any(self._by_heart(piece) for piece in found) else [text]

    def _by_heart(self, sentence: str) -> str | None:
        polite = self.formality is Formality.FORMAL
        found = phrases.known(sentence, self.source, base(self.target), polite=polite)
        return found and repair.finished(found, sentence, base(self.target))

    def _in_sentences(
        self, route: Route, said: Sequence[str], groups: Sequence[Sequence[int]], alone: Sequence[Draft]
    ) -> list[Draft]:
        """Each line as its part of the sentence it belongs to. The marks between lines show where to cut; where
        they got lost, words in common with each line's own translation do, or the line stays by itself: a piece
        in the wrong place would be heard over the wrong picture."""
        spoken = [[place for place in group if repair.translatable(said[place])] for group in groups]
        several = [group for group in spoken if len(group) > 1]
        whole = self._drafter.by_route(route, [joined([said[place] for place in group]) for group in several])
        drafts = list(alone)
        for group, draft in zip(several, whole, strict=True):
            sources = [said[place] for place in group]
            for place, piece in zip(
                group, _pieces(draft.text, sources, [alone[at].text for at in group]), strict=False
            ):
                left = tuple(word for word in draft.untranslated if repair.in_source(word, piece))
                drafts[place] = Draft(piece, left)
        return drafts

    def _way(self, said: str, draft: Draft, route: str, worth: float) -> Judged:
        target = base(self.target)
        text = amounts.rewritten(said, self.glossary.restore(draft.text), self.source, target)
        text = profanity.softened(text, target) if self.soften else text
        return Judged(said, in_dialect(text, self.target), route, worth, draft.untranslated)

    def _judged(self, ways: Sequence[Sequence[Judged]]) -> list[list[Judged]]:
        """The ways of each line that differ, judged all at once."""
        different = [list({way.text: way for way in reversed(line)}.values())[::-1] for line in ways]
        results = iter(self._judge.judged([way for line in different for way in line]))
        return [[next(results) for _ in line] for line in different]

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
        missed = {way.text: self.glossary.missing(way.said, way.text) for way in ways}
        names = {way.text: self.glossary.missing_names(way.said, way.text) for way in ways}
        first, *others = sorted(ways, key=lambda way: len(missed[way.text]) + len(names[way.text]))
        rest = [Candidate(text=way.text, route=way.route, adequacy=_adequacy(way, first)) for way in others]
        rest.sort(key=lambda candidate: -candidate.adequacy)
        return Wordings(
            (Candidate(text=first.text, route=first.route), *rest),
            first.untranslated,
            missed[first.text],
            names[first.text],
            first.numbers_lost,
            address.unsure(first.said, first.text, base(self.target), self.formality),
        )


def _pieces(text: str, sources: Sequence[str], guides: Sequence[str]) -> list[str]:
    """A translated sentence as its lines; nothing where it cannot be told what belongs to which."""
    pieces = parted(text)
    if len(pieces) == len(sources) and all(repair.spoken(piece) for piece in pieces):
        return pieces
    pieces = cut(without_joints(text), sources, guides)
    return pieces if all(alike(*pair) for pair in zip(pieces, guides, strict=True)) else []


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
    """How well another wording says it next to the first: less by another route, less where it is less trusted."""
    if first.route == PHRASEBOOK:
        return LEAST_ADEQUACY
    by_route = SAME_ROUTE if way.route == first.route else OTHER_ROUTE * min(1.0, way.worth / first.worth)
    by_trust = min(1.0, way.trust / first.trust) if first.trust else 1.0
    return round(max(LEAST_ADEQUACY, by_route * by_trust), 2)
