"""The top of the page: verdict, what did less than usual, and the key figures."""

from __future__ import annotations

from dubline.domain.language import language_name
from dubline.report.figures import Spread
from dubline.report.markup import Markup, tag
from dubline.report.model import Mark, Report
from dubline.report.words import count, length, percent, signed

STANDING = {Mark.FINE: "Good to show", Mark.LISTEN: "Worth a listen", Mark.WRONG: "Needs work"}


def headline(report: Report) -> Markup:
    facts = report.facts
    languages = f"{language_name(report.source_language)} → {language_name(report.target_language)}"
    said = [
        languages,
        length(facts.media_seconds),
        count(len(report.speakers), "speaker", "speakers"),
        count(report.summary.lines, "line", "lines"),
    ]
    if report.real_time_factor is not None:
        said.append(f"made in {length(facts.seconds)} ({report.real_time_factor:.2f} × real time)")
    return tag(
        "header",
        tag("p", "dubline report", class_="brand"),
        tag("h1", tag("bdi", facts.output_name or facts.input_name)),
        tag("p", " · ".join(said), class_="about"),
        tag(
            "div",
            tag("p", STANDING[report.mark], class_="standing"),
            tag("p", report.verdict, class_="verdict"),
            class_=f"headline {report.mark}",
        ),
    )


def degradations(report: Report) -> Markup:
    """Always there: an empty list is said as loudly as a full one."""
    if not report.degradations:
        return tag("p", "Nothing was left out or replaced on the way.", class_="whole")
    numbers = {line.id: line.number for line in report.lines}
    items = [
        tag("li", each.message, f" (line {numbers[each.line]})" if each.line in numbers else None)
        for each in report.degradations
    ]
    return tag(
        "section",
        tag("h2", "What did less than usual"),
        tag("ul", items),
        class_="degraded",
        aria_label="Degradations",
    )


def key_figures(report: Report) -> Markup:
    tiles = (_heard(report), _onset(report), _rate(report), _speed_up(report))
    more = (_coverage(report), _overlap(report), _loudness(report), _length(report))
    return tag("section", tag("h2", "Key figures"), tag("div", tiles, more, class_="tiles"))


def _heard(report: Report) -> Markup:
    rate = report.summary.word_error_rate
    if rate is None:
        return _tile("Words understood", "–", "not checked")
    checked = count(report.summary.checked, "line", "lines")
    return _tile("Words understood", percent(max(0.0, 1 - rate)), f"when {checked} were listened to again")


def _onset(report: Report) -> Markup:
    return _spread_tile("Start, off by", report.summary.onset_error, "{:.2f} s")


def _rate(report: Report) -> Markup:
    return _spread_tile("Pace of speech", report.summary.rate, "{:.2f} ×")


def _speed_up(report: Report) -> Markup:
    return _spread_tile("Sped up after speaking", report.summary.speed_up, "{:.2f} ×")


def _coverage(report: Report) -> Markup:
    summary = report.summary
    told = [f"{summary.dubbed:,} dubbed"]
    told += [f"{summary.kept_original:,} kept as is"] if summary.kept_original else []
    told += [f"{summary.missing:,} missing"] if summary.missing else []
    return _tile("Speech covered", percent(summary.coverage), ", ".join(told))


def _overlap(report: Report) -> Markup:
    summary = report.summary
    if not summary.overlaps:
        return _tile("Voices colliding", "0", "none beyond the original's own")
    return _tile("Voices colliding", f"{summary.overlaps:,}", f"{summary.overlap_seconds:.1f} s in all")


def _loudness(report: Report) -> Markup:
    loudness = report.facts.loudness
    if loudness.dub is None:
        return _tile("Loudness", "–", "not measured")
    told = [f"original {_level(loudness.original)}"] if loudness.original is not None else []
    told += [f"peak {_level(loudness.dub_peak, 'dBTP')}"] if loudness.dub_peak is not None else []
    return _tile("Loudness", _level(loudness.dub), ", ".join(told))


def _length(report: Report) -> Markup:
    difference = report.summary.duration_difference
    if difference is None:
        return _tile("Length against input", "–", "not measured")
    return _tile("Length against input", signed(difference), f"of {length(report.facts.media_seconds)}")


def _level(value: float | None, unit: str = "LUFS") -> str:
    return "–" if value is None else f"{value:.1f} {unit}".replace("-", "−")


def _tile(label: str, value: str, below: str, drawing: Markup | None = None) -> Markup:
    return tag(
        "div",
        tag("h3", label),
        tag("p", value, class_="value"),
        drawing,
        tag("p", below, class_="below"),
        class_="tile",
    )


def _spread_tile(label: str, spread: Spread | None, form: str) -> Markup:
    if spread is None:
        return _tile(label, "–", "not measured")
    below = f"typical; 95 % up to {form.format(spread.p95)}, at most {form.format(spread.max)}"
    return _tile(label, form.format(spread.median), below, _histogram(spread))


def _histogram(spread: Spread) -> Markup:
    tallest = max(spread.bins)
    bars = [
        tag("rect", x=place * 5, y=24 - height, width=4, height=height, rx=1)
        for place, number in enumerate(spread.bins)
        if number and (height := max(2, round(number / tallest * 24)))
    ]
    base = tag("path", d=f"M0 25H{5 * len(spread.bins)}")
    return tag(
        "svg",
        bars,
        base,
        class_="histogram",
        viewBox="0 0 120 26",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
