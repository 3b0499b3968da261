"""Text cut at its punctuation: words for the phonemizer, marks for the model, which hears prosody in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MARKS = ';:,.!?—…"()“”'
"""Punctuation the model knows."""

SENTENCE_ENDS = ".!?…"

_SAID_OTHERWISE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("«„‟《「『【", "“"),
        **dict.fromkeys("»》」』】", "”"),
        **dict.fromkeys("[{（", "("),
        **dict.fromkeys("]}）", ")"),
        **dict.fromkeys("–―〜～", "—"),
        **dict.fromkeys("。．｡", ". "),
        **dict.fromkeys("、，､", ", "),
        **dict.fromkeys("؟？", "? "),
        **dict.fromkeys("।॥", ". "),
        "！": "! ",
        "：": ": ",
        "；": "; ",
        "¡": "",
        "¿": "",
        "・": " ",
        "\u00ad": "",
    }
)

# A comma inside a number is no pause, and a point before a small letter ends an abbreviation, not a sentence.
_MARK_RUN = re.compile(
    r"""\s*(?:(?:[;!?—…"()“”]|[,:](?=\s|$|[;:,.!?—…"()“”])|\.(?=\s|$|[;:,.!?—…"()“”])(?!\s+[a-zß-öø-ÿ])
    |\s-+\s|--+)\s*)+""",
    re.VERBOSE,
)
# Nor does one after a title or an initial.
_TITLE = re.compile(r"\b(Dra?|Sra?|Srta|Mrs?|Ms|Mme|Mlle|Prof|Sig|Dott|St)\.(?=\s)")
_INITIAL = re.compile(r"(?<=\b[A-Z])\.(?=\s[A-Z][\w.])(?<!\bI\.)")
_LONG_WORDS = 300
"""espeak-ng reads lines of at most 1,000 bytes."""


@dataclass(frozen=True)
class Clause:
    """Words up to the next punctuation, and that punctuation with its spaces as the model should see it."""

    words: str
    mark: str


def speakable(text: str) -> bool:
    """Whether there is a letter or a digit to say."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def clauses(text: str) -> list[Clause]:
    """The text cut at punctuation; a comma or point inside a number or an abbreviation does not count."""
    plain = _INITIAL.sub("", _TITLE.sub(r"\1", _plain(text)))
    found: list[Clause] = []
    start = 0
    for run in _MARK_RUN.finditer(plain):
        found += _clause(plain[start : run.start()], _mark(run.group()))
        start = run.end()
    return found + _clause(plain[start:], "")


def _plain(text: str) -> str:
    """Without pictures, control characters and the typographic variants of punctuation."""
    known = text.translate(_SAID_OTHERWISE)
    kept = (char if char.isspace() or _sayable(char) else " " for char in known)
    return " ".join("".join(kept).split())


def _sayable(char: str) -> bool:
    category = unicodedata.category(char)
    # Joiners (Cf) shape Indic and Arabic words; So, Sk and Co are pictures and ornaments.
    return category not in ("So", "Sk", "Co", "Cn", "Cc", "Cs") and not 0xFE00 <= ord(char) <= 0xFE0F


def _clause(words: str, mark: str) -> list[Clause]:
    words = words.strip()
    if not speakable(words):
        return []
    pieces = _short(words)
    return [*(Clause(piece, " ") for piece in pieces[:-1]), Clause(pieces[-1], mark)]


def _short(words: str) -> list[str]:
    if len(words) <= _LONG_WORDS:
        return [words]
    cut = words.rfind(" ", 0, _LONG_WORDS)
    cut = cut if cut > 0 else _LONG_WORDS
    return [words[:cut].strip(), *_short(words[cut:].strip())]


def _mark(run: str) -> str:
    """Punctuation as the model saw it in training: spaces where the text has them, dashes long."""
    run = re.sub(r"\s-+\s|--+", " — ", run)
    run = run.replace("...", "…").replace("..", "…")
    return re.sub(r"\s+", " ", run)
