"""What words mean that a translator did not know, asked for in other ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dubline.craft.translating import repair
from dubline.craft.translating.plural import plural
from dubline.craft.translating.routing import Hop, Routes

Ask = Callable[[str, list[str], str, str], list[str]]
"""Engine, texts, source, target → translations: how the thinking reaches engines."""


def remembered(ask: Ask) -> Ask:
    """The same, that asks nobody twice for the same text."""
    known: dict[tuple[str, str, str, str], str] = {}

    def answer(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        new = [text for text in dict.fromkeys(texts) if (engine, source, target, text) not in known]
        if new:
            for text, found in zip(new, ask(engine, new, source, target), strict=True):
                known[engine, source, target, text] = found
        return [known[engine, source, target, text] for text in texts]

    return answer


ARTICLES = frozenset({"el", "la", "los", "las", "o", "os", "as", "il", "lo", "i", "gli", "le", "les"})
MOST_WORDS_FOR_ONE = 3
"""A word that needs more than this in the other language was misunderstood."""


@dataclass(frozen=True)
class Dictionary:
    """`source` is the language that was spoken."""

    ask: Ask
    routes: Routes
    source: str

    def meanings(self, hop: Hop, texts: Sequence[str], said: Sequence[str]) -> dict[str, repair.Meaning]:
        """What marked words mean. First those the speaker said, straight from the dictionary; then those
        that are spelled almost alike in both languages; then those that come back through the pivot."""
        kept: set[str] = set()
        foreign: set[str] = set()
        for text, spoken in zip(texts, said, strict=True):
            for word in repair.marked_words(text):
                (kept if repair.in_source(word, spoken) else foreign).add(word)
        spelled = self._spelled(hop, sorted(foreign))
        asked = {word: word.lower() for word in sorted(kept)}
        asked |= self._through(hop, sorted(foreign - set(spelled)))
        return {**self._looked_up(hop, asked), **spelled}

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

    def _through(self, hop: Hop, words: Sequence[str]) -> dict[str, str]:
        """What words of a pivot are in the spoken language, by the pivot's own translator."""
        back = self.routes.direct(hop.source, self.source)
        lower = [word for word in words if not word[:1].isupper()]
        if back is None or not lower:
            return {}
        meant = [repair.bare(text) for text in self.ask(back.engine, lower, back.source, back.target)]
        return {
            word: meaning.lower()
            for word, meaning in zip(lower, meant, strict=True)
            if meaning and meaning.lower() != word.lower()
        }

    def _looked_up(self, hop: Hop, asked: Mapping[str, str]) -> dict[str, repair.Meaning]:
        """Each word's meaning; of a plural that is not there, the plural of what one of them is called."""
        found = self._entries(hop, asked)
        if self.source != "en":
            return found
        single = {
            word: meant[:-1] for word, meant in asked.items() if word not in found and meant.endswith("s")
        }
        for word, meaning in self._entries(hop, single).items():
            found[word] = repair.Meaning(plural(meaning.word, hop.target), meaning.article)
        return found

    def _entries(self, hop: Hop, asked: Mapping[str, str]) -> dict[str, repair.Meaning]:
        """Asked for alone and with an article, which tells a noun's gender."""
        direct = self.routes.direct(self.source, hop.target)
        if direct is None or direct == hop or not asked:
            return {}
        words = list(asked.values())
        with_article = [f"the {word}" for word in words] if self.source == "en" else words
        answers = self.ask(direct.engine, [*words, *with_article], direct.source, direct.target)
        found = {}
        for word, alone, noun in zip(asked, answers, answers[len(words) :], strict=False):
            text = repair.bare(alone)
            if not text or "*" in text or len(text.split()) > MOST_WORDS_FOR_ONE:
                continue
            its_article, rest = _without_article(text)
            article, same = _without_article(repair.bare(noun))
            found[word] = repair.Meaning(rest, article if same == rest else its_article)
        return found


def _without_article(text: str) -> tuple[str, str]:
    """A noun and the article a dictionary gave with it."""
    first, _, rest = text.partition(" ")
    if rest and first.lower() in ARTICLES:
        return first.lower(), rest[:1].lower() + rest[1:]
    return "", text[:1].lower() + text[1:]
