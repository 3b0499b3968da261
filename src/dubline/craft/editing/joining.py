"""One line made into two, and two into one."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.craft.editing.lines import find_line, following
from dubline.craft.editing.rules import SHORTEST, reworked, settled, speakable
from dubline.craft.editing.texts import cut_at, cut_by_share, joined
from dubline.domain.errors import UserError
from dubline.domain.language import base
from dubline.domain.script import Line, Script
from dubline.domain.speech import Word
from dubline.domain.time import Span


@dataclass(frozen=True)
class _Cut:
    """Where a line is parted: the moment, and how many of its words are before it."""

    moment: int
    words: int
    share: float
    """Of the line that comes before."""


def split(
    script: Script, line_id: str, new_id: str, *, at: int | None = None, character: int | None = None
) -> Script:
    """At a moment, at a character of its text, or both; what is not said is taken from the other: words lie where
    they were heard, a text without times is cut where as much of it is said. The second half gets the new id."""
    line = find_line(script, line_id)
    if at is None and character is None:
        raise UserError("split_where", "Where is the line to be split?", hint="Say a moment or a character.")
    share = None if character is None else character / max(1, len(line.text))
    cut = _at_moment(line, at) if at is not None else _at_share(line, share or 0.0)
    source = _source(script, line, cut)
    said = (
        cut_at(line.text, character)
        if character is not None
        else cut_by_share(line.text, cut.share, base(script.target_language))
    )
    if not line.keep_original and not all(map(speakable, said)):
        raise UserError(
            "split_leaves_nothing",
            "One half of the line would have nothing to say.",
            hint="Say at which character its text is to be split.",
        )
    spans = _spans(line, cut)
    first, second = (_half(line, spans[half], source[half], said[half]) for half in (0, 1))
    first = first.model_copy(update={"words": line.words[: cut.words]})
    second = second.model_copy(update={"id": new_id, "words": line.words[cut.words :]})
    lines = [each for each in script.lines if each.id != line.id]
    return settled(script, [*lines, first, second], moved=(first.id, second.id))


def _half(line: Line, span: Span, source: str, text: str) -> Line:
    return reworked(line, span=span, source_text=source, text=text, candidates=())


def _at_moment(line: Line, at: int) -> _Cut:
    if not line.span.start + SHORTEST <= at <= line.span.end - SHORTEST:
        raise UserError(
            "split_outside",
            "A line can only be split well inside its time.",
            hint=f"It lasts {line.span}; leave each half 0.1 seconds at least.",
        )
    before = sum(_middle(word) < at for word in line.words)
    by_time = (at - line.span.start) / line.span.length
    return _Cut(at, before, _share_of(line, before) if line.words else by_time)


def _at_share(line: Line, share: float) -> _Cut:
    """Between the words that come nearest."""
    if not line.words:
        return _at_moment(line, line.span.start + round(share * line.span.length))
    borders = range(1, len(line.words))
    before = min(borders, key=lambda count: abs(_share_of(line, count) - share), default=None)
    if before is None:
        return _at_moment(line, line.span.start + round(share * line.span.length))
    gap = (line.words[before - 1].span.end + line.words[before].span.start) // 2
    inside = min(max(gap, line.span.start + SHORTEST), line.span.end - SHORTEST)
    return _Cut(_at_moment(line, inside).moment, before, share)


def _share_of(line: Line, words: int) -> float:
    letters = [len(word.text) for word in line.words]
    return sum(letters[:words]) / max(1, sum(letters))


def _middle(word: Word) -> int:
    return (word.span.start + word.span.end) // 2


def _source(script: Script, line: Line, cut: _Cut) -> tuple[str, str]:
    if not line.words:
        return cut_by_share(line.source_text, cut.share, base(script.source_language))
    parts = (line.words[: cut.words], line.words[cut.words :])
    first, second = ("".join(word.text for word in part).strip() for part in parts)
    return first, second


def _spans(line: Line, cut: _Cut) -> tuple[Span, Span]:
    """A pause between the halves belongs to neither."""
    start, end = line.span.start, line.span.end
    stop, go = cut.moment, cut.moment
    if 0 < cut.words < len(line.words):
        stop = min(stop, max(line.words[cut.words - 1].span.end, start + SHORTEST))
        go = max(go, min(line.words[cut.words].span.start, end - SHORTEST))
    return Span(start=start, end=stop), Span(start=go, end=end)


def merge(script: Script, line_id: str) -> Script:
    """With the next line of the same speaker; the id and the voice stay the first one's."""
    line = find_line(script, line_id)
    other = following(script, line)
    if other is None:
        raise UserError(
            "nothing_to_merge",
            f"{line.speaker} says nothing after line {line.id}.",
            hint="Only lines of one speaker can be merged; give the next one to the same speaker first.",
        )
    merged = reworked(
        line,
        revision=max(line.revision, other.revision) + 1,
        span=Span(start=line.span.start, end=max(line.span.end, other.span.end)),
        source_text=joined(line.source_text, other.source_text, base(script.source_language)),
        text=joined(line.text, other.text, base(script.target_language)),
        words=(*line.words, *other.words) if _timed(line) and _timed(other) else (),
        candidates=(),
        keep_original=line.keep_original and other.keep_original,
        flags=tuple(dict.fromkeys((*line.flags, *other.flags))),
    )
    lines = [each for each in script.lines if each.id not in (line.id, other.id)]
    return settled(script, [*lines, merged], moved=(merged.id,))


def _timed(line: Line) -> bool:
    """Whether it is known when each of its words is said."""
    return bool(line.words) or not line.source_text
