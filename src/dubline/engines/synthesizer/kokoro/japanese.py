"""Japanese for Kokoro: readings by Open JTalk, kana to the model's phonemes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dubline.ports.engine import library

NEED = library("pyopenjtalk", "--no-deps pyopenjtalk-plus sudachipy")
"""Without its dependencies: the 70 MB dictionary among them only serves an option not used here."""

_ROWS: Mapping[str, str] = {
    "アイウエオ": "a i ɯ e o",
    "カキクケコ": "ka kʲi kɯ ke ko",
    "ガギグゲゴ": "ɡa ɡʲi ɡɯ ɡe ɡo",
    "サシスセソ": "sa ɕi sɨ se so",
    "ザジズゼゾ": "ʣa ʥi zɨ ʣe ʣo",
    "タチツテト": "ta ʨi ʦɨ te to",
    "ダヂヅデド": "da ʥi zɨ de do",
    "ナニヌネノ": "na ɲi nɯ ne no",
    "ハヒフヘホ": "ha çi ɸɯ he ho",
    "バビブベボ": "ba bʲi bɯ be bo",
    "パピプペポ": "pa pʲi pɯ pe po",
    "マミムメモ": "ma mʲi mɯ me mo",
    "ヤユヨ": "ja jɯ jo",
    "ラリルレロ": "ɾa ɾʲi ɾɯ ɾe ɾo",
    "ワヰヱヲヴ": "βa i e o vɯ",
    "ァィゥェォ": "a i ɯ e o",
    "ャュョヮ": "ja jɯ jo βa",
}
_KANA: Mapping[str, str] = {
    kana: sound for row, sounds in _ROWS.items() for kana, sound in zip(row, sounds.split(), strict=True)
}
_SMALL: Mapping[str, str] = {
    "ァ": "a",
    "ィ": "i",
    "ゥ": "ɯ",
    "ェ": "e",
    "ォ": "o",
    "ャ": "a",
    "ュ": "ɨ",
    "ョ": "o",
    "ヮ": "a",
}
"""Vowels of the small kana, which take the place of the vowel before them."""

_GLIDES = "ャュョ"
_ALREADY_SOFT = "ɕʥʨɲçʲ"
_STOP = "ʔ"
_LONG = "ː"
_SYMBOL, _AUXILIARY = "記号", "助動詞"


def phonemes(segments: Sequence[str]) -> list[str]:
    return [" ".join(map(_word, _words(segment))) for segment in segments]


def _words(text: str) -> list[str]:
    """Readings in katakana; endings stay with their verb, as a speaker would say them."""
    import pyopenjtalk

    found: list[str] = []
    for node in pyopenjtalk.run_frontend(text, use_sudachi_kanji_yomi=False):
        reading = "".join(kana for kana in node["pron"] if kana in _KANA or kana in "ーッン")
        if node["pos"] == _SYMBOL or not reading:
            continue
        if found and (node["pos"] == _AUXILIARY or found[-1].endswith("ッ")):
            found[-1] += reading
        else:
            found.append(reading)
    return found


def _word(kana: str) -> str:
    sounds = list(_sounds(kana))
    following = [*sounds[1:], ""]
    return "".join(
        _nasal(after) if sound == "ン" else sound for sound, after in zip(sounds, following, strict=True)
    )


def _sounds(kana: str) -> Iterator[str]:
    """One sound per mora; `ン` is left for what follows it to shape."""
    at = 0
    while at < len(kana):
        pair = kana[at : at + 2]
        if len(pair) == 2 and pair[0] in _KANA and pair[1] in _SMALL and pair[0] not in _SMALL:
            yield _contracted(*pair)
            at += 2
        else:
            yield {"ー": _LONG, "ッ": _STOP, "ン": "ン"}.get(pair[0]) or _KANA[pair[0]]
            at += 1


def _contracted(kana: str, small: str) -> str:
    """`キ` and `ャ` are kʲa, `シ` and `ャ` ɕa, `フ` and `ァ` ɸa, `ティ` tʲi."""
    onset = _KANA[kana][:-1]
    if kana in "ウ":
        onset = "β"
    soft = small in _GLIDES or (small == "ィ" and onset not in ("β", ""))
    if soft and onset and onset[-1] not in _ALREADY_SOFT:
        onset += "ʲ"
    return onset + _SMALL[small]


def _nasal(following: str) -> str:
    first = following[:1]
    if first and first in "mpb":
        return "m"
    if first and first in "kɡ":
        return "ŋ"
    if first and first in "ɲʨʥ":
        return "ɲ"
    return "n" if first and first in "ntdɾzʣʦ" else "ɴ"
