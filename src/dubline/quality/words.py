"""Words: heard right at the start, and still to be understood at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dubline.craft.hearing import spoken_words, word_error_rate
from dubline.domain.script import Line


@dataclass(frozen=True)
class WordErrors:
    """Words wrong, left out or added, and words wanted: kept apart so that clips add up by their words."""

    wrong: float
    wanted: int

    @property
    def rate(self) -> float | None:
        return self.wrong / self.wanted if self.wanted else None

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(self.wrong + other.wrong, self.wanted + other.wanted)


NONE = WordErrors(0.0, 0)


def word_errors(wanted: str, heard: str, language: str) -> WordErrors:
    words = len(spoken_words(wanted, language))
    return WordErrors(word_error_rate(wanted, heard, language) * words, words) if words else NONE


def source_errors(transcript: str, lines: Sequence[Line], language: str) -> WordErrors:
    """What the lines say of the reference. Lines count in the order of time, as the reference does."""
    heard = " ".join(line.source_text for line in sorted(lines, key=lambda line: line.span.start))
    return word_errors(transcript, heard, language)


def line_errors(lines: Sequence[Line], language: str) -> WordErrors:
    """Every dubbed line against what was heard of its take alone."""
    checked = (line for line in lines if line.check is not None and line.check.word_error_rate is not None)
    total = NONE
    for line in checked:
        total += word_errors(line.text, line.check.heard if line.check else "", language)
    return total


def lost_endings(lines: Sequence[Line], language: str) -> int:
    """Lines whose last word was not heard among the last three: cut off, or swallowed."""
    lost = 0
    for line in lines:
        if line.check is None or line.check.word_error_rate is None:
            continue
        wanted, heard = spoken_words(line.text, language), spoken_words(line.check.heard, language)
        lost += bool(wanted) and wanted[-1] not in heard[-3:]
    return lost
