"""Lines translated as the sentences they were spoken in, and given back line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dubline.craft.translating import phrases, repair
from dubline.craft.translating.cutting import alike, cut
from dubline.craft.translating.drafts import Draft, Drafter, joined, parted, together, without_joints
from dubline.craft.translating.routing import Route


@dataclass(frozen=True)
class Sentences:
    """`by_heart` gives the translation of a set phrase."""

    drafter: Drafter
    route: Route
    by_heart: Callable[[str], str | None]

    def drafts(self, said: Sequence[str], groups: Sequence[Sequence[int]]) -> list[Draft]:
        """A draft for each line. The marks between the lines of a sentence show where to cut its translation; where
        they got lost, words in common with each line's own translation do, or the lines stay by themselves: a
        piece in the wrong place would be heard over the wrong picture."""
        several = [group for group in _spoken(said, groups) if len(group) > 1]
        parts = {place for group in several for place in group}
        pieces = {place: self._pieces(text) for place, text in enumerate(said) if place not in parts}
        marked = [joined([said[place] for place in group]) for group in several]
        found = self._translated([*(piece for line in pieces.values() for piece in line), *marked])
        drafts = {place: together([found[piece] for piece in line]) for place, line in pieces.items()}
        lost = []
        for group, text in zip(several, marked, strict=True):
            if not _dealt(group, found[text], parted(found[text].text), drafts):
                lost.append((group, found[text]))
        self._by_their_words(said, lost, drafts)
        return [drafts[place] for place in range(len(said))]

    def _by_their_words(
        self, said: Sequence[str], lost: Sequence[tuple[Sequence[int], Draft]], drafts: dict[int, Draft]
    ) -> None:
        alone = self._translated([said[place] for group, _ in lost for place in group])
        for group, whole in lost:
            guides = [alone[said[place]].text for place in group]
            pieces = cut(without_joints(whole.text), [said[place] for place in group], guides)
            sure = all(alike(*pair) for pair in zip(pieces, guides, strict=True))
            if not sure or not _dealt(group, whole, pieces, drafts):
                drafts.update((place, alone[said[place]]) for place in group)

    def _pieces(self, text: str) -> list[str]:
        """The sentences of a line in which there is a set phrase, else the line."""
        found = phrases.sentences(text)
        return found if any(self.by_heart(piece) for piece in found) else [text]

    def _translated(self, texts: Sequence[str]) -> dict[str, Draft]:
        known = {text: Draft(phrase, by_heart=True) for text in texts if (phrase := self.by_heart(text))}
        asked = [text for text in dict.fromkeys(texts) if text not in known]
        return {**known, **dict(zip(asked, self.drafter.by_route(self.route, asked), strict=True))}


def _spoken(said: Sequence[str], groups: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[place for place in group if repair.translatable(said[place])] for group in groups]


def _dealt(group: Sequence[int], whole: Draft, pieces: Sequence[str], drafts: dict[int, Draft]) -> bool:
    """Each line of a sentence gets its piece, if there is something to say for each."""
    if len(pieces) != len(group) or not all(repair.spoken(piece) for piece in pieces):
        return False
    for place, piece in zip(group, pieces, strict=True):
        left = tuple(word for word in whole.untranslated if repair.in_source(word, piece))
        drafts[place] = Draft(piece, left)
    return True
