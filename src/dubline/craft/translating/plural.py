"""Nouns in the plural, as Romance languages make it."""

from __future__ import annotations

_ITALIAN_PLURALS = (("a", "e"), ("o", "i"), ("e", "i"))
_LINKS = frozenset(
    {"de", "del", "da", "do", "di", "du", "à", "con", "com", "para", "per", "pour", "en", "em", "in"}
)


def plural(term: str, language: str) -> str:
    """A noun phrase in the plural, up to its first preposition; names, and languages not known here, stay."""
    if not term.islower() or language not in {"es", "pt", "gl", "ca", "fr", "it"}:
        return term
    words = term.split()
    heads = next((place for place, word in enumerate(words) if word in _LINKS), len(words))
    return " ".join([*(_plural_word(word, language) for word in words[:heads]), *words[heads:]])


def _plural_word(word: str, language: str) -> str:
    if language == "it":
        return next((word[:-1] + many for one, many in _ITALIAN_PLURALS if word.endswith(one)), word)
    if word.endswith(("s", "x")):
        return word
    if language == "fr":
        return word[:-2] + "aux" if word.endswith("al") else word + ("x" if word.endswith("eau") else "s")
    if language == "pt":
        return _portuguese_plural(word)
    if word.endswith("z"):
        return word[:-1] + "ces"
    return word + ("s" if word[-1] in "aeiouáéó" else "es")


def _portuguese_plural(word: str) -> str:
    for one, many in (("ão", "ões"), ("m", "ns"), ("al", "ais"), ("el", "éis"), ("ol", "óis"), ("ul", "uis")):
        if word.endswith(one):
            return word[: -len(one)] + many
    return word + ("es" if word[-1] in "rz" else "s")
