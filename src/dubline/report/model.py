"""report.json: everything the page shows, for programs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from dubline.domain.script import Degradation, Speaker
from dubline.domain.time import Moment, Span
from dubline.report.facts import RunFacts
from dubline.report.figures import Spread
from dubline.report.overlaps import Overlap

REPORT_VERSION = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(StrEnum):
    """`fine` needs nobody, `listen` deserves an ear, `wrong` needs a hand."""

    FINE = "fine"
    LISTEN = "listen"
    WRONG = "wrong"


class LineReport(_Frozen):
    """One line as it was and as it became. `severity` orders lines: 0 is faultless."""

    id: str
    number: int
    speaker: str
    voice: str = ""
    original: Span
    dub: Span | None = None
    source_text: str
    text: str = ""
    heard: str = ""
    kept_original: bool = False
    edited: bool = False
    rate: float | None = None
    stretch: float | None = None
    onset_error: float | None = None
    word_error_rate: float | None = None
    mark: Mark = Mark.FINE
    severity: float = 0.0
    reasons: tuple[str, ...] = ()
    """Plain sentences: what is wrong."""
    notes: tuple[str, ...] = ()
    """What was done so that the line fits."""
    max_characters: int | None = None
    """Where the text does not fit its time: how long one that fits may be."""
    shorter: str = ""
    """And such a text, where one is known."""
    flags: tuple[str, ...] = ()
    """The codes behind the reasons, those of the wording and those of the rendering."""


class Summary(_Frozen):
    """The whole language in one row."""

    lines: int
    dubbed: int
    kept_original: int
    missing: int
    marks: dict[Mark, int]
    onset_error: Spread | None = None
    """Seconds, early and late alike."""
    rate: Spread | None = None
    speed_up: Spread | None = None
    """By how much takes were sped up after they were spoken: one over the stretch."""
    word_error_rate: float | None = None
    """Wrong words over meant words, all checked lines together."""
    checked: int = 0
    coverage: float = 0.0
    """Share of the time somebody spoke in the original in which somebody speaks now."""
    overlaps: int = 0
    overlap_seconds: float = 0.0
    duration_difference: float | None = None
    """Seconds the output is longer (+) or shorter (−) than the input."""


class Report(_Frozen):
    version: int = REPORT_VERSION
    verdict: str
    mark: Mark
    source_language: str
    target_language: str
    facts: RunFacts
    real_time_factor: float | None = None
    """Time of the run over length of the programme; below 1 is faster than watching it."""
    duration: Moment
    """Where the timeline ends."""
    speakers: tuple[Speaker, ...] = ()
    routes: dict[str, int] = {}
    """Translation route → how many lines speak its wording."""
    summary: Summary
    degradations: tuple[Degradation, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    worst: tuple[str, ...] = ()
    """Ids of the ten worst lines that have something wrong, worst first."""
    lines: tuple[LineReport, ...] = ()
