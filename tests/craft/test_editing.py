"""Edits of a script: promises that hold whatever people do, and what becomes of a line in cases one can follow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.editing import (
    Change,
    NewLine,
    another_take,
    change,
    find_line,
    following,
    in_order,
    insert,
    merge,
    remove,
    split,
)
from dubline.craft.editing.texts import cut_at, cut_by_share, joined
from dubline.craft.takes import nudged
from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.domain.script import Blob, Candidate, Fit, Line, Script, Source, Speaker, Take, TargetState
from dubline.domain.speech import Voice, Word
from dubline.domain.time import Span, ticks

PROGRAMME = ticks(60.0)
VOICES = {name: Voice(engine="test", name=name, language="es") for name in ("ana", "luis", "mar")}
SPEAKERS = tuple(
    Speaker(id=f"S{number}", voice=voice) for number, voice in enumerate(VOICES.values(), start=1)
)


def take_of(line: Line, voice: Voice) -> Line:
    span = line.span
    take = Take(
        text=line.text, voice=voice, rate=1.1, sound=Blob(digest="d", size=1, kind="k"), length=span.length
    )
    return line.model_copy(update={"voice": voice, "take": take, "fit": Fit(span=span), "rate": 1.1})


def line(
    number: int, start: float, end: float, speaker: str = "S1", text: str = "uno dos tres cuatro"
) -> Line:
    words = ("one", " two", " three", " four.")
    step = (end - start) / 4
    said = tuple(
        Word(text=word, span=Span.of_seconds(start + step * place, start + step * (place + 0.8)))
        for place, word in enumerate(words)
    )
    bare = Line(
        id=f"L{number:04d}",
        span=Span.of_seconds(start, end),
        speaker=speaker,
        source_text="one two three four.",
        words=said,
        text=text,
        candidates=(Candidate(text=text, route="r"), Candidate(text="otra cosa", route="r")),
    )
    return take_of(bare, VOICES[list(VOICES)[int(speaker[1:]) - 1]])


def script(*lines: Line) -> Script:
    return Script(
        source=Source(path="a.mp4", digest="d"),
        media=MediaFacts(container="mp4", duration=PROGRAMME, size=1),
        source_language="en",
        target_language="es",
        speakers=SPEAKERS,
        lines=in_order(lines),
    )


TALK = script(line(1, 1, 5), line(2, 4, 8, "S2"), line(3, 6, 9), line(4, 9, 12), line(5, 20, 24, "S2"))

moments = st.integers(-ticks(1.0), PROGRAMME + ticks(1.0))
spans = st.tuples(moments, moments).filter(lambda two: two[0] <= two[1]).map(
    lambda two: Span(start=max(0, two[0]), end=max(0, two[1]))
)  # fmt: skip
texts = st.sampled_from(["hola", "hola a todos", "  ", "…", "Muy buenos días a todos, amigos."])
who = st.sampled_from(["S1", "S2", "S3", "S9"])
Step = Callable[[Script, str, str], Script]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One thing people do, to a line that is named later."""
    new = NewLine(draw(spans), draw(who), draw(texts))
    maybe = Change(
        text=draw(st.none() | texts),
        source_text=draw(st.none() | texts),
        span=draw(st.none() | spans),
        speaker=draw(st.none() | who),
        voice=draw(st.none() | st.sampled_from(list(VOICES.values()))),
        rate=draw(st.none() | st.sampled_from([0.2, 0.9, 1.2])),
        keep_original=draw(st.none() | st.booleans()),
    )
    at, character = draw(st.none() | moments), draw(st.none() | st.integers(-1, 30))
    return draw(
        st.sampled_from(
            [
                lambda script, line, _: change(script, line, maybe),
                lambda script, line, new_id: split(script, line, new_id, at=at, character=character),
                lambda script, line, _: merge(script, line),
                lambda script, line, _: remove(script, line),
                lambda script, line, new_id: insert(script, new_id, new),
                lambda script, line, _: another_take(script, [line]),
            ]
        )
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), steps()), max_size=25))
def test_whatever_people_do_the_script_stays_whole(doings: list[tuple[int, Step]]) -> None:
    now, seen, numbers = TALK, {each.id for each in TALK.lines}, count(100)
    for which, step in doings:
        if not now.lines:
            break
        new_id = f"N{next(numbers)}"
        try:
            after = step(now, now.lines[which % len(now.lines)].id, new_id)
        except UserError as refused:
            assert refused.code and refused.message and refused.hint
            continue
        is_whole(after)
        moved_on(now, after, seen)
        seen |= {each.id for each in after.lines}
        now = after


