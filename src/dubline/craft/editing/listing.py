"""Lines that come and go, and takes made once more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dubline.craft.editing.lines import find_line
from dubline.craft.editing.rules import check_language, check_text, edited, settled
from dubline.domain.errors import UserError
from dubline.domain.script import Line, Script
from dubline.domain.speech import Voice
from dubline.domain.time import Span


@dataclass(frozen=True)
class NewLine:
    """Somebody speaks where no line stands for it yet. Without a voice of its own it has the speaker's."""

    span: Span
    speaker: str
    text: str
    source_text: str = ""
    voice: Voice | None = None


def insert(script: Script, new_id: str, new: NewLine) -> Script:
    if new.voice is not None:
        check_language(script, new.voice.language)
    speaker = script.speaker(new.speaker)
    line = Line(
        id=new_id,
        span=new.span,
        speaker=new.speaker,
        source_text=new.source_text.strip(),
        text=check_text(new.text),
        edited=True,
        voice=new.voice or (speaker.voice if speaker else None),
    )
    return settled(script, [*script.lines, line], moved=(new_id,))


def remove(script: Script, line_id: str) -> Script:
    """Where no line stands for what is said, the original is heard."""
    line = find_line(script, line_id)
    return settled(script, [each for each in script.lines if each.id != line.id])


def another_take(script: Script, line_ids: Collection[str]) -> Script:
    """The same lines once more, as if a director had asked for it."""
    wanted = {find_line(script, line_id).id for line_id in line_ids}
    return settled(script, [_again(line) if line.id in wanted else line for line in script.lines])


def _again(line: Line) -> Line:
    if line.keep_original or line.voice is None:
        raise UserError(
            "line_not_dubbed",
            f"Line {line.id} keeps the original voice, so there is no take of it.",
            hint="Give it a text or a voice first.",
        )
    return edited(line, take_number=line.take_number + 1)
