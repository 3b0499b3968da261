"""Windows for recognisers and chunks of long programmes: nothing lost, nothing twice, nothing too long."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dubline.craft.lines.windows import chunk_spans, recognition_windows, silences
from dubline.domain.time import Span, ticks


@st.composite
def speeches(draw: st.DrawFn) -> list[Span]:
    spans: list[Span] = []
    now = 0.0
    for _ in range(draw(st.integers(0, 25))):
        now += draw(st.floats(0.01, 12.0))
        length = draw(st.one_of(st.floats(0.05, 8.0), st.floats(20.0, 90.0)))
        spans.append(Span.of_seconds(now, now + length))
        now += length
    return spans


@given(speeches())
def test_every_moment_of_speech_is_in_one_window_and_no_window_is_too_long(speech: list[Span]) -> None:
    windows = recognition_windows(speech)
    assert all(window.length <= ticks(30.0) for window in windows)
    assert all(one.end <= other.start for one, other in pairwise(windows))
    for span in speech:
        assert sum(window.overlap(span) for window in windows) == span.length


@given(speeches())
def test_speech_has_silence_around_it_unless_it_has_none_itself(speech: list[Span]) -> None:
    windows = recognition_windows(speech)
    edges = {span.start for span in speech} | {span.end for span in speech}
    for one, other in pairwise(windows):
        if one.end == other.start and one.end not in edges:
            continue
        assert not any(span.start < one.end < span.end for span in speech)


def test_padding_is_generous_where_there_is_room_and_shared_where_there_is_not() -> None:
    (alone,) = recognition_windows([Span.of_seconds(5, 8)], duration=ticks(8.1))
    assert alone == Span.of_seconds(4.6, 8.1)
    crowded = recognition_windows([Span.of_seconds(1, 20), Span.of_seconds(20.4, 40)])
    assert crowded[0].end == crowded[1].start == ticks(20.2)


def test_the_cut_is_made_at_the_longest_pause() -> None:
    speech = [
        Span.of_seconds(0, 9),
        Span.of_seconds(9.2, 18),
        Span.of_seconds(19, 24),
        Span.of_seconds(24.2, 40),
    ]
    assert recognition_windows(speech)[0].end <= ticks(19.0)
    assert len(recognition_windows(speech)) == 2


def test_sparse_words_share_a_window_but_never_with_a_long_silence() -> None:
    near = [Span.of_seconds(4 * n, 4 * n + 1) for n in range(6)]
    far = [Span.of_seconds(10 * n, 10 * n + 1) for n in range(3)]
    assert len(recognition_windows(near)) == 1
    assert len(recognition_windows(far)) == 3


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    quiet = ticks(26.5)
    (first, second, *_) = recognition_windows(
        [Span.of_seconds(0, 50)],
        quietest=lambda span: quiet if span.start <= quiet < span.end else span.start,
    )
    assert first.end == second.start
    assert all(window.length <= ticks(28.5) for window in recognition_windows([Span.of_seconds(0, 300)]))


@given(
    st.lists(st.tuples(st.floats(0, 4000), st.floats(0.2, 5.0)), max_size=40),
    st.floats(0.1, 4000),
    st.floats(60, 900),
)
def test_chunks_cover_the_whole_timeline_without_gap(
    quiet: list[tuple[float, float]], duration: float, limit: float
) -> None:
    silent = [Span.of_seconds(start, start + length) for start, length in sorted(quiet)]
    chunks = chunk_spans(silent, ticks(duration), limit)
    assert chunks[0].start == 0 and chunks[-1].end == ticks(duration)
    assert all(one.end == other.start for one, other in pairwise(chunks))
    assert all(0 < chunk.length <= ticks(limit) for chunk in chunks)


def test_chunks_are_cut_in_silences() -> None:
    silent = [Span.of_seconds(560, 561), Span.of_seconds(1150, 1152)]
    chunks = chunk_spans(silent, ticks(1700), 600)
    assert [chunk.end for chunk in chunks] == [ticks(560.5), ticks(1151), ticks(1700)]


def test_silences_are_found_in_block_levels() -> None:
    levels = np.array([-20, -60, -60, -60, -20, -60, -20, -60, -60])
    assert silences(levels, ticks(0.1)) == [Span.of_seconds(0.1, 0.4), Span.of_seconds(0.7, 0.9)]
