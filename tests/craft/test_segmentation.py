"""Words become lines: none lost, none twice, cut where a speaker would draw breath."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.craft.lines.punctuation import ends_sentence
from dubline.craft.lines.segmentation import cut_lines, sentences
from dubline.craft.lines.voicing import unheard, wordless
from dubline.domain.script import Line
from dubline.domain.speech import Turn, Utterance, Word
from dubline.domain.time import Span, ticks


def words(
    text: str, start: float = 0.0, pace: float = 0.3, pauses: dict[int, float] | None = None
) -> list[Word]:
    """Evenly spoken words; `pauses` puts seconds of silence before the word of that number."""
    spoken: list[Word] = []
    now = start
    for number, word in enumerate(text.split()):
        now += (pauses or {}).get(number, 0.0)
        spoken.append(Word(text=f" {word}", span=Span.of_seconds(now, now + pace * 0.95)))
        now += pace
    return spoken


def utterance(spoken: list[Word]) -> Utterance:
    return Utterance(
        span=Span(start=spoken[0].span.start, end=spoken[-1].span.end), words=tuple(spoken), language="en"
    )


def texts(spoken: list[Word], turns: list[Turn] | None = None, speech: list[Span] | None = None) -> list[str]:
    return [line.source_text for line in cut_lines([utterance(spoken)], turns or [], speech or [])]


def turn(speaker: str, start: float, end: float) -> Turn:
    return Turn(speaker=speaker, span=Span.of_seconds(start, end))


VOCABULARY = [
    "yes",
    "no.",
    "well,",
    "Mr.",
    "3.5",
    "...",
    "and",
    "However,",
    "extraordinarily",
    "Really?",
    "好",
    "。",
    "I",
]


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[Utterance], list[Turn], list[Span]]:
    """Whatever a recogniser and a diarizer may come up with: wordless windows, overlaps, words of no length."""
    utterances, turns, speech = [], [], []
    now = 0.0
    for _ in range(draw(st.integers(0, 4))):
        spoken = []
        now += 1.5
        for _ in range(draw(st.integers(0, 40))):
            now = max(0.0, now + draw(st.sampled_from([0.0, 0.0, 0.05, 0.2, 0.5, 1.5, -0.1])))
            length = draw(st.sampled_from([0.0, 0.1, 0.3, 0.6, 2.0]))
            text = draw(st.sampled_from(VOCABULARY))
            spoken.append(
                Word(text=draw(st.sampled_from([" ", ""])) + text, span=Span.of_seconds(now, now + length))
            )
            now += length
        utterances.append(
            Utterance(span=Span.of_seconds(max(0.0, now - 30), now), words=tuple(spoken), language="en")
        )
    for _ in range(draw(st.integers(0, 12))):
        start = draw(st.floats(0, now + 1))
        turns.append(turn(draw(st.sampled_from(["S1", "S2", "S3"])), start, start + draw(st.floats(0, 8))))
    at = 0.0
    for _ in range(draw(st.integers(0, 12))):
        at += draw(st.floats(0.05, 3.0))
        end = at + draw(st.floats(0.05, 5.0))
        speech.append(Span.of_seconds(at, end))
        at = end
    return utterances, turns, speech


@settings(max_examples=200, deadline=None)
@given(recordings())
def test_every_word_is_in_one_line_and_no_speaker_overlaps_himself(
    recording: tuple[list[Utterance], list[Turn], list[Span]],
) -> None:
    utterances, turns, speech = recording
    lines = cut_lines(utterances, turns, speech)
    assert [word.text for line in lines for word in line.words] == [
        word.text for heard in utterances for word in heard.words
    ]
    assert [line.id for line in lines] == [f"L{number:04d}" for number in range(1, len(lines) + 1)]
    ends: dict[str, int] = {}
    for line in lines:
        assert line.span.length > 0
        assert line.span.start >= ends.get(line.speaker, 0)
        ends[line.speaker] = line.span.end
        assert len(line.words) == 1 or len(line.source_text) <= 220
        spoken = line.words[-1].span.end - line.words[0].span.start
        assert len(line.words) == 1 or spoken <= ticks(12.0)
        assert {line.speaker} <= ({turn.speaker for turn in turns} or {"S1"})
    assert all(one.words[0].span.start <= other.words[0].span.start for one, other in pairwise(lines))
    assert [at for group in sentences(lines) for at in group] == list(range(len(lines)))


def test_sentences_become_lines() -> None:
    assert texts(words("I came home late last night. The lights were all on. Nobody was there!")) == [
        "I came home late last night.",
        "The lights were all on.",
        "Nobody was there!",
    ]


@pytest.mark.parametrize(
    ("word", "following", "ends"),
    [
        (" end.", " Next", True),
        (" Mr.", " Smith", False),
        (" J.", " Smith", False),
        (" I.", " He", True),
        (" no.", " 5", False),
        (" no.", " He", True),
        (" etc.", " and", False),
        (" etc.", " Then", True),
        (" e.g.", " this", False),
        (" p.m.", " He", True),
        (" 3.", "5", False),
        (" well...", " maybe", False),
        (" well…", " Maybe", False),
        (' "Stop!"', " He", True),
        (" ¿Qué?", " Nada", True),
        ("。", "他", True),
        ("？」", "他", True),
        ("है।", " वह", True),
        (" done.”", " He", True),
        (" last.", "", True),
        (" word", " next", False),
    ],
)
def test_where_a_sentence_ends(word: str, following: str, ends: bool) -> None:
    assert ends_sentence(word, following) is ends


def test_a_pause_cuts_and_a_short_pause_does_not() -> None:
    assert len(texts(words("we walked along the river and then we came home", pauses={5: 0.8}))) == 2
    assert len(texts(words("we walked along the river and then we came home", pauses={5: 0.3}))) == 1


def test_a_lone_short_word_joins_the_line_next_to_it() -> None:
    assert texts(words("Yes. I think that is the right thing to do.")) == [
        "Yes. I think that is the right thing to do."
    ]


def test_a_lone_word_far_from_everything_stays_alone() -> None:
    spoken = words("Yes. I think that is right.", pauses={1: 2.0})
    assert texts(spoken) == ["Yes.", "I think that is right."]


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    long = "when the rain had finally stopped after three long days in the mountains of the north, " * 3
    lines = texts(words(long.strip()))
    assert len(lines) >= 2
    assert all(line.endswith("north,") for line in lines)


def test_chinese_is_cut_at_its_own_full_stops() -> None:
    spoken = [
        Word(text=character, span=Span.of_seconds(0.2 * at, 0.2 * at + 0.2))
        for at, character in enumerate("今天天气很好我们去公园。明天会下雨吧我想在家休息。")
    ]
    assert texts(spoken) == ["今天天气很好我们去公园。", "明天会下雨吧我想在家休息。"]


def test_lines_belong_to_the_speaker_of_the_turn() -> None:
    spoken = words("How are you doing today my friend? I am doing very well thank you.")
    lines = cut_lines([utterance(spoken)], [turn("S1", 0, 2.1), turn("S2", 2.1, 4.5)], [])
    assert [(line.speaker, line.source_text[:3]) for line in lines] == [("S1", "How"), ("S2", "I a")]


def test_a_turn_that_begins_a_word_late_is_moved_to_the_end_of_the_sentence() -> None:
    spoken = words("How are you doing today my friend? I am doing very well thank you.")
    lines = cut_lines([utterance(spoken)], [turn("S1", 0, 2.6), turn("S2", 2.6, 4.5)], [])
    assert [line.source_text.split()[0] for line in lines] == ["How", "I"]


def test_a_speck_inside_a_sentence_is_absorbed_and_a_backchannel_is_not() -> None:
    speck = words("we went down to the old harbour to see the ships")
    turns = [turn("S1", 0, 1.2), turn("S2", 1.2, 1.5), turn("S1", 1.5, 4)]
    assert {line.speaker for line in cut_lines([utterance(speck)], turns, [])} == {"S1"}
    real = words(
        "we went down to the old harbour. Right. And there we saw the ships", pauses={7: 0.2, 8: 0.2}
    )
    turns = [turn("S1", 0, 2.2), turn("S2", 2.25, 2.62), turn("S1", 2.65, 6)]
    assert [line.speaker for line in cut_lines([utterance(real)], turns, [])] == ["S1", "S2", "S1"]


def test_a_short_answer_stays_a_line_of_its_own() -> None:
    for answer in ("mm", "yes", "uh huh"):
        count = len(answer.split())
        spoken = words(f"and so we took the train {answer} to the coast", pauses={6: 0.2, 6 + count: 0.2})
        start, end = spoken[6].span.start / 48_000, spoken[5 + count].span.end / 48_000
        turns = [turn("S1", 0, 1.85), turn("S2", start, end), turn("S1", end + 0.15, 9)]
        lines = cut_lines([utterance(spoken)], turns, [])
        assert [(line.speaker, line.source_text) for line in lines] == [
            ("S1", "and so we took the train"),
            ("S2", answer),
            ("S1", "to the coast"),
        ]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[Word], list[Turn]]:
    """People who take the word in the middle of each other's sentences, and short answers set apart by pauses."""
    spoken: list[Word] = []
    turns: list[Turn] = []
    now = 0.0
    speaker = "S1"
    for _ in range(draw(st.integers(1, 8))):
        short = draw(st.booleans())
        count = draw(st.integers(1, 2)) if short else draw(st.integers(4, 30))
        length = draw(st.floats(0.15, 0.4))
        now += draw(st.floats(0.15, 0.6)) if short else 0.0
        start = now
        for _ in range(count):
            text = draw(st.sampled_from(["well", "harbour", "and", "nothing", "we"]))
            spoken.append(Word(text=f" {text}/{speaker}", span=Span.of_seconds(now, now + length)))
            now += length
        turns.append(turn(speaker, start, now))
        now += draw(st.floats(0.15, 0.6)) if short else 0.0
        speaker = draw(st.sampled_from([name for name in ("S1", "S2", "S3") if name != speaker]))
    return spoken, turns


