"""Mandarin for Kokoro: characters to pinyin by pypinyin, pinyin to the model's phonemes and tone arrows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dubline.engines.synthesizer.kokoro import espeak_ipa
from dubline.ports.engine import library

NEED = library("pypinyin", "pypinyin")

_INITIALS: Mapping[str, str] = {
    "b": "p",
    "p": "pʰ",
    "d": "t",
    "t": "tʰ",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "ʨ",
    "q": "ʨʰ",
    "x": "ɕ",
    "zh": "ꭧ",
    "ch": "ꭧʰ",
    "sh": "ʂ",
    "r": "ɻ",
    "z": "ʦ",
    "c": "ʦʰ",
}

# A hyphen stands where the tone goes: behind the vowel, before a final nasal.
_FINALS: Mapping[str, str] = {
    "a": "a-",
    "ai": "ai-",
    "an": "a-n",
    "ang": "a-ŋ",
    "ao": "au-",
    "e": "ɤ-",
    "ê": "ɛ-",
    "ei": "ei-",
    "en": "ə-n",
    "eng": "ə-ŋ",
    "er": "ɚ-",
    "i": "i-",
    "ia": "ja-",
    "ian": "jɛ-n",
    "iang": "ja-ŋ",
    "iao": "jau-",
    "ie": "je-",
    "in": "i-n",
    "ing": "i-ŋ",
    "io": "jɔ-",
    "iong": "jʊ-ŋ",
    "iou": "jou-",
    "o": "wo-",
    "ong": "ʊ-ŋ",
    "ou": "ou-",
    "u": "u-",
    "ua": "wa-",
    "uai": "wai-",
    "uan": "wa-n",
    "uang": "wa-ŋ",
    "uei": "wei-",
    "uen": "wə-n",
    "ueng": "wə-ŋ",
    "uo": "wo-",
    "v": "y-",
    "van": "ɥɛ-n",
    "ve": "ɥe-",
    "vn": "y-n",
}
_BUZZED = ("zh", "ch", "sh", "r", "z", "c", "s")
_TONES: Mapping[str, str] = {"1": "→", "2": "↗", "3": "↓", "4": "↘"}

_RUN = re.compile(
    r"[\u3400-\u9fff0-9.%]*[\u3400-\u9fff][\u3400-\u9fff0-9.%]*|\d[\d.]*%?|[^\u3400-\u9fff0-9]+"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_YEAR = re.compile(r"(\d{4})(?=年)")
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_MYRIADS = ("", "万", "亿", "万亿")


def phonemes(segments: Sequence[str]) -> list[str]:
    return [" ".join(filter(None, map(_run, _RUN.findall(segment)))) for segment in segments]


def _run(text: str) -> str:
    if _HAN.search(text) or text[0].isdigit():
        return _mandarin(_numbers_read(text))
    return espeak_ipa.phonemes([text.strip()], "en-us")[0] if any(map(str.isalnum, text)) else ""


def _mandarin(text: str) -> str:
    from pypinyin.seg.mmseg import seg

    return " ".join(_word(word) for word in seg.cut(text))


def _word(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    initials = lazy_pinyin(word, style=Style.INITIALS, strict=True, errors="ignore")
    finals = lazy_pinyin(
        word, style=Style.FINALS_TONE3, strict=True, errors="ignore", neutral_tone_with_five=True
    )
    return "".join(_syllable(initial, final) for initial, final in zip(initials, finals, strict=True))


def _syllable(initial: str, final: str) -> str:
    vowel, tone = final.rstrip("012345"), _TONES.get(final[-1:], "")
    shape = "ɨ-" if vowel == "i" and initial in _BUZZED else _FINALS.get(vowel, f"{vowel}-")
    return _INITIALS.get(initial, initial) + shape.replace("-", tone)


def _numbers_read(text: str) -> str:
    digits_of_year = _YEAR.sub(lambda found: "".join(_DIGITS[int(digit)] for digit in found.group()), text)
    return _NUMBER.sub(lambda found: _number(found.group()), digits_of_year)


def _number(text: str) -> str:
    percent = "百分之" if text.endswith("%") else ""
    whole, _, fraction = text.rstrip("%").partition(".")
    tail = "点" + "".join(_DIGITS[int(digit)] for digit in fraction) if fraction else ""
    return percent + _whole(whole) + tail


def _whole(digits: str) -> str:
    if len(digits) > 16:
        return "".join(_DIGITS[int(digit)] for digit in digits)
    value, read = int(digits), ""
    for place, unit in enumerate(_MYRIADS):
        group = value // 10_000**place % 10_000
        if group:
            gap = "零" if group < 1000 and value >= 10_000 ** (place + 1) else ""
            read = gap + _below_myriad(group) + unit + read
    return re.sub(r"^一十", "十", read) or _DIGITS[0]


def _below_myriad(value: int) -> str:
    read = "".join(
        _DIGITS[int(digit)] + (_UNITS[place] if digit != "0" else "")
        for place, digit in zip(range(len(str(value)) - 1, -1, -1), str(value), strict=True)
    )
    return re.sub("零+", "零", read).rstrip("零")
