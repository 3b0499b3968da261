"""What people type, turned into what the API takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from dubline.craft.translating.glossary import parse_glossary
from dubline.domain.errors import UserError
from dubline.domain.settings import Engines
from dubline.domain.time import Span, ticks

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
FOREVER = 1e6
"""Seconds; behind the end of anything."""

EXAMPLES = {"voice": "S1=ef_dora", "engine": "transcriber=faster-whisper:base"}

_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def moment(text: str) -> int:
    """Ticks for `90`, `1:30`, `0:01:30.5`."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise UserError(
            "time_invalid", f"'{text}' is no time.", hint="Write seconds (90.5) or h:mm:ss (0:01:30.5)."
        )
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ticks(hours * 3600 + minutes * 60 + seconds)


def trim(start: str, end: str) -> Span | None:
    """--start and --end as a span; no end means the file's own."""
    if not start and not end:
        return None
    first, last = moment(start) if start else 0, moment(end) if end else ticks(FOREVER)
    if last <= first:
        raise UserError("trim_invalid", "--end lies before --start.", hint="Swap them.")
    return Span(start=first, end=last)


def size(text: str) -> int:
    """Bytes for `20GB`, `500M`, `1.5g`."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise UserError("size_invalid", f"'{text}' is no size.", hint="Write for example 20GB or 500MB.")
    return int(float(found[1]) * 1024 ** _POWERS[found[2].upper()])


def assignments(options: Sequence[str], what: str) -> dict[str, str]:
    """`S1=ef_dora` (also several, separated by commas) as a table."""
    table: dict[str, str] = {}
    for option in options:
        for pair in option.split(","):
            name, equals, value = pair.partition("=")
            if not (name.strip() and equals and value.strip()):
                raise UserError(
                    "option_invalid",
                    f"--{what} {option!r} is not of the form name=value.",
                    hint=f"Write for example --{what} {EXAMPLES.get(what, 'name=value')}.",
                )
            if name.strip() in table:
                raise UserError(
                    "option_twice", f"--{what} names {name.strip()} twice.", hint=f"Give one {what} for each."
                )
            table[name.strip()] = value.strip()
    return table


def engine_choices(options: Sequence[str]) -> Engines:
    """`transcriber=faster-whisper:base` and the like; capabilities may be written with - or _."""
    chosen = {name.replace("-", "_"): spec for name, spec in _engine_pairs(options).items()}
    if unknown := set(chosen) - set(Engines.model_fields):
        known = ", ".join(name.replace("_", "-") for name in Engines.model_fields)
        raise UserError(
            "engine_capability_unknown", f"There is no engine kind '{min(unknown)}'.", hint=f"Known: {known}."
        )
    return Engines(**chosen)


def _engine_pairs(options: Sequence[str]) -> dict[str, str]:
    return assignments(options, "engine") if options else {}


def languages(text: str) -> tuple[str, ...]:
    """`es,pt` → ("es", "pt")."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not found:
        raise UserError("language_missing", "--to names no language.", hint="For example: --to es,pt")
    return found


def terms(options: Sequence[str]) -> tuple[str, ...]:
    """Words and names, also several in one option, separated by commas."""
    found: list[str] = []
    for option in options:
        named = [term.strip() for term in option.split(",") if term.strip()]
        if not named:
            raise UserError(
                "term_empty",
                "--do-not-translate names no word.",
                hint="For example: --do-not-translate Kubernetes",
            )
        found += named
    return tuple(dict.fromkeys(found))


def glossary_rows(path: Path) -> tuple[tuple[str, str], ...]:
    """Rows of a glossary file: source term and how it must be said."""
    rows = parse_glossary(_glossary_text(path))
    if not rows:
        raise UserError(
            "glossary_empty",
            f"The glossary {path.name!r} has no terms.",
            hint="Write source,target in each line.",
        )
    return rows


def _glossary_text(path: Path) -> str:
    if path.is_dir():
        raise UserError(
            "glossary_unreadable", f"{str(path)!r} is a folder.", hint="Give a CSV or TSV file in it."
        )
    if not path.exists():
        raise UserError(
            "glossary_missing", f"There is no glossary file {str(path)!r}.", hint="Check the path."
        )
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            "glossary_unreadable", f"{path.name} is not UTF-8 text.", hint="Save it as UTF-8."
        ) from error
    except OSError as error:
        raise UserError(
            "glossary_unreadable", f"We cannot read {path.name}: {error.strerror}.", hint="Copy it elsewhere."
        ) from error
