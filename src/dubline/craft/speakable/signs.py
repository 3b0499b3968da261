"""Addresses, abbreviations, codes, symbols; ornaments and markup go."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from dubline.craft.speakable.tongue import Tongue

_MARKUP = re.compile(
    r"""</?[a-zA-Z][^<>]{0,80}>          # <b>
    |(?<!\w)[*_~`]+(?=\w)|(?<=[\w.,!?])[*_~`]+(?!\w)   # *stressed*, `code`
    |^\s{0,3}(?:\#{1,6}|[-*•▪‣>])\s+     # a heading, an item, a quotation""",
    re.VERBOSE | re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:https?://|www\.|/)[^()\s]*\)")
_PICTURES = ("So", "Sk", "Co", "Cn", "Cc", "Cs")
_KEPT = "°`^"
_ARROW = re.compile(r"\s*(?:-+>|=+>|[→⇒➔])\s*")


def tidy(text: str) -> str:
    """Without pictures, markup and control characters; digits of every script as the common ones."""
    text = _LINK.sub(r"\1", text)
    text = _MARKUP.sub("", text)
    text = _ARROW.sub(", ", text)
    text = text.replace("&amp;", "&").replace("&nbsp;", " ")
    return "".join(map(_plain, text))


def _plain(char: str) -> str:
    if char.isascii() and char.isprintable():
        return char
    if char.isspace():
        return char if char in "\u00a0\u202f" else " "
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    if 0xFE00 <= ord(char) <= 0xFE0F or char in "\u200d\u200b\u20e3\ufeff":
        return ""
    if unicodedata.category(char) in _PICTURES and char not in _KEPT:
        return " "
    return char


_END = r"(?![\w@])"
_SAFE_DOMAINS = "com|org|net|edu|gov|info|io|dev|app|tv"
_MAIL = re.compile(rf"[\w.+-]+@(?:[\w-]+\.)+\w{{2,}}{_END}")
_URL = re.compile(
    rf"(?:https?://|www\.)[\w-]+(?:\.[\w-]+)+(?:/[\w./%#?=&+~-]*[\w/])?"
    rf"|(?<![\w@./])(?:[a-zA-Z0-9][\w-]*\.)+(?:{_SAFE_DOMAINS})(?:\.[a-z]{{2}})?(?:/[\w./%#?=&+~-]*[\w/])?{_END}"
)
_SCHEME = re.compile(r"^https?://(?:www\.)?|^www\.")
_HANDLE = re.compile(r"(?<![\w.])@(?=\w)")
_TAG = re.compile(r"(?<![\w&])#(?=[^\W\d_])")


def addresses(text: str, tongue: Tongue) -> str:
    text = _MAIL.sub(lambda found: _spoken_address(found.group(), tongue), text)
    text = _URL.sub(lambda found: _spoken_address(_SCHEME.sub("", found.group()), tongue), text)
    text = _HANDLE.sub(f"{tongue.at} ", text)
    return _TAG.sub("hashtag ", text)


def _spoken_address(address: str, tongue: Tongue) -> str:
    said = {".": tongue.dot, "@": tongue.at, "/": tongue.slash, "-": tongue.hyphen, "_": tongue.hyphen}
    words = "".join(f" {said[char]} " if char in said else char for char in address.rstrip("/"))
    return " ".join(re.sub(r"[^\w\s]", " ", words).split())


def abbreviations(text: str, tongue: Tongue) -> str:
    """In full. A point that may end the sentence stays; after a title, whose name follows, it does not."""
    for written, said in tongue.titles.items():
        text = _written(written, r"(?=\s*\w)").sub(_said(said), text)
    for written, said in tongue.abbreviations.items():
        text = _written(written, r"(?P<end>(?<=\.)(?=\s*$|\s+[A-ZÀ-Ý¿¡]))?").sub(_said(said), text)
    return text


@cache
def _written(abbreviation: str, after: str) -> re.Pattern[str]:
    """As it is written, with or without the space between its parts: `EE. UU.`, `EE.UU.`."""
    parts = re.escape(abbreviation).replace(r"\.\ ", r"\.\s?")
    return re.compile(rf"(?<![\w.]){parts}(?!\w){after}")


@cache
def _said(words: str) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        ends = "." if "end" in found.re.groupindex and found["end"] is not None else ""
        return words + ends

    return said


_SERIES = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+){2,}(?!\w)")
_JOINT = re.compile(r"(?<=[^\W\d_])-?(?=[0-9])|(?<=[0-9])-?(?=[^\W\d_])")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_CODE = re.compile(r"(?<![\w.,])(?=[\w-]*[0-9])(?=[\w-]*[^\W\d_])[\w]+(?:-\w+)*(?!\w)")


def codes(text: str, tongue: Tongue) -> str:
    """Letters and figures in one word apart: MP3 is "MP tres". Versions figure by figure group."""
    text = _SERIES.sub(lambda found: _series(found.group(), tongue), text)
    return _CODE.sub(lambda found: _JOINT.sub(" ", found.group()), text)


def _series(written: str, tongue: Tongue) -> str:
    return written if _THOUSANDS.fullmatch(written) else written.replace(".", f" {tongue.dot} ")


_BOTH = re.compile(r"\b(?P<and>and|y|e|et)/(?P<or>or|o|ou)\b", re.IGNORECASE)
_ALTERNATIVES = re.compile(r"(?<=[a-zß-öø-ÿ])\s*/\s*(?=[^\W\d_])")
_SLASH = re.compile(r"\s*[/\\|]+\s*")


def symbols(text: str, tongue: Tongue) -> str:
    text = _BOTH.sub(r"\g<and> \g<or>", text)
    text = _ALTERNATIVES.sub(f" {tongue.either} ", text)
    for sign, word in tongue.signs.items():
        text = text.replace(sign, f" {word} ")
    text = re.sub(r"(?<=\w)\s*<\s*(?=\w)", f" {tongue.less} ", text)
    text = re.sub(r"(?<=\w)\s*>\s*(?=\w)", f" {tongue.more} ", text)
    return re.sub(r"[*_~^`<>{}#]+", " ", _SLASH.sub(" ", text))


def spaced(text: str) -> str:
    """One space between words, none before a comma or a point; French keeps its space before ?!:;."""
    text = re.sub(r"[ \t]+", " ", text).strip()
    text = re.sub(r"\s+([,.…)\]”])", r"\1", text)
    return re.sub(r"([(\[“¿¡])\s+", r"\1", text)
