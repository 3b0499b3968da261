"""Finding lines in a script."""

from __future__ import annotations

from dubline.craft.editing.rules import place
from dubline.domain.errors import UserError
from dubline.domain.script import Line, Script


def find_line(script: Script, wanted: str) -> Line:
    """A line by its id, or by its number counted from 1."""
    if line := script.line(wanted):
        return line
    if wanted.isdecimal() and 1 <= int(wanted) <= len(script.lines):
        return script.lines[int(wanted) - 1]
    raise UserError(
        "line_unknown", f"There is no line {wanted}.", hint=f"The script has lines 1 to {len(script.lines)}."
    )


def following(script: Script, line: Line) -> Line | None:
    """The next line of the same speaker."""
    later = (each for each in script.lines if each.speaker == line.speaker and place(each) > place(line))
    return min(later, key=place, default=None)
