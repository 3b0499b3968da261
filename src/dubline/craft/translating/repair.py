"""What a translation by way of another language needs afterwards, as rules on text.

Words nobody could translate are marked with a leading `*`; a mark is never spoken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dubline.craft.translating import address, from_spanish, spanish

_MARKED = re.compile(r"\*(?=\w)([\w’'-]*\w)")
_STRAY_MARK = re.compile(r"\*+(?=\w)|(?<=\w)\*+")
_FILLER = re.compile(r"(?i)(?<![\w'-])(?:u+h+m*|u+m+|e+r+m*|h*m{2,})\b[,.…~]*(?:\s+|$)|\s*~\s*")
_LOWER_FILLER = re.compile(r"(?<=\w )(?:ah|oh|eh) (?=\w)")
_STUTTER = re.compile(
    r"(?i)\b(a|an|and|the|to|of|in|on|is|it|it's|that's|i|i'm|we|you|they|he|she|but|so|or|with|for|my|your)"
    r"(?:[,…]? \1\b)+"
)
_HESITATION = re.compile(r"(?i)u+h+m*|u+m+|e+r+m*|h*m{2,}|a+h+|o+h+|a+r+g+h+")
_SPOKEN = re.compile(r"\w")
_LAST_MARK = re.compile(r"[.!?…]+[\"'”’»)]*$")


def spoken(text: str) -> bool:
    """Whether there is anything to say."""
    return bool(_SPOKEN.search(text))


def translatable(text: str) -> bool:
    """Whether there is more than hesitation in it: "um" is a number in Portuguese."""
    return any(not _HESITATION.fullmatch(word) for word in re.findall(r"\w+", text))


def bare(text: str) -> str:
    """A word or phrase without the punctuation around it."""
    return text.strip(" .,;:!?¿¡…\"'")


def marked_words(text: str) -> list[str]:
    return _MARKED.findall(text)


def unmarked(text: str) -> str:
    return _STRAY_MARK.sub("", text)


@dataclass(frozen=True)
class Meaning:
    """What a marked word says in the target language; `article` where the dictionary gave one with it."""

    word: str
    article: str = ""


_ARTICLE_BEFORE = re.compile(r"(?i)\b(el|la|los|las|un|una|unos|unas|este|esta|ese|esa) $")
_GENDERED = (("el", "la"), ("un", "una"), ("los", "las"), ("unos", "unas"), ("este", "esta"), ("ese", "esa"))


def replace_marked(text: str, meanings: Mapping[str, Meaning]) -> str:
    """Each marked word as what it means, its article agreeing, or as it stands."""
    parts: list[str] = []
    done = 0
    for match in _MARKED.finditer(text):
        meaning = meanings.get(match[1])
        parts.append(text[done : match.start()])
        if meaning is None:
            parts.append(match[1])
        else:
            parts[-1] = _with_article(parts[-1], meaning.article)
            parts.append(_cased(_agreeing(meaning.word, match[1]), match[1]))
        done = match.end()
    return unmarked("".join(parts) + text[done:])


def _with_article(before: str, article: str) -> str:
    """The article in front of a noun, in the noun's own gender."""
    found = _ARTICLE_BEFORE.search(before)
    if found is None or article not in {"el", "la", "los", "las"}:
        return before
    feminine = article in {"la", "las"}
    forms = next(pair for pair in _GENDERED if found[1].lower() in pair)
    return before[: found.start(1)] + _cased(forms[feminine], found[1]) + before[found.end(1) :]


def _agreeing(word: str, original: str) -> str:
    """A dictionary form in the number and gender its original had: Romance languages mark both alike."""
    if " " in word or not word.endswith(("o", "a", "e")) or not original.endswith("s"):
        return word
    return (word[:-1] + "a" if word.endswith("o") and original.endswith("as") else word) + "s"


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def without_disfluencies(text: str) -> str:
    """English without "uh" and doubled small words, which no translator understands. A line that is nothing
    else stays as it is."""
    cleaned = _STUTTER.sub(r"\1", _LOWER_FILLER.sub("", _FILLER.sub(" ", text)))
    cleaned = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(cleaned.split())).lstrip(",;: ")
    if not spoken(cleaned):
        return text
    return cleaned[:1].upper() + cleaned[1:] if text.lstrip()[:1].isupper() else cleaned


