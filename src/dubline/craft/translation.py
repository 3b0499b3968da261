"""The lines of a script from one language to another: whole sentences, the best route, then repairs.

Engines are reached through `Ask`, so this stays thinking: engine name, texts, source, target → translations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dubline.craft import names, repair
from dubline.craft.cutting import alike, cut
from dubline.craft.glossary import Glossary, Terms
from dubline.craft.routing import Hop, Route, Routes
from dubline.domain.language import base
from dubline.domain.script import Candidate

Ask = Callable[[str, list[str], str, str], list[str]]

MOST_WORDS_FOR_ONE = 3
"""A word that needs more than this in the other language was misunderstood."""


@dataclass(frozen=True)
class Wordings:
    """What a line can be dubbed with, best first; of the first also the words that nobody could translate and
    the terms of the glossary that got lost on the way."""

    candidates: tuple[Candidate, ...]
    untranslated: tuple[str, ...] = ()
    missed_terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Draft:
    text: str
    untranslated: tuple[str, ...] = ()


def translate_lines(
    ask: Ask,
    lines: Sequence[str],
    groups: Sequence[Sequence[int]],
    routes: Routes,
    source: str,
    target: str,
    *,
    glossary: Terms = (),
) -> list[Wordings]:
    """Wordings for each line. `groups` says which lines in a row make one sentence, as
    `segmentation.sentences` finds them. `UserError` pair_unsupported where no route leads to the target."""
    best = routes.best(source, target)
    settled = Glossary(tuple(glossary))
    said = [settled.protect(_cleaned(line, source)) for line in lines]
    work = _Work(ask, routes, base(source))
    alone = work.by_route(best, said)
    ways = [(_joined(work, best, said, groups, alone), best), (alone, best)]
    if len(best.hops) > 1 and (hop := routes.direct(source, target)):
        straight = Route((hop,))
        ways.append((work.by_route(straight, said), straight))
    return [
        _wordings(line, [(drafts[place], route) for drafts, route in ways], settled)
        for place, line in enumerate(lines)
    ]


def _cleaned(line: str, source: str) -> str:
    text = " ".join(line.replace("*", " ").split())
    return repair.without_disfluencies(text) if base(source) == "en" else text


def _joined(
    work: _Work, route: Route, said: Sequence[str], groups: Sequence[Sequence[int]], alone: Sequence[_Draft]
) -> list[_Draft]:
    """Each line as its part of the sentence it belongs to, where the parts can be told: a piece that has
    little in common with its line's own translation would be heard over the wrong picture."""
    several = [group for group in groups if len(group) > 1]
    whole = work.by_route(route, [" ".join(said[place] for place in group) for group in several])
    drafts = list(alone)
    for group, draft in zip(several, whole, strict=True):
        pieces = cut(draft.text, [said[place] for place in group], [alone[place].text for place in group])
        if not all(alike(piece, alone[place].text) for place, piece in zip(group, pieces, strict=True)):
            continue
        for place, piece in zip(group, pieces, strict=True):
            left = tuple(word for word in draft.untranslated if repair.in_source(word, piece))
            drafts[place] = _Draft(piece, left)
    return drafts


def _wordings(line: str, drafts: Sequence[tuple[_Draft, Route]], glossary: Glossary) -> Wordings:
    """Candidates that differ, in the order given but for those that lost a term of the glossary."""
    routes: dict[str, Route] = {}
    untranslated: dict[str, tuple[str, ...]] = {}
    for draft, route in drafts:
        text = glossary.restore(draft.text)
        routes.setdefault(text, route)
        untranslated.setdefault(text, draft.untranslated)
    missed = {text: glossary.missing(line, text) for text in routes}
    texts = sorted(routes, key=lambda text: len(missed[text]))
    candidates = tuple(Candidate(text=text, route=str(routes[text])) for text in texts)
    return Wordings(candidates, untranslated[texts[0]], missed[texts[0]])


