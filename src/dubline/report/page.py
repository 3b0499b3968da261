"""report.html: one file that asks for nothing else.

The page's own policy forbids every request, script and style but the two it carries, so even a text that
slipped through the escaping could not act. Only the dubbed and the original file beside it may be played.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

from dubline.domain.language import language_name
from dubline.report.html_head import degradations, headline, key_figures
from dubline.report.html_lines import cards, table
from dubline.report.html_run import making, stages
from dubline.report.html_timeline import timeline
from dubline.report.markup import Markup, tag
from dubline.report.model import LineReport, Report
from dubline.report.waveform import LineWave

CARDS = 60
WAVES = 200
"""Up to this many lines every line has a waveform; beyond, only those on cards."""


def drawn_lines(report: Report) -> tuple[str, ...]:
    """Ids of the lines whose waveforms the page shows: nobody needs to cut the others."""
    shown = report.lines if len(report.lines) <= WAVES else _carded(report)
    return tuple(line.id for line in shown)


def render_html(report: Report, waveforms: Mapping[str, LineWave]) -> str:
    """The page for a report; a line without a waveform is shown without."""
    chosen = _carded(report)
    wanted = set(drawn_lines(report))
    waves = {line: wave for line, wave in waveforms.items() if line in wanted}
    anchors = {line.id: f"row-{line.number}" for line in report.lines}
    anchors |= {line.id: f"line-{line.number}" for line in chosen}
    main = tag(
        "main",
        headline(report),
        degradations(report),
        key_figures(report),
        _timing(report, anchors) if report.lines else None,
        cards(report, chosen, waves),
        table(report, waves) if report.lines else None,
        stages(report),
        making(report),
        _foot(report),
        tag("p", id="player", role="status"),
        data_original=_beside(report.facts.input_name),
        data_dub=_beside(report.facts.output_name),
    )
    return f"<!doctype html>\n{tag('html', _head(report), tag('body', main, _script()), lang='en')}\n"


def _carded(report: Report) -> list[LineReport]:
    faulty = (line for line in report.lines if line.severity > 0)
    return sorted(faulty, key=lambda line: (-line.severity, line.number))[:CARDS]


def _timing(report: Report, anchors: Mapping[str, str]) -> Markup:
    keys = (
        ("k-original", "original"),
        ("k-fine", "dub"),
        ("k-listen", "listen"),
        ("k-wrong", "needs a hand"),
    )
    legend = [tag("span", name, class_=key) for key, name in keys]
    if report.summary.kept_original:
        legend.append(tag("span", "original kept", class_="k-kept"))
    if report.summary.missing:
        legend.append(tag("span", "missing", class_="k-missing"))
    if report.overlaps:
        legend.append(tag("span", "voices colliding", class_="k-meeting"))
    return tag(
        "section",
        tag("h2", "Timing"),
        tag("p", legend, class_="legend"),
        tag(
            "div", timeline(report, anchors), class_="scroll", tabindex=0, role="region", aria_label="Timing"
        ),
    )


def _foot(report: Report) -> Markup:
    facts = report.facts
    made = f"dubline {facts.version}" if facts.version else "dubline"
    return tag("footer", tag("p", "From ", tag("bdi", facts.input_name), f" by {made}."))


def _head(report: Report) -> Markup:
    name = report.facts.output_name or report.facts.input_name
    title = f"{name} – dub into {language_name(report.target_language)}"
    style = _asset("report.css")
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", style),
    )


def _script() -> Markup:
    return tag("script", _asset("report.js"))


def _policy() -> str:
    style, script = (_digest(_asset(name)) for name in ("report.css", "report.js"))
    own = f"default-src 'none'; style-src '{style}'; script-src '{script}'"
    return f"{own}; media-src 'self' file:; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _asset(name: str) -> Markup:
    """Our own style and script, taken as they are: they hold no `</`."""
    return Markup(files("dubline.report").joinpath("assets", name).read_text(encoding="utf-8"))


def _beside(name: str) -> str | None:
    """A relative address of a file next to the report, whatever its name looks like."""
    return f"./{quote(name.rsplit('/', 1)[-1])}" if name else None
