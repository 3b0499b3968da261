"""Texts along a route, hop by hop, each hop followed by the repairs it needs.

A text may be a sentence over several lines with a mark between them. Translators carry the mark along like a
word, so that each line comes back as its own part of a sentence that was understood as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dubline.craft.translating import names, repair
from dubline.craft.translating.routing import Hop, Route, Routes
from dubline.craft.translating.unknown import Ask, Dictionary

JOINT = "|"
"""Stands between the lines of a sentence."""


@dataclass(frozen=True)
class Draft:
    """A translation and the words in it that nobody could translate."""

    text: str
    untranslated: tuple[str, ...] = ()
    by_heart: bool = False


def together(drafts: Sequence[Draft]) -> Draft:
    """Sentences of one line as one draft."""
    return Draft(
        " ".join(draft.text for draft in drafts),
        tuple(word for draft in drafts for word in draft.untranslated),
        all(draft.by_heart for draft in drafts),
    )


def joined(lines: Sequence[str]) -> str:
    return f" {JOINT} ".join(lines)


def parted(text: str) -> list[str]:
    """The lines of a text, where there is a mark between them."""
    return [" ".join(piece.split()) for piece in text.split(JOINT)]


def without_joints(text: str) -> str:
    return " ".join(text.replace(JOINT, " ").split())


@dataclass(frozen=True)
class Drafter:
    """`source` is the language that was spoken; `familiar` asks for the familiar form of address, where it can be
    had."""

    ask: Ask
    routes: Routes
    source: str
    familiar: bool = False

    def by_route(self, route: Route, texts: Sequence[str]) -> list[Draft]:
        """Every text along a route; what holds no words but hesitation comes back as it is."""
        spoken = [place for place, text in enumerate(texts) if repair.translatable(text)]
        said = [texts[place] for place in spoken]
        drafts = [Draft(text) for text in said]
        for hop in route.hops:
            drafts = self._hop(hop, route.target, said, drafts)
        results = [Draft(text) for text in texts]
        for place, draft in zip(spoken, drafts, strict=True):
            finished = _each(
                draft.text, texts[place], lambda text, source: repair.finished(text, source, route.target)
            )
            results[place] = Draft(finished, draft.untranslated)
        return results

    def _hop(self, hop: Hop, final: str, said: Sequence[str], drafts: Sequence[Draft]) -> list[Draft]:
        if not drafts:
            return []
        answers = self.ask(hop.engine, [draft.text for draft in drafts], hop.source, hop.target)
        if hop.source != self.source:
            answers = self._with_names(hop, said, drafts, answers)
        familiar = self.familiar and self.source == "en"
        mends = repair.mends(hop.source, hop.target, final, familiar=familiar)
        mended = list(answers)
        for mend in mends:
            mended = [_each(text, spoken, mend) for text, spoken in zip(mended, said, strict=True)]
        found = Dictionary(self.ask, self.routes, self.source).meanings(hop, mended, said)
        return [_known(*three, found) for three in zip(mended, drafts, said, strict=True)]

    def _with_names(
        self, hop: Hop, said: Sequence[str], drafts: Sequence[Draft], answers: Sequence[str]
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


def _each(text: str, source: str, change: Callable[[str, str], str]) -> str:
    """A change to each line of a text beside what was said in it; to the whole where the lines cannot be told."""
    lines, sources = parted(text), parted(source)
    if len(lines) != len(sources):
        return change(text, source)
    return joined([change(line, said) for line, said in zip(lines, sources, strict=True)])


def _known(text: str, draft: Draft, spoken: str, found: dict[str, repair.Meaning]) -> Draft:
    """A draft with what its marked words mean; names stay, what nobody knows is told."""
    words = repair.marked_words(text)
    known = {word: found[word] for word in words if word in found and not repair.name_like(word, spoken)}
    lost = [word for word in words if word not in found and not word[:1].isupper()]
    left = tuple(dict.fromkeys((*draft.untranslated, *lost)))
    return Draft(repair.replace_marked(text, known), left)
