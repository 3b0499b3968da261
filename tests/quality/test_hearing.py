"""What of a mix is listened to at once."""

from __future__ import annotations

from dubline.domain.script import Blob, Fit, Line, Take
from dubline.domain.speech import Voice
from dubline.domain.time import Span, ticks
from dubline.quality.hearing import talk_windows

END = ticks(100)


def span(start: float, end: float) -> Span:
    return Span.of_seconds(start, end)


def line(name: str, start: float, end: float) -> Line:
    voice = Voice(engine="stub", name=name, language="es")
    take = Take(text="sí", voice=voice, rate=1.0, sound=Blob(digest="0", size=1, kind="sound"), length=1)
    return Line(
        id=f"{start}",
        span=span(start, end),
        speaker=name,
        source_text="yes",
        voice=voice,
        take=take,
        fit=Fit(span=span(start, end)),
    )


def test_one_voice_is_heard_in_one_go_and_another_by_itself() -> None:
    lines = [line("a", 1, 2), line("a", 3, 4), line("b", 4.4, 5), line("b", 9, 10)]
    assert talk_windows(lines, END) == [span(0.5, 4.2), span(4.2, 5.5), span(8.5, 10.5)]


def test_voices_that_meet_are_heard_together() -> None:
    assert talk_windows([line("a", 1, 3), line("b", 2, 4)], END) == [span(0.5, 4.5)]


def test_no_window_is_longer_than_a_recogniser_takes_and_none_leaves_the_programme() -> None:
    lines = [line("a", start, start + 10) for start in (0, 10, 20, 30)]
    windows = talk_windows(lines, ticks(38))
    assert windows == [span(0, 20), span(20, 38)]


def test_a_line_without_a_dub_is_not_listened_to() -> None:
    assert talk_windows([line("a", 1, 2).model_copy(update={"take": None})], END) == []
