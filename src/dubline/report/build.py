"""From a script and what the run measured to the report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dubline.domain.script import Line, Script
from dubline.report.facts import RunFacts
from dubline.report.figures import spread
from dubline.report.judgement import faults, mark, severity
from dubline.report.model import LineReport, Mark, Report, Summary
from dubline.report.overlaps import Overlap, overlaps
from dubline.report.verdict import overall, verdict
from dubline.report.words import NOTES, plain

WORST = 10


def build_report(script: Script, facts: RunFacts) -> Report:
    """The same script and facts give the same report, byte for byte."""
    met = overlaps(script.lines)
    lines = _line_reports(script.lines, met)
    summary = _summary(script, facts, lines, met)
    degradations = tuple(dict.fromkeys(script.degradations))
    ranked = sorted(
        (line for line in lines if line.severity > 0), key=lambda line: (-line.severity, line.number)
    )
    return Report(
        verdict=verdict(summary, len(degradations)),
        mark=overall(summary),
        source_language=script.source_language,
        target_language=script.target_language,
        facts=facts,
        real_time_factor=round(facts.seconds / facts.media_seconds, 4) if facts.media_seconds else None,
        duration=_end(script),
        speakers=script.speakers,
        routes=_routes(script.lines),
        summary=summary,
        degradations=degradations,
        overlaps=met,
        worst=tuple(line.id for line in ranked[:WORST]),
        lines=lines,
    )


def _line_reports(lines: Sequence[Line], met: Sequence[Overlap]) -> tuple[LineReport, ...]:
    meetings: Mapping[str, list[Overlap]] = defaultdict(list)
    for overlap in met:
        meetings[overlap.cause].append(overlap)
    ordered = sorted(lines, key=lambda line: (line.span.start, line.span.end, line.id))
    return tuple(
        _line_report(line, place, tuple(meetings.get(line.id, ())))
        for place, line in enumerate(ordered, start=1)
    )


def _line_report(line: Line, place: int, meetings: tuple[Overlap, ...]) -> LineReport:
    found = faults(line, meetings)
    voice = line.take.voice if line.take else line.voice
    check, fit = line.check, line.fit
    return LineReport(
        id=line.id,
        number=place,
        speaker=line.speaker,
        voice=str(voice) if voice else "",
        original=line.span,
        dub=fit.span if fit else None,
        source_text=line.source_text,
        text=line.text,
        heard=check.heard if check else "",
        kept_original=line.keep_original,
        edited=line.edited,
        rate=check.rate if check else None,
        stretch=fit.stretch if fit else None,
        onset_error=check.onset_error if check else None,
        word_error_rate=check.word_error_rate if check else None,
        mark=mark(found),
        severity=severity(found),
        reasons=tuple(fault.sentence for fault in found),
        notes=tuple(plain(reason, NOTES) for reason in fit.reasons) if fit else (),
        flags=line.flags,
    )


def _summary(script: Script, facts: RunFacts, lines: Sequence[LineReport], met: Sequence[Overlap]) -> Summary:
    dubbed = [line for line in lines if line.dub is not None and not line.kept_original]
    kept = sum(line.kept_original for line in lines)
    marks = Counter(line.mark for line in lines)
    onsets = [abs(line.onset_error) for line in dubbed if line.onset_error is not None]
    rate, checked = _word_errors(script.lines)
    longer = None if facts.output_seconds is None else facts.output_seconds - facts.media_seconds
    return Summary(
        lines=len(lines),
        dubbed=len(dubbed),
        kept_original=kept,
        missing=len(lines) - len(dubbed) - kept,
        marks={each: marks[each] for each in Mark},
        onset_error=spread(onsets, 0.0, 0.6),
        rate=spread([line.rate for line in dubbed if line.rate is not None], 0.7, 1.6),
        speed_up=spread([1 / line.stretch for line in dubbed if line.stretch], 0.8, 1.4),
        word_error_rate=rate,
        checked=checked,
        coverage=_coverage(lines),
        overlaps=len(met),
        overlap_seconds=round(sum(overlap.added for overlap in met), 3),
        duration_difference=None if longer is None else round(longer, 3),
    )


def _word_errors(lines: Sequence[Line]) -> tuple[float | None, int]:
    """Word error rate over all checked lines, each weighing as many words as it has."""
    checked = [
        (line.check.word_error_rate, len((line.take.text if line.take else line.text).split()))
        for line in lines
        if line.check is not None and line.check.word_error_rate is not None
    ]
    words = sum(number for _, number in checked)
    if not words:
        return None, len(checked)
    return round(sum(rate * number for rate, number in checked) / words, 4), len(checked)


def _coverage(lines: Sequence[LineReport]) -> float:
    speech = sum(line.original.length for line in lines)
    spoken = sum(line.original.length for line in lines if line.dub is not None or line.kept_original)
    return round(spoken / speech, 4) if speech else 1.0


def _routes(lines: Sequence[Line]) -> dict[str, int]:
    """How the wordings that are spoken came about; a person's own wording is counted as such."""
    counted = Counter(_route(line) for line in lines if line.text)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _route(line: Line) -> str:
    if line.edited:
        return "edited by hand"
    return next((candidate.route for candidate in line.candidates if candidate.text == line.text), "other")


def _end(script: Script) -> int:
    spans = [line.span for line in script.lines] + [line.fit.span for line in script.lines if line.fit]
    return max([script.media.duration, *(span.end for span in spans)])
