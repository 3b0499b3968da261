"""Other programs' rules on lines small enough to place by hand."""

from __future__ import annotations

import pytest

from dubline.domain.time import Span, seconds, ticks
from dubline.quality.chunked import videolingo
from dubline.quality.rivals import Said, open_dubbing, pyvideotrans, videolingo_capped
from dubline.quality.timing import Placed, cut_words

END = ticks(20)


def said(name: str, start: float, end: float, length: float, voice: str = "v") -> Said:
    return Said(name, Span.of_seconds(start, end), voice, 10, ticks(length))


def times(placed: list[Placed]) -> list[tuple[float, float]]:
    return [(round(seconds(one.span.start), 3), round(seconds(one.span.end), 3)) for one in placed]


def test_open_dubbing_stops_at_its_limit_and_talks_on() -> None:
    """The first needs 2.0, gets 1.3 and overlaps; the second has room; the last is sped up by tenths."""
    lines = [said("a", 0, 2, 4.0), said("b", 2, 4, 2.5), said("c", 17, 20, 3.5)]
    found = open_dubbing(lines, END)
    assert [one.rate for one in found] == [1.3, 1.0, 1.2]
    assert times(found)[0] == (0.0, 3.077)
    assert times(found)[1] == (2.0, 4.5)


def test_pyvideotrans_always_fits() -> None:
    lines = [said("a", 0, 2, 6.0), said("b", 2, 4, 2.5), said("c", 17, 20, 6.0)]
    found = pyvideotrans(lines, END)
    assert [one.rate for one in found] == pytest.approx([3.0, 1.0, 2.0])
    assert times(found) == [(0.0, 2.0), (2.0, 4.5), (17.0, 20.0)]
    assert sum(one.cut for one in found) == 0


def test_videolingo_capped_cuts_what_is_left() -> None:
    """Two seconds and one and a half of the pause: 7 s at 1.4 last 5 s, of which 1.5 s are lost."""
    (found,) = videolingo_capped([said("a", 0, 2, 7.0)], END)
    assert found.rate == pytest.approx(1.4)
    assert times([found]) == [(0.0, 3.5)]
    assert found.cut == pytest.approx(1.5)
    assert cut_words(found) == 3


def test_a_chunk_of_videolingo_shares_one_speed() -> None:
    """3 + 3 s of room and 1.5 s behind it, 6.3 s of speech: over 6, so all of it at 6.3 / 5.9; the second line
    starts where the first one ends."""
    lines = [said("a", 0, 3, 3.6), said("b", 3, 6, 2.7, "w")]
    found = videolingo(lines, ticks(30))
    speed = 6.3 / 5.9
    assert [one.rate for one in found] == pytest.approx([speed, speed])
    assert times(found)[1] == (pytest.approx(3.6 / speed, abs=0.001), pytest.approx(6.3 / speed, abs=0.001))


def test_a_chunk_gives_up_its_pauses_before_its_room() -> None:
    """Room of 3 + 1 + 3 s and 1.5 s behind. 7.6 s of speech and 1 s of pause do not go into 7 s at 1.2, the speech
    alone does: at 7.6 / 6.9, without the pause."""
    found = videolingo([said("a", 0, 3, 4.3), said("b", 4, 7, 3.3)], ticks(30))
    assert [one.rate for one in found] == pytest.approx([7.6 / 6.9] * 2)
    assert times(found)[1][0] == pytest.approx(4.3 * 6.9 / 7.6, abs=0.001)


def test_a_fuller_chunk_takes_the_pause_behind_it() -> None:
    """8.8 s of speech do not go into 7 s, with the pause they go into 8.5 s: at 9.8 / 8.4, the pause kept."""
    found = videolingo([said("a", 0, 3, 4.9), said("b", 4, 7, 3.9)], ticks(30))
    assert [one.rate for one in found] == pytest.approx([9.8 / 8.4] * 2)
    assert times(found)[1][0] == pytest.approx(5.9 * 8.4 / 9.8, abs=0.001)


def test_lines_with_time_stay_apart_in_videolingo() -> None:
    found = videolingo([said("a", 0, 3, 2.5), said("b", 3, 6, 2.5)], END)
    assert times(found) == [(0.0, 2.5), (3.0, 5.5)]
    assert [one.rate for one in found] == [1.0, 1.0]


def test_short_lines_of_a_speaker_are_said_in_one_breath() -> None:
    found = videolingo([said("a", 0, 1, 1.2), said("b", 2, 3, 1.0)], END)
    assert times(found) == [(0.0, 1.2), (1.2, 2.2)]


def test_speed_counts_from_the_rate_it_was_spoken_at() -> None:
    line = Said("a", Span.of_seconds(0, 2), "v", 4, ticks(4.0), rate=1.1)
    (found,) = pyvideotrans([line], ticks(2))
    assert (found.rate, found.stretch) == pytest.approx((2.2, 2.0))
