"""From a script and what the run measured to the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dubline.craft.scoring import job_summary
from dubline.domain.script import Line, Script
from dubline.report.facts import RunFacts
from dubline.report.figures import spread
from dubline.report.judgement import Judgement, judgements
from dubline.report.model import LineReport, Mark, Report, Summary
from dubline.report.overlaps import Overlap, overlaps
from dubline.report.verdict import overall, verdict

WORST = 10


def build_report(script: Script, facts: RunFacts) -> Report:
    """The same script and facts give the same report, byte for byte."""
    met = overlaps(script.lines)
    lines = _line_reports(script)
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


def _line_reports(script: Script) -> tuple[LineReport, ...]:
    judged = judgements(script)
    ordered = sorted(script.lines, key=lambda line: (line.span.start, line.span.end, line.id))
    return tuple(_line_report(line, place, judged[line.id]) for place, line in enumerate(ordered, start=1))


def _line_report(line: Line, place: int, judged: Judgement) -> LineReport:
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
        mark=judged.mark,
        severity=judged.severity,
        reasons=judged.reasons,
        notes=fit.reasons if fit else (),
        max_characters=line.max_characters,
        shorter=line.shorter,
        flags=(*line.flags, *line.rendering),
    )


def _summary(script: Script, facts: RunFacts, lines: Sequence[LineReport], met: Sequence[Overlap]) -> Summary:
    dubbed = [line for line in lines if line.dub is not None and not line.kept_original]
    kept = sum(line.kept_original for line in lines)
    marks = Counter(line.mark for line in lines)
    onsets = [abs(line.onset_error) for line in dubbed if line.onset_error is not None]
    whole = job_summary(script)
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
        word_error_rate=whole.word_error_rate,
        checked=sum(line.word_error_rate is not None for line in lines),
        coverage=whole.coverage,
        overlaps=len(met),
        overlap_seconds=round(sum(overlap.added for overlap in met), 3),
        duration_difference=None if longer is None else round(longer, 3),
    )


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
