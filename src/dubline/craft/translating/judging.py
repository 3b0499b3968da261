"""Drafts judged: what cannot be right is found, and how far the rest can be trusted is estimated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dubline.craft.translating import profanity, repair
from dubline.craft.translating.adequacy import estimate
from dubline.craft.translating.routing import Hop, Route, Routes
from dubline.craft.translating.unknown import Ask

DOUBTFUL_BETWEEN = (0.35, 0.58)
SHORTEST_STRANGER = 3
"""Letters; shorter words are in many languages at once."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Judged:
    """One way to say a line. `worth` is how good its route is next to the best, `trust` the estimate for this
    text: 1 where nothing speaks against it."""

    said: str
    text: str
    route: str
    worth: float = 1.0
    untranslated: tuple[str, ...] = ()
    numbers_lost: tuple[str, ...] = ()
    trust: float = 1.0


@dataclass(frozen=True)
class Judge:
    """Only engines without context are asked: a check must be quick, and cost nothing."""

    ask: Ask
    routes: Routes
    source: str
    target: str

    def judged(self, drafts: Sequence[Judged]) -> list[Judged]:
        texts = [draft.text for draft in drafts]
        found = []
        for draft, strange, back in zip(drafts, self._strangers(drafts), self._back(texts), strict=True):
            strong = profanity.left(draft.said, draft.text, self.source, self.target)
            left = tuple(dict.fromkeys((*draft.untranslated, *strange, *strong)))
            lost = len(draft.numbers_lost)
            trust = estimate(draft.said, draft.text, back, untranslated=len(left), numbers_lost=lost)
            found.append(replace(draft, untranslated=left, trust=trust))
        return found

    @cached_property
    def doubtful(self) -> float:
        """An estimate below this is reason to look further. A poor way back makes good texts worse."""
        least, most = DOUBTFUL_BETWEEN
        return min(most, max(least, self._way_back.quality)) if self._way_back else 0.0

    @cached_property
    def _way_back(self) -> Route | None:
        return next(iter(self.routes.alternatives(self.target, self.source, limit=1)), None)

    def _back(self, texts: Sequence[str]) -> list[str | None]:
        """Each text in the language that was spoken; none for all where no route leads back."""
        return list(self._along(self._way_back, texts)) if self._way_back else [None] * len(texts)

    def _along(self, route: Route, texts: Sequence[str]) -> list[str]:
        found = list(texts)
        for hop in route.hops:
            found = self.ask(hop.engine, found, hop.source, hop.target)
        return [repair.unmarked(text) for text in found]

    def _strangers(self, drafts: Sequence[Judged]) -> list[tuple[str, ...]]:
        """Words of the source that stayed and that a dictionary of the target language does not know."""
        shared = [_shared(draft.said, draft.text) for draft in drafts]
        check = self._check()
        if check is None or not any(shared):
            return [()] * len(drafts)
        asked = [place for place, words in enumerate(shared) if words]
        texts = [drafts[place].text for place in asked]
        unknown: dict[int, set[str]] = {}
        for place, answer in zip(
            asked, self.ask(check.engine, texts, check.source, check.target), strict=True
        ):
            unknown[place] = {word.lower() for word in repair.marked_words(answer)}
        return [
            tuple(word for word in words if word in unknown.get(place, ()))
            for place, words in enumerate(shared)
        ]

    def _check(self) -> Hop | None:
        """A translator out of the target language to one that nobody speaks here: the one on the way back, which
        is asked anyway, else the best."""
        hops = [hop for hop in self.routes.leaving(self.target) if hop.target != self.source]
        first = self._way_back.hops[0] if self._way_back else None
        return first if first in hops else max(hops, key=lambda hop: (hop.quality, hop.target), default=None)


def _shared(said: str, text: str) -> tuple[str, ...]:
    """Lower-case words that are in both; a name is none of them."""
    words = {word.lower() for word in _WORD.findall(said) if not repair.name_like(word, said)}
    return tuple(
        dict.fromkeys(
            word for word in _WORD.findall(text) if word in words and len(word) >= SHORTEST_STRANGER
        )
    )
