"""What a document's checker complains of, as one plain sentence part."""

from __future__ import annotations

from pydantic import ValidationError

PREFIXES = ("Value error, ", "Assertion failed, ")
"""What the checker puts before messages of ours."""


def complaint(error: ValidationError) -> str:
    """The first thing that is wrong and where: `lines.3.span: a span cannot end before it starts`."""
    first = error.errors()[0]
    said = first["msg"]
    for prefix in PREFIXES:
        said = said.removeprefix(prefix)
    place = ".".join(map(str, first["loc"])) or "the document"
    return f"{place}: {said[:1].lower()}{said[1:]}"
