"""Text broken into rows and screens, where a reader would draw breath."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dubline.craft.lines.punctuation import ends_clause, ends_sentence, leans_on

COLUMNS = 42
ROWS = 2

SCREEN = 1.0
INSIDE_CLAUSE = 0.6
INSIDE_SENTENCE = 0.2
AFTER_SMALL_WORD = 0.25
LOPSIDED = 0.5

_UNBREAKABLE_FROM = COLUMNS


def width(text: str) -> int:
    """Columns on the screen: a full-width character takes two, a combining mark none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fits(row: str) -> bool:
    return width(row) <= COLUMNS


def units(text: str) -> list[str]:
    """What a row may break between: words with their leading space, or single characters of scripts without."""
    found: list[str] = []
    for word in re.findall(r"\s*\S+", text.strip()):
        space = " " if word[0].isspace() and found else ""
        pieces = _pieces(word.strip())
        found += [space + pieces[0], *pieces[1:]]
    return found


def _pieces(word: str) -> list[str]:
    pieces: list[str] = []
    for character in word:
        joins = pieces and not _free(pieces[-1][-1], character) and width(pieces[-1]) < _UNBREAKABLE_FROM
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _free(before: str, after: str) -> bool:
    """Whether a row may break here: next to a full-width letter, but never before closing punctuation."""
    wide = _columns(before) == 2 or _columns(after) == 2
    opening = unicodedata.category(before) in ("Ps", "Pi")
    return wide and not opening and unicodedata.category(after)[0] not in "PM"


def joined(part: Sequence[str]) -> str:
    return "".join(part).strip()


def rows_of(part: Sequence[str]) -> tuple[str, ...]:
    """One row where it fits, else two of nearly equal width, the break after punctuation if one is near."""
    whole = joined(part)
    at = _row_break(part)
    if fits(whole) or at is None:
        return (whole,)
    return joined(part[:at]), joined(part[at:])


def _row_break(part: Sequence[str]) -> int | None:
    options = [
        (abs(width(joined(part[:at])) - width(joined(part[at:]))) + _bend(part[at - 1]), at)
        for at in range(1, len(part))
        if fits(joined(part[:at])) and fits(joined(part[at:]))
    ]
    return min(options)[1] if options else None


def _bend(last: str) -> int:
    """Columns of unevenness that a break after this word is worth, or costs."""
    return 8 * leans_on(last) - 8 * ends_clause(last)


def split(text: Sequence[str]) -> list[Sequence[str]]:
    """Screens of at most two rows: as few as possible, ending where clauses end, none much shorter than others."""
    total = width(joined(text))
    screens = max(1, -(-total // (COLUMNS * ROWS)))
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = [
            (best[start][0] + _screen_cost(text, start, end, total / screens), start)
            for start in range(max(0, end - COLUMNS * ROWS), end)
            if _one_screen(text[start:end])
        ]
        best.append(min(options))
    parts: list[Sequence[str]] = []
    end = len(text)
    while end:
        parts.append(text[best[end][1] : end])
        end = best[end][1]
    return parts[::-1]


def _one_screen(part: Sequence[str]) -> bool:
    whole = joined(part)
    return fits(whole) or (width(whole) <= COLUMNS * ROWS + 1 and _row_break(part) is not None)


def _screen_cost(text: Sequence[str], start: int, end: int, usual: float) -> float:
    last = end == len(text)
    if last or ends_sentence(text[end - 1], text[end]):
        broken = 0.0
    else:
        broken = INSIDE_SENTENCE if ends_clause(text[end - 1]) else INSIDE_CLAUSE
        broken += AFTER_SMALL_WORD * leans_on(text[end - 1])
    return SCREEN + broken + LOPSIDED * abs(width(joined(text[start:end])) - usual) / usual
