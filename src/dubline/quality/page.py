"""quality.html: the tables and a few plots in one file that asks for nothing else."""

from __future__ import annotations

from dubline.quality import plots
from dubline.quality.baseline import Baseline
from dubline.quality.catalogue import BY_NAME
from dubline.quality.results import Quality
from dubline.quality.tables import Table, all_tables
from dubline.report.markup import Markup, tag

STYLE = Markup(
    """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1160px; padding: 0 1rem;
  color: #1c2430; background: #fff; }
h1 { font-size: 1.5rem; margin: 0 0 .2rem } h2 { font-size: 1.1rem; margin: 2rem 0 .6rem }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 1.6rem 2.4rem; }
figure { margin: 0 } figcaption { font-weight: 600; margin-bottom: .5rem }
svg { max-width: 100%; height: auto; overflow: visible } svg text { font-size: 11px; fill: #556 }
.bar { fill: #3b6fb6 } .axis { stroke: #99a; fill: none } .mark { stroke: #c2502e; stroke-dasharray: 4 3; fill: none }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 13px; white-space: nowrap }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #e3e6ec }
th { color: #556; font-weight: 600; vertical-align: bottom; white-space: normal }
@media (prefers-color-scheme: dark) {
  body { color: #dde3ec; background: #14181f } svg text, th { fill: #9aa6b8; color: #9aa6b8 }
  th, td { border-color: #2a313d } .bar { fill: #6f9fe0 } }
"""
)

HISTOGRAMS = (
    ("onset", "Onset errors of lines, in seconds (dashed: ± 0.3)", -0.6, 0.6, (-0.3, 0.0, 0.3)),
    ("rate", "Speed at which lines are heard (dashed: 1.0 and 1.2)", 0.7, 1.5, (1.0, 1.2)),
    ("overlap", "Speech overlap of lines (dashed: the goal of 0.80)", 0.0, 1.0, (0.80,)),
    ("stretch", "Speeding up after speaking", 0.8, 1.4, (1.0,)),
)
BARS = (
    ("time.overlap", 1.0, "{:.2f}", 0.80),
    ("time.same_moments", 1.0, "{:.2f}", None),
    ("who.der", 1.0, "{:.0%}", None),
    ("words.mix_wer", 0.6, "{:.0%}", None),
)


def page(quality: Quality, baseline: Baseline | None) -> str:
    body = tag(
        "body",
        tag("h1", "Quality of the dubs"),
        tag(
            "p", f"{_dubs(len(quality.rows))} of {quality.clip_set}. What each number means: docs/quality.md."
        ),
        tag("div", _histograms(quality), _bars(quality), class_="plots"),
        [_table(table) for table in all_tables(quality, baseline)],
    )
    head = tag("head", tag("meta", charset="utf-8"), tag("title", "Quality of the dubs"), tag("style", STYLE))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _dubs(count: int) -> str:
    return "1 dub" if count == 1 else f"{count} dubs"


def _histograms(quality: Quality) -> list[Markup]:
    drawn = []
    for name, title, low, high, marks in HISTOGRAMS:
        values = [value for row in quality.rows for value in row.spreads.get(name, [])]
        if values:
            drawn.append(tag("figure", tag("figcaption", title), plots.histogram(values, low, high, marks)))
    return drawn


def _bars(quality: Quality) -> list[Markup]:
    drawn = []
    for name, high, shown, mark in BARS:
        found = [(f"{row.clip} → {row.target}", row.figures.get(name)) for row in quality.rows]
        rows = [(clip, value) for clip, value in found if value is not None]
        if rows:
            label = tag("figcaption", f"Clip by clip: {BY_NAME[name].label}")
            drawn.append(tag("figure", label, plots.bars(rows, high, shown, mark)))
    return drawn


def _table(table: Table) -> Markup:
    head = tag("tr", [tag("th", cell) for cell in table.heads])
    rows = [tag("tr", [tag("td", cell) for cell in row]) for row in table.rows]
    return tag("section", tag("h2", table.title), tag("div", tag("table", head, rows), class_="scroll"))