@settings(max_examples=200, deadline=None)
@given(conversations())
def test_a_line_never_mixes_two_speakers(conversation: tuple[list[Word], list[Turn]]) -> None:
    spoken, turns = conversation
    lines = cut_lines([utterance(spoken)], turns, [])
    for line in lines:
        assert {word.text.rpartition("/")[2] for word in line.words} == {line.speaker}


def test_lines_in_overlapping_speech_are_marked() -> None:
    spoken = words("We walked along the river. Then it began to rain all day. And we went home.")
    turns = [turn("S1", 0, 4.5), turn("S2", 2.0, 3.0)]
    lines = cut_lines([utterance(spoken)], turns, [])
    assert [(line.speaker, line.flags) for line in lines] == [
        ("S1", ()),
        ("S1", ("overlapping_speech",)),
        ("S1", ()),
    ]
    brief = [turn("S1", 0, 4.5), turn("S2", 2.0, 2.3)]
    assert not any(line.flags for line in cut_lines([utterance(spoken)], brief, []))


def test_onset_and_end_are_snapped_to_the_voice() -> None:
    spoken = words("and so it began", start=1.0)
    (line,) = cut_lines([utterance(spoken)], [], [Span.of_seconds(1.12, 2.3)])
    assert line.span == Span.of_seconds(1.12, 2.3)
    (far,) = cut_lines([utterance(spoken)], [], [Span.of_seconds(0.2, 5)])
    assert far.span == Span(start=spoken[0].span.start, end=spoken[-1].span.end)


