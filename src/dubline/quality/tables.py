"""Results as tables: heads and cells, for the terminal, for Markdown and for the page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dubline.quality.baseline import Baseline
from dubline.quality.catalogue import BY_NAME, HEADLINES, MEASURES, Measure
from dubline.quality.results import Quality

GROUPS = {
    "words": "Words",
    "time": "Time",
    "who": "Who speaks",
    "sound": "Sound",
    "prosody": "Prosody",
    "whole": "The whole",
}

GLANCE = (
    "words.source_wer",
    "words.mix_wer",
    "time.overlap",
    "time.onset_p95",
    "time.rate_p95",
    "who.der",
    "who.similarity",
    "sound.leak",
    "whole.undubbed",
)
"""What of a clip fits on a terminal's line."""

STRATEGY = (
    "time.overlap",
    "time.same_moments",
    "time.onset_p95",
    "time.onset_max",
    "time.rate_off",
    "time.rate_p95",
    "time.rate_max",
    "time.voice_overlaps",
    "time.talk_over",
    "time.cut_words",
)


@dataclass(frozen=True)
class Table:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def overall_table(
    quality: Quality, baseline: Baseline | None, measures: Sequence[Measure] = MEASURES
) -> Table:
    kept = baseline.figures if baseline else {}
    rows = [
        (
            measure.label,
            measure.shown(quality.overall.get(measure.name)),
            measure.shown(kept.get(measure.name)),
            measure.shown(measure.tolerance),
            measure.shown(measure.target),
            measure.good,
        )
        for measure in measures
    ]
    return Table(
        f"Over {quality.clip_set}", ("measure", "now", "baseline", "tolerance", "target", ""), tuple(rows)
    )


def headline_table(quality: Quality, baseline: Baseline | None) -> Table:
    return overall_table(quality, baseline, HEADLINES)


def clip_table(quality: Quality, names: Sequence[str] = GLANCE, title: str = "Clip by clip") -> Table:
    measures = [BY_NAME[name] for name in names]
    rows = [
        (row.clip, row.target, *(measure.shown(row.figures.get(measure.name)) for measure in measures))
        for row in quality.rows
    ]
    return Table(title, ("clip", "to", *(measure.label for measure in measures)), tuple(rows))


def group_tables(quality: Quality) -> list[Table]:
    """Every number of every clip, a table per subject."""
    return [
        clip_table(quality, [each.name for each in MEASURES if each.group == group], title)
        for group, title in GROUPS.items()
    ]


def translation_table(quality: Quality) -> Table:
    rows = [
        (each.pair, each.route, str(each.lines), f"{each.chrf:.1f}", f"{each.bleu:.1f}")
        for each in quality.translation
    ]
    return Table(
        "Translation beside that of people", ("pair", "route", "lines", "chrF2++", "BLEU"), tuple(rows)
    )


def strategy_table(quality: Quality) -> Table:
    measures = [BY_NAME[name] for name in STRATEGY]
    rows = [
        (each.name, *(measure.shown(each.figures.get(measure.name)) for measure in measures))
        for each in quality.strategies
    ]
    heads = ("strategy", *(measure.label for measure in measures))
    return Table("The same takes placed by other programs' rules", heads, tuple(rows))


def refused_table(quality: Quality) -> Table:
    return Table("Clips that were not dubbed", ("clip", "why"), tuple(sorted(quality.refused.items())))


def all_tables(quality: Quality, baseline: Baseline | None) -> list[Table]:
    tables = [overall_table(quality, baseline), *group_tables(quality)]
    tables += [strategy_table(quality), translation_table(quality), refused_table(quality)]
    return [table for table in tables if table.rows]


def markdown(tables: Sequence[Table]) -> str:
    return "\n".join(_markdown(table) for table in tables)


def _markdown(table: Table) -> str:
    lines = [table.heads, tuple("---" for _ in table.heads), *table.rows]
    rows = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines)
    return f"## {table.title}\n\n{rows}\n"
