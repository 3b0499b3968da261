"""What the recogniser gets to hear at once, and afterwards the lines that its words make."""

from __future__ import annotations

from dubline.craft.lines.segmentation import cut_lines
from dubline.craft.lines.windows import recognition_windows
from dubline.domain.speech import Turn, Utterance, Word
from dubline.domain.time import Span
from dubline.stages.documents import Chunk, Lines
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work


def cut_windows(work: Work, inputs: Inputs) -> Outcome:
    windows = recognition_windows(work.read_list(one(inputs, "speech"), Span))
    return {"windows": work.write_list(windows, "spans")}


def cut_into_lines(work: Work, inputs: Inputs) -> Outcome:
    chunks = [work.read(blob, Chunk) for blob in series(inputs, "chunks")]
    utterances: list[Utterance] = []
    speech: list[Span] = []
    for chunk, heard, spans in zip(
        chunks, series(inputs, "utterances"), series(inputs, "speech"), strict=True
    ):
        by = chunk.span.start
        utterances += [_shifted(utterance, by) for utterance in work.read_list(heard, Utterance)]
        speech += [span.shifted(by) for span in work.read_list(spans, Span)]
    turns = work.read_list(one(inputs, "turns"), Turn)
    return {"lines": work.write(Lines(lines=tuple(cut_lines(utterances, turns, speech))), "lines")}


def _shifted(utterance: Utterance, by: int) -> Utterance:
    words = tuple(_moved(word, by) for word in utterance.words)
    return utterance.model_copy(update={"span": utterance.span.shifted(by), "words": words})


def _moved(word: Word, by: int) -> Word:
    return word.model_copy(update={"span": word.span.shifted(by)})


WINDOWS = Stage("cut windows", "segmentation", 1, cut_windows, pace=0.0002)
LINES = Stage("cut lines", "segmentation", 3, cut_into_lines, pace=0.0005)