def is_whole(after: Script) -> None:
    assert after.state is TargetState.STALE
    assert all(a.span.start <= b.span.start for a, b in pairwise(after.lines))
    assert all(0 <= each.span.start < each.span.end <= PROGRAMME for each in after.lines)
    assert all(after.speaker(each.speaker) for each in after.lines)
    assert len({each.id for each in after.lines}) == len(after.lines)
    for one, other in combinations(after.lines, 2):
        assert one.speaker != other.speaker or not one.span.overlap(other.span), (one.id, other.id)


def moved_on(before: Script, after: Script, seen: set[str]) -> None:
    """Lines that differ have a higher revision and nothing rendered; the others are as they were."""
    old = {each.id: each for each in before.lines}
    for each in after.lines:
        if each.id not in old:
            assert each.id not in seen, "an id was used again"
        elif each != old[each.id]:
            assert each.revision > old[each.id].revision
        if each != old.get(each.id):
            assert (each.take, each.fit, each.check, each.rendering) == (None, None, None, ())


def test_a_text_that_was_changed_is_spoken_anew_and_stays() -> None:
    changed = find_line(change(TALK, "L0003", Change(text=" Hola. ")), "3")
    assert (changed.text, changed.edited, changed.rate, changed.revision) == ("Hola.", True, None, 2)
    assert changed.source_text == "one two three four."


def test_what_is_heard_of_the_original_costs_no_take() -> None:
    """The words of the source are shown, and no more."""
    changed = find_line(change(TALK, "L0001", Change(source_text="one and two")), "L0001")
    assert (changed.source_text, changed.words, changed.rate, changed.edited) == (
        "one and two",
        (),
        1.1,
        False,
    )


def test_a_line_given_to_somebody_else_has_their_voice() -> None:
    changed = find_line(change(TALK, "L0004", Change(speaker="S3")), "L0004")
    assert (changed.speaker, changed.voice) == ("S3", VOICES["mar"])


def test_a_line_that_moves_finds_its_place() -> None:
    moved = change(TALK, "L0001", Change(span=Span.of_seconds(30, 33)))
    assert [each.id for each in moved.lines] == ["L0002", "L0003", "L0004", "L0005", "L0001"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Change(text=" … "), "text_empty"),
        (Change(speaker="S9"), "speaker_unknown"),
        (Change(span=Span.of_seconds(6.5, 8)), "lines_overlap"),
        (Change(span=Span.of_seconds(58, 61)), "outside_programme"),
        (Change(span=Span.of_seconds(30, 30.05)), "line_too_short"),
        (Change(rate=3.0), "rate_impossible"),
        (Change(voice=Voice(engine="test", name="jo", language="fr")), "voice_language_unsupported"),
    ],
)
def test_what_cannot_be_is_refused(wanted: Change, code: str) -> None:
    with pytest.raises(UserError) as refused:
        change(TALK, "L0001", wanted)
    assert refused.value.code == code


def test_two_speakers_may_talk_at_once() -> None:
    changed = change(TALK, "L0002", Change(span=Span.of_seconds(1, 8)))
    assert find_line(changed, "L0002").span == Span.of_seconds(1, 8)


