"""Byte ranges (RFC 9110, section 14): what a player asks for when it jumps."""

from __future__ import annotations

import re

MOST = 16
"""Ranges of one request; somebody who wants more gets the whole."""

_FORM = re.compile(r"(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """None of the ranges touches the file."""


def wanted(header: str | None, size: int) -> list[tuple[int, int]]:
    """Pieces as (first, end), in order and apart from each other; empty for the whole file, which is also what a
    header gets that makes no sense."""
    unit, _, said = (header or "").partition("=")
    parts = [part.strip() for part in said.split(",") if part.strip()]
    forms = [_FORM.fullmatch(part) for part in parts]
    if unit.strip().lower() != "bytes" or not forms or len(forms) > MOST:
        return []
    found: list[tuple[int, int]] = []
    for form in forms:
        if form is None or (not form[1] and not form[2]):
            return []
        first, last = form[1], form[2]
        if first and last and int(last) < int(first):
            return []
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        if start < end:
            found.append((start, end))
    if not found:
        raise Unsatisfiable
    return _apart(sorted(found))


def _apart(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlaps are told once: a small request shall not ask for a file a hundred times over."""
    merged = [pieces[0]]
    for start, end in pieces[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