@dataclass(frozen=True)
class _Work:
    """What one translation has at hand. `source` is the language that was spoken."""

    ask: Ask
    routes: Routes
    source: str

    def by_route(self, route: Route, texts: Sequence[str]) -> list[_Draft]:
        """Every text along a route; what holds no words but hesitation comes back as it is."""
        spoken = [place for place, text in enumerate(texts) if repair.translatable(text)]
        said = [texts[place] for place in spoken]
        drafts = [_Draft(text) for text in said]
        for hop in route.hops:
            drafts = self._hop(hop, said, drafts)
        results = [_Draft(text) for text in texts]
        for place, draft in zip(spoken, drafts, strict=True):
            finished = repair.finished(draft.text, texts[place], route.target)
            results[place] = _Draft(finished, draft.untranslated)
        return results

    def _hop(self, hop: Hop, said: Sequence[str], drafts: Sequence[_Draft]) -> list[_Draft]:
        if not drafts:
            return []
        answers = self.ask(hop.engine, [draft.text for draft in drafts], hop.source, hop.target)
        if hop.source != self.source:
            answers = self._with_names(hop, said, drafts, answers)
        mend = repair.PAIR_REPAIRS.get((hop.source, hop.target))
        mended = [mend(*pair) if mend else pair[0] for pair in zip(answers, said, strict=True)]
        found = self._replacements(hop, mended, said)
        results = []
        for text, draft, spoken in zip(mended, drafts, said, strict=True):
            words = repair.marked_words(text)
            known = {
                word: found[word] for word in words if word in found and not repair.name_like(word, spoken)
            }
            lost = [word for word in words if word not in found and not word[:1].isupper()]
            left = tuple(dict.fromkeys((*draft.untranslated, *lost)))
            results.append(_Draft(repair.replace_marked(text, known), left))
        return results

    def _with_names(
        self, hop: Hop, said: Sequence[str], drafts: Sequence[_Draft], answers: Sequence[str]
    ) -> list[str]:
        """The answers, those that lost a name asked for once more with the name protected."""
        found = [names.names(text, draft.text) for text, draft in zip(said, drafts, strict=True)]
        again = [place for place, answer in enumerate(answers) if names.lost(found[place], answer)]
        kept = list(answers)
        if again:
            texts = [names.protected(drafts[place].text, found[place]) for place in again]
            for place, answer in zip(again, self.ask(hop.engine, texts, hop.source, hop.target), strict=True):
                kept[place] = names.restored(answer, found[place])
        return kept

    def _replacements(self, hop: Hop, texts: Sequence[str], said: Sequence[str]) -> dict[str, repair.Meaning]:
        """What marked words mean. First those the speaker said, straight from the dictionary; then those
        that are spelled almost alike in both languages; then those that come back through the pivot."""
        kept: set[str] = set()
        foreign: set[str] = set()
        for text, spoken in zip(texts, said, strict=True):
            for word in repair.marked_words(text):
                (kept if repair.in_source(word, spoken) else foreign).add(word)
        found = self._straight(hop, sorted(kept))
        spelled = self._spelled(hop, sorted(foreign))
        through = self._through(hop, sorted(foreign - set(spelled)))
        return {**through, **spelled, **found}

    def _straight(self, hop: Hop, words: Sequence[str]) -> dict[str, repair.Meaning]:
        return self._by_dictionary(hop, {word: word.lower() for word in words})

    def _spelled(self, hop: Hop, words: Sequence[str]) -> dict[str, repair.Meaning]:
        """Words the target language knows once they are spelled its way."""
        spell = repair.SPELLINGS.get((hop.source, hop.target))
        checks = [other for other in self.routes.leaving(hop.target) if other.engine == hop.engine]
        if spell is None or not checks or not words:
            return {}
        check = min(checks, key=lambda other: (other.target != hop.source, other.target))
        spelled = [spell(word) for word in words]
        answers = self.ask(check.engine, spelled, check.source, check.target)
        return {
            word: repair.Meaning(own)
            for word, own, answer in zip(words, spelled, answers, strict=True)
            if "*" not in answer
        }

    def _through(self, hop: Hop, words: Sequence[str]) -> dict[str, repair.Meaning]:
        """Back to the spoken language by the pivot's own translator, and from there by the dictionary."""
        back = self.routes.direct(hop.source, self.source)
        lower = [word for word in words if not word[:1].isupper()]
        if back is None or not lower:
            return {}
        meant = [repair.bare(text) for text in self.ask(back.engine, lower, back.source, back.target)]
        understood = {
            word: meaning.lower()
            for word, meaning in zip(lower, meant, strict=True)
            if meaning and meaning.lower() != word.lower()
        }
        return self._by_dictionary(hop, understood)

    def _by_dictionary(self, hop: Hop, asked: Mapping[str, str]) -> dict[str, repair.Meaning]:
        """Each word's meaning, asked for alone and with an article, which tells a noun's gender."""
        direct = self.routes.direct(self.source, hop.target)
        if direct is None or direct == hop or not asked:
            return {}
        words = list(asked.values())
        with_article = [f"the {word}" for word in words] if self.source == "en" else words
        answers = self.ask(direct.engine, [*words, *with_article], direct.source, direct.target)
        found = {}
        for word, alone, noun in zip(asked, answers, answers[len(words) :], strict=False):
            if (text := repair.bare(alone)) and "*" not in text and len(text.split()) <= MOST_WORDS_FOR_ONE:
                article, _, rest = repair.bare(noun).lower().partition(" ")
                found[word] = repair.Meaning(
                    text[:1].lower() + text[1:], article if rest == text.lower() else ""
                )
        return found