def test_a_line_is_split_at_a_moment_between_its_words() -> None:
    first, second = (find_line(split(TALK, "L0001", "N1", at=ticks(3.0)), each) for each in ("L0001", "N1"))
    assert (first.source_text, second.source_text) == ("one two", "three four.")
    assert (first.text, second.text) == ("uno dos", "tres cuatro")
    assert (len(first.words), len(second.words)) == (2, 2)
    assert (first.span, second.span) == (Span.of_seconds(1, 2.8), Span.of_seconds(3, 5)), (
        "the pause is nobody's"
    )
    assert (first.revision, second.speaker, second.voice) == (2, "S1", VOICES["ana"])


def test_a_line_is_split_at_a_character() -> None:
    halves = split(TALK, "L0001", "N1", character=len("uno"))
    assert [find_line(halves, each).text for each in ("L0001", "N1")] == ["uno", "dos tres cuatro"]
    assert [find_line(halves, each).source_text for each in ("L0001", "N1")] == ["one", "two three four."]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({}, "split_where"),
        ({"at": ticks(1.01)}, "split_outside"),
        ({"at": ticks(40.0)}, "split_outside"),
        ({"character": 0}, "split_outside"),
        ({"character": 400, "at": ticks(3.0)}, "split_outside"),
    ],
)
def test_a_split_that_cannot_be_is_refused(where: dict[str, int], code: str) -> None:
    with pytest.raises(UserError) as refused:
        split(TALK, "L0001", "N1", **where)
    assert refused.value.code == code


def test_one_word_is_not_torn_apart() -> None:
    with pytest.raises(UserError) as refused:
        split(script(line(1, 1, 5, text="Sí")), "L0001", "N1", at=ticks(3.0))
    assert refused.value.code == "split_leaves_nothing"
    assert cut_by_share("你好世界", 0.5, "zh") == ("你好", "世界")
    assert cut_at("abc", 1) == ("a", "bc")


def test_a_line_merges_with_the_next_of_its_speaker() -> None:
    merged = merge(TALK, "L0001")
    one = find_line(merged, "L0001")
    assert following(TALK, TALK.lines[0]) == find_line(TALK, "L0003")
    assert (one.text, one.span) == ("uno dos tres cuatro uno dos tres cuatro", Span.of_seconds(1, 9))
    assert (len(one.words), one.revision, one.candidates) == (8, 2, ())
    assert merged.line("L0003") is None
    assert joined("你好。", "世界。", "zh") == "你好。世界。"


def test_the_last_line_has_nothing_to_merge_with() -> None:
    with pytest.raises(UserError) as refused:
        merge(TALK, "L0005")
    assert refused.value.code == "nothing_to_merge"


@settings(max_examples=100, deadline=None)
@given(st.floats(1.2, 4.8))
def test_what_was_split_and_merged_says_the_same(at: float) -> None:
    again = find_line(merge(split(TALK, "L0001", "N1", at=ticks(at)), "L0001"), "L0001")
    before = find_line(TALK, "L0001")
    assert (again.text, again.source_text, again.words) == (before.text, before.source_text, before.words)
    assert again.span == before.span


def test_a_new_line_has_the_voice_of_its_speaker() -> None:
    inserted = insert(TALK, "N1", NewLine(Span.of_seconds(13, 15), "S2", "Hola."))
    assert [each.id for each in inserted.lines][-2:] == ["N1", "L0005"]
    assert find_line(inserted, "N1").voice == VOICES["luis"]


def test_another_take_keeps_words_and_rate() -> None:
    again = find_line(another_take(TALK, ["L0002"]), "L0002")
    assert (again.take_number, again.rate, again.text) == (1, 1.1, find_line(TALK, "L0002").text)
    kept = change(TALK, "L0002", Change(keep_original=True))
    with pytest.raises(UserError) as refused:
        another_take(kept, ["L0002"])
    assert refused.value.code == "line_not_dubbed"


def test_takes_of_a_line_differ_a_little_in_pace() -> None:
    rates = [nudged(1.0, number, (0.9, 1.2)) for number in range(6)]
    assert rates == [1.0, 0.95, 1.05, 0.9, 1.1, 1.0]
    assert nudged(1.0, 3, (1.0, 1.0)) == 1.0
