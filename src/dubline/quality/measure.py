"""One dub, all its numbers: the artefacts go to the subjects, the answers into a row."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.diarization_error import diarization_error
from dubline.domain.language import base
from dubline.domain.script import Line
from dubline.domain.time import Span
from dubline.quality import hearing, mixing, prosody, timing, voices, who, words
from dubline.quality.catalogue import MEASURES, Sum, pooled
from dubline.quality.dubbing import Dubbed
from dubline.quality.results import Row
from dubline.quality.sounding import placed_lines, source_speech
from dubline.quality.timing import Placed

Found = dict[str, float | None]


def measured(dubbed: Dubbed) -> Row:
    row = Row(clip=dubbed.clip.name, target=dubbed.target, seconds=round(dubbed.seconds, 2))
    source = source_speech(dubbed)
    placed = placed_lines(dubbed)
    _words(dubbed, row)
    row.spreads = time_spreads(placed, source, _undubbed(dubbed)) | prosody.spreads(dubbed)
    row.figures |= time_figures(placed, source, row.spreads)
    row.figures |= _who(dubbed) | voices.figures(dubbed)
    row.figures |= mixing.figures(dubbed, source, placed) | _whole(dubbed)
    row.figures = {name: None if value is None else round(value, 4) for name, value in row.figures.items()}
    row.spreads = {name: [round(value, 4) for value in values] for name, values in row.spreads.items()}
    return row


def _words(dubbed: Dubbed, row: Row) -> None:
    lines, truth = dubbed.script.lines, dubbed.clip.truth
    errors = {
        "words.source_wer": words.source_errors(truth.transcript, lines, dubbed.spoken),
        "words.line_wer": words.line_errors(lines, dubbed.target),
        "words.mix_wer": hearing.mix_errors(dubbed),
    }
    for name, found in errors.items():
        if found.wanted:
            row.words[name] = (round(found.wrong, 3), found.wanted)
            row.figures[name] = found.rate
    row.figures["words.lost_endings"] = float(words.lost_endings(lines, dubbed.target))


def time_spreads(
    placed: Sequence[Placed], source: Sequence[Span], missing: Sequence[Span]
) -> dict[str, list[float]]:
    return {
        "overlap": timing.speech_overlap(placed, missing),
        "onset": timing.onset_errors(placed),
        "true_onset": timing.true_onset_errors(source, dub_speech(placed)),
        "rate": [one.rate for one in placed],
        "rate_off": [one.rate - 1 for one in placed],
        "stretch": [one.stretch for one in placed],
    }


def time_figures(placed: Sequence[Placed], source: Sequence[Span], spreads: dict[str, list[float]]) -> Found:
    dub = dub_speech(placed)
    found: Found = {
        "time.same_moments": timing.same_moments(source, dub),
        "time.coverage": timing.coverage(source, dub),
        "time.voice_overlaps": float(len(timing.overlaps_of_a_voice(placed))),
        "time.talk_over": timing.talk_over(placed),
        "time.cut_words": float(sum(timing.cut_words(one) for one in placed)),
        "time.drift": timing.drift(placed),
    }
    for measure in MEASURES:
        if measure.sum is Sum.POOLED and measure.spread:
            found[measure.name] = pooled(measure, spreads.get(measure.spread[0], []))
    return found


def dub_speech(placed: Sequence[Placed]) -> list[Span]:
    return [span for one in placed for span in one.speech]


def _undubbed(dubbed: Dubbed) -> list[Span]:
    return [line.span for line in dubbed.script.lines if silent(line)]


def silent(line: Line) -> bool:
    """Neither dubbed nor meant to keep its original."""
    return not line.keep_original and (line.take is None or line.fit is None)


def _who(dubbed: Dubbed) -> Found:
    truth, lines = dubbed.clip.truth, dubbed.script.lines
    found: Found = {}
    if truth.turns:
        error = diarization_error(truth.turns, dubbed.turns)
        found |= {
            "who.der": error.rate,
            "who.missed": error.missed,
            "who.invented": error.invented,
            "who.confused": error.confused,
            "who.right_lines": who.lines_on_right_speaker(lines, truth.turns),
        }
    if truth.speakers:
        speakers = {line.speaker for line in lines}
        found["who.count_right"] = float(len(speakers) == truth.speakers)
    said_by = truth.said_by or tuple((part.text, part.speaker) for part in truth.parts if part.speaker)
    if len({speaker for _, speaker in said_by}) > 1:
        found["who.right_words"] = who.words_on_right_speaker(lines, said_by, dubbed.spoken)
    return found


def _whole(dubbed: Dubbed) -> Found:
    script, finished = dubbed.script, dubbed.finished
    found: Found = {
        "whole.duration_off": finished.result_seconds - finished.programme_seconds,
        "whole.av_offset": mixing.offset_in_file(dubbed),
        "whole.degradations": float(len(script.degradations)),
        "whole.undubbed": float(sum(map(silent, script.lines))),
        "whole.lines": float(len(script.lines)),
    }
    if dubbed.clip.language:
        found["whole.language_right"] = float(base(dubbed.spoken) == base(dubbed.clip.language))
    return found
