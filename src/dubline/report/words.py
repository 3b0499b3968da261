"""Codes and figures in plain sentences."""

from __future__ import annotations

FLAGS = {
    "untranslated_words": "Some of its words could not be translated.",
    "glossary_term_missed": "A term of the glossary was said, and its translation is not in the text.",
    "singing": "Somebody sings here, so it was left in the original.",
    "kept_name_missed": "Something that was not to be translated is not in the text as it was written.",
    "numbers_differ": "A number that was said is not in the text.",
    "formality_unsure": "The wished form of address could not be made sure of.",
    "overlapping_speech": "Somebody else seems to speak at the same time; the words may be of both.",
    "no_room": "Its text needs far more time than there is; the original voice was kept in its place.",
    "not_spoken": "No take of it could be made; the original voice was kept in its place.",
}


def plain(code: str, known: dict[str, str]) -> str:
    """The sentence for a code; a code nobody has put into words yet is shown as words all the same."""
    if code in known:
        return known[code]
    if " " in code.strip():
        return code.strip()
    spoken = code.replace("_", " ").replace("-", " ").strip()
    return f"{spoken[:1].upper()}{spoken[1:]}." if spoken else ""


def count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def signed(seconds: float, digits: int = 2) -> str:
    """+0.12 s, −0.12 s, and 0.00 s without a sign."""
    shown = f"{abs(seconds):.{digits}f} s"
    if float(f"{abs(seconds):.{digits}f}") == 0.0:
        return shown
    return f"{'+' if seconds > 0 else '−'}{shown}"


def length(seconds: float) -> str:
    """A duration as people say it: 43 s, 2 min 05 s, 1 h 02 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {left:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