def name_like(word: str, source: str) -> bool:
    """A word that the source writes with a capital although no sentence begins there."""
    found = re.search(rf"(?<=[\w,;|] ){re.escape(word)}\b", source)
    return bool(found) and word[:1].isupper()


def in_source(word: str, source: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", source) is not None


def like_source(text: str, source: str) -> str:
    """First letter and last punctuation as in the source; no loose spaces."""
    text = re.sub(r"\s+([,.;:!?…»”)])", r"\1", " ".join(text.split()))
    text = re.sub(r",([.!?])", r"\1", text)
    text = _first_letter(text, source)
    end = _LAST_MARK.search(source.rstrip())
    own = _LAST_MARK.search(text)
    if end and not own:
        return text.rstrip(",;:") + end.group()
    if own and not end and spoken(source):
        return text[: own.start()] if own.group().startswith(".") and own.group() != "..." else text
    return text


def _first_letter(text: str, source: str) -> str:
    place = next((place for place, letter in enumerate(text) if letter.isalpha()), None)
    initial = next((letter for letter in source if letter.isalpha()), "")
    if place is None or not initial:
        return text
    if initial.isupper():
        return text[:place] + text[place].upper() + text[place + 1 :]
    word = re.match(r"[\w'-]+", text[place:])
    if word and (in_source(word.group(), source) or (word.group().isupper() and len(word.group()) > 1)):
        return text
    return text[:place] + text[place].lower() + text[place + 1 :]


def finished(text: str, source: str, target: str) -> str:
    """A text ready to be spoken in the target language."""
    text = like_source(_ordinary(unmarked(text), source), source)
    text = spanish.opened(text) if target in _OPENING_LANGUAGES else text
    return spanish.asked(text) if target == "es" else text


_CAPITAL = re.compile(
    r"(?<=[^\W\d_] )(?:Para|Por|Y|E|Et|Ed|O|A|De|Del|Do|Da|Di|Du|En|Em|In|Con|Com|El|La|Los|Las|Un|Una|Al|Que)(?= )"
)


def _ordinary(text: str, source: str) -> str:
    """Small words without the capital that a rule-based translator carries on from the word before."""
    return _CAPITAL.sub(
        lambda match: match[0] if re.search(rf"\b{match[0]}\b", source) else match[0].lower(), text
    )


_OPENING_LANGUAGES = frozenset({"es", "gl"})

Repair = Callable[[str, str], str]
SPELLINGS: Mapping[tuple[str, str], Callable[[str], str]] = {("pt", "es"): spanish.from_portuguese}


_TWO_ARTICLES = re.compile(r"(?i)\b(uma? )[ao] (?=\w)")
SAY_NO_PRONOUNS = frozenset({"es", "gl", "ca", "it", "pt", "ro"})
"""Languages whose verbs show who acts. French on the way from Spanish needs every pronoun there was."""


def mends(source: str, target: str, final: str, *, familiar: bool) -> list[Repair]:
    """What is done right after a hop on the way to the final language, with the text and what was said in the
    beginning."""
    if target == "pt":
        return [lambda text, _: _TWO_ARTICLES.sub(r"\1", text)]
    if source == "es" and target in from_spanish.REPAIRS:
        return [from_spanish.REPAIRS[target]]
    if (source, target) != ("pt", "es"):
        return []
    found: list[Repair] = [address.familiar_spanish] if familiar else []
    found.append(spanish.repaired)
    if final in SAY_NO_PRONOUNS:
        found.append(lambda text, _: spanish.without_pronouns(text))
    return found
