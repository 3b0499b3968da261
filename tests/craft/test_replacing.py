"""What is replaced: the lines and the speech they are part of, and nothing that no line stands for."""

from __future__ import annotations

from dubline.craft.mix.replacing import AFTER, BEFORE, REACH, replaced_spans
from dubline.domain.script import Blob, Fit, Line, Take
from dubline.domain.speech import Voice
from dubline.domain.time import Span, ticks

TAKE = Take(
    text="hola",
    voice=Voice(engine="kokoro", name="ef_dora", language="es"),
    rate=1.0,
    sound=Blob(digest="0", size=1, kind="sound/flac"),
    length=ticks(1),
)


def line(start: float, end: float, kept: bool = False) -> Line:
    span = Span.of_seconds(start, end)
    made = Line(id=str(start), span=span, speaker="S1", source_text="hello", keep_original=kept)
    return made if kept else made.model_copy(update={"take": TAKE, "fit": Fit(span=span)})


def covered(spans: list[Span], start: float, end: float) -> float:
    """Seconds of a stretch that are replaced."""
    return sum(span.overlap(Span.of_seconds(start, end)) for span in spans) / ticks(1)


def test_a_laugh_after_a_sentence_is_kept() -> None:
    """Voice activity hears the laugh as speech of its own, and the next one, too."""
    laugh = Span.of_seconds(4.35, 6.0)
    spans = replaced_spans([line(2, 4)], [Span.of_seconds(1.9, 4.05), laugh, Span.of_seconds(6.3, 7)])
    assert covered(spans, 4.35, 7.0) == 0


def test_of_a_laugh_that_follows_at_once_most_is_kept() -> None:
    """It may be the rest of a word: only as far as that may reach it is taken for one."""
    spans = replaced_spans([line(2, 4)], [Span.of_seconds(1.9, 6.0)])
    assert covered(spans, 4, 6) == (REACH + AFTER) / ticks(1)


def test_a_breath_before_and_the_crowd_between_are_kept() -> None:
    spans = replaced_spans([line(2, 4), line(7, 9)], [Span.of_seconds(2, 4), Span.of_seconds(7, 9)])
    assert spans == [
        Span(start=ticks(2) - BEFORE, end=ticks(4) + AFTER),
        Span(start=ticks(7) - BEFORE, end=ticks(9) + AFTER),
    ]


def test_a_sung_line_makes_room_for_nobody() -> None:
    spans = replaced_spans([line(2, 4), line(4.1, 8, kept=True)], [Span.of_seconds(2, 8)])
    assert covered(spans, 4.1, 8) == 0
    assert covered(spans, 2, 4) == 2
