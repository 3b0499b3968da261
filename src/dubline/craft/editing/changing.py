"""Changing one line: what it says, when, who speaks, in which voice."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.craft.editing.lines import find_line
from dubline.craft.editing.rules import check_language, check_text, edited, reworked, settled
from dubline.domain.errors import UserError
from dubline.domain.script import Line, Script
from dubline.domain.speech import Voice
from dubline.domain.time import Span


@dataclass(frozen=True)
class Change:
    """What somebody wants of a line; none leaves it as it is."""

    text: str | None = None
    source_text: str | None = None
    span: Span | None = None
    speaker: str | None = None
    voice: Voice | None = None
    rate: float | None = None
    keep_original: bool | None = None

    @property
    def spoken_anew(self) -> bool:
        return any(each is not None for each in (self.text, self.span, self.speaker, self.voice, self.rate))

    @property
    def moved(self) -> bool:
        return self.span is not None or self.speaker is not None


def change(script: Script, line_id: str, wanted: Change) -> Script:
    """A line that is given a text or a voice is meant to be dubbed; one that is given to somebody else speaks with
    their voice."""
    line = find_line(script, line_id)
    changes = _wording(line, wanted) | _speaking(script, wanted)
    if wanted.span is not None:
        changes["span"] = wanted.span
    if wanted.keep_original is not None:
        changes["keep_original"] = wanted.keep_original
    changed = reworked(line, **changes) if wanted.spoken_anew else edited(line, **changes)
    lines = [changed if each.id == line.id else each for each in script.lines]
    return settled(script, lines, moved=(line.id,) if wanted.moved else ())


def _wording(line: Line, wanted: Change) -> dict[str, object]:
    changes: dict[str, object] = {}
    if wanted.text is not None:
        changes |= {"text": check_text(wanted.text), "keep_original": False, "flags": ()}
    if wanted.source_text is not None and wanted.source_text.strip() != line.source_text:
        changes |= {"source_text": wanted.source_text.strip(), "words": ()}
    return changes


def _speaking(script: Script, wanted: Change) -> dict[str, object]:
    changes: dict[str, object] = {}
    if wanted.speaker is not None:
        speaker = script.speaker(wanted.speaker)
        changes |= {"speaker": wanted.speaker, "voice": speaker.voice if speaker else None}
    if wanted.voice is not None:
        check_language(script, wanted.voice.language)
        changes |= {"voice": wanted.voice, "keep_original": False}
    if wanted.rate is not None:
        changes["rate"] = _possible(wanted.rate)
    return changes


def _possible(rate: float) -> float:
    slowest, fastest = 0.7, 1.5
    if not slowest <= rate <= fastest:
        raise UserError(
            "rate_impossible",
            f"Nobody speaks well at {rate:g} times the usual rate.",
            hint="Choose 0.7 to 1.5.",
        )
    return rate
