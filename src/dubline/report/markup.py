"""HTML that is safe by construction: whatever is not `Markup` is text and gets escaped.

File names, titles and transcripts come from strangers. No other file of the report writes an angle bracket
around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

Attribute = str | int | float | bool | None
Child: TypeAlias = "str | Iterable[Child] | None"

_VOID = frozenset({"meta", "input", "br", "rect", "path", "line", "use"})
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000)), "\ufffd")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(value: str) -> Markup:
    """A stranger's text as HTML, with control characters made visible."""
    return value if isinstance(value, Markup) else Markup(escape(value.translate(_CONTROL)))


def join(*children: Child) -> Markup:
    return Markup("".join(_flat(children)))


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element. `class_` is class, `data_from` is data-from; None and False leave an attribute out."""
    opening = f"<{name}{_attributes(attributes)}"
    if not children and name in _VOID:
        return Markup(f"{opening}/>")
    return Markup(f"{opening}>{join(*children)}</{name}>")


def number(value: float) -> str:
    """A coordinate as short as it can be written."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _flat(children: Iterable[object]) -> Iterable[str]:
    for child in children:
        if isinstance(child, str):
            yield safe(child)
        elif isinstance(child, Iterable):
            yield from _flat(child)
        elif child is not None:
            yield safe(str(child))


def _attributes(attributes: dict[str, Attribute]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_value(value)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )


def _value(value: Attribute) -> str:
    return number(value) if isinstance(value, float) else safe(str(value))