def test_a_word_drawn_out_over_silence_begins_and_ends_with_the_voice() -> None:
    spoken = [
        Word(text=" So", span=Span.of_seconds(0.0, 2.2)),
        Word(text=" there", span=Span.of_seconds(2.2, 2.5)),
        Word(text=" now.", span=Span.of_seconds(2.5, 5.0)),
    ]
    (line,) = cut_lines([utterance(spoken)], [], [Span.of_seconds(1.9, 2.9)])
    assert line.span == Span.of_seconds(1.9, 2.9)


def test_a_word_lasts_as_long_as_it_takes_to_say_but_never_into_the_next() -> None:
    hello = Word(text=" Hello.", span=Span.of_seconds(1.0, 1.1))
    heard = [Span.of_seconds(1.0, 1.1), Span.of_seconds(3.0, 4.0)]
    far, near = (words("how are you", start=start) for start in (3.0, 1.2))
    assert cut_lines([utterance([hello, *far])], [turn("S1", 0, 2), turn("S2", 2, 5)], heard)[0].span == (
        Span.of_seconds(1.0, 1.375)
    )
    first, _ = cut_lines([utterance([hello, *near])], [turn("S1", 0, 1.15), turn("S2", 1.15, 5)], heard)
    assert first.span == Span.of_seconds(1.0, 1.2)


def test_voice_that_belongs_to_no_line_is_told_of_and_the_ringing_out_of_a_line_is_not() -> None:
    lines = [Span.of_seconds(16.19, 21.09), Span.of_seconds(30, 32)]
    speech = [Span.of_seconds(16, 21.09), Span.of_seconds(21.34, 22), Span.of_seconds(30, 32.6)]
    assert wordless(speech, lines) == [Span.of_seconds(21.39, 22)]
    assert wordless(speech, [*lines, Span.of_seconds(21.5, 22)]) == []


def test_voice_without_words_is_found_and_words_heard_later_are_put_in_between() -> None:
    first = utterance(words("we saw it", start=0.0) + words("and left", start=5.0))
    speech = [Span.of_seconds(0, 1), Span.of_seconds(2, 4), Span.of_seconds(5, 6), Span.of_seconds(8, 8.3)]
    assert unheard(speech, [first]) == [Span.of_seconds(2, 4)]
    second = utterance(words("but nobody else did", start=2.5))
    lines = cut_lines([first, second], [], speech)
    assert " ".join(line.source_text for line in lines) == "we saw it but nobody else did and left"


def test_pauses_hidden_in_drawn_out_words_are_found() -> None:
    spoken = words("we walked along the river and then we came home")
    drawn = [*spoken[:4], spoken[4].model_copy(update={"span": Span.of_seconds(1.2, 2.5)})]
    drawn += words("and then we came home", start=2.5)
    speech = [Span.of_seconds(0, 1.6), Span.of_seconds(2.4, 4.0)]
    assert texts(drawn, speech=speech) == ["we walked along the river", "and then we came home"]


def numbered(texts_and_times: list[tuple[str, float, float]]) -> list[Line]:
    return [
        Line(id=f"L{n:04d}", span=Span.of_seconds(start, end), speaker="S1", source_text=text)
        for n, (text, start, end) in enumerate(texts_and_times)
    ]


def test_lines_of_one_sentence_are_grouped() -> None:
    lines = numbered([("When he came,", 0, 1), ("we left.", 1.8, 2.5), ("Then", 3, 4), ("nothing", 9, 10)])
    assert sentences(lines) == [[0, 1], [2], [3]]
