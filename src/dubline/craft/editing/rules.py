"""What holds for every script, whoever edits it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dubline.domain.errors import UserError
from dubline.domain.media import programme_span
from dubline.domain.script import Line, Script, TargetState
from dubline.domain.time import Span, ticks

SHORTEST = ticks(0.1)
"""Ticks. In less nothing can be said."""


def place(line: Line) -> tuple[int, int, str]:
    """Where a line stands among the others."""
    return line.span.start, line.span.end, line.id


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=place))


def unrendered(line: Line) -> Line:
    """The line without what was measured of an earlier render."""
    gone: dict[str, object] = {"take": None, "fit": None, "check": None, "rendering": ()}
    return line.model_copy(update={**gone, "shorter": "", "max_characters": None})


def edited(line: Line, **changes: object) -> Line:
    """The next revision of a line."""
    return unrendered(line).model_copy(update={"revision": line.revision + 1, **changes})


def reworked(line: Line, **changes: object) -> Line:
    """The next revision of a line that is to be spoken anew. Its wording is not up for choice any more, or the
    text somebody just looked at could change behind their back; the timing chooses its rate."""
    return edited(line, **{"edited": True, "rate": None, "take_number": 0, **changes})


def settled(script: Script, lines: Iterable[Line], moved: Collection[str] = ()) -> Script:
    """The script with these lines, once those that were moved, in time or to another speaker, are found to have
    room."""
    ordered = in_order(lines)
    for line in ordered:
        if line.id in moved:
            _check_speaker(script, line)
            _check_span(script, line)
            _check_room(line, ordered)
    return script.model_copy(update={"lines": ordered, "state": TargetState.STALE})


def speakable(text: str) -> bool:
    return any(character.isalnum() for character in text)


def check_text(text: str) -> str:
    if not speakable(text):
        raise UserError(
            "text_empty",
            "A line needs some text.",
            hint="To hear the original speaker in this line, let it keep the original.",
        )
    return text.strip()


def check_language(script: Script, voice_language: str) -> None:
    if voice_language.partition("-")[0] != script.target_language.partition("-")[0]:
        raise UserError(
            "voice_language_unsupported",
            f"That voice speaks {voice_language}, and this script is in {script.target_language}.",
            hint="Choose a voice of the script's language.",
        )


def _check_speaker(script: Script, line: Line) -> None:
    if script.speaker(line.speaker) is None:
        known = ", ".join(speaker.id for speaker in script.speakers) or "none"
        raise UserError("speaker_unknown", f"There is no speaker {line.speaker}.", hint=f"Known: {known}.")


def _check_span(script: Script, line: Line) -> None:
    programme = Span(start=0, end=programme_span(script.media, script.trim).length)
    if line.span.length < SHORTEST:
        raise UserError(
            "line_too_short", f"{line.span} is too short for a line.", hint="Give it at least 0.1 seconds."
        )
    if line.span.start < programme.start or line.span.end > programme.end:
        raise UserError(
            "outside_programme",
            f"{line.span} lies outside the programme.",
            hint=f"The programme is {programme}.",
        )


def _check_room(line: Line, others: Iterable[Line]) -> None:
    for other in others:
        if other.id != line.id and other.speaker == line.speaker and other.span.overlap(line.span):
            raise UserError(
                "lines_overlap",
                f"{line.speaker} already speaks at {other.span}, in line {other.id}.",
                hint="Move one of the two, merge them, or give one to another speaker.",
            )
