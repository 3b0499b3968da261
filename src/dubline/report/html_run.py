"""How the dub was made: time per stage, engines, voices, routes."""

from __future__ import annotations

from collections.abc import Iterable

from dubline.domain.speech import Voice
from dubline.report.markup import Markup, tag
from dubline.report.model import Report
from dubline.report.words import count, length


def stages(report: Report) -> Markup | None:
    facts = report.facts
    if not facts.stages:
        return None
    longest = max((stage.seconds for stage in facts.stages), default=0.0) or 1.0
    media = facts.media_seconds
    rows = [
        tag(
            "tr",
            tag("th", stage.name.replace("_", " "), scope="row"),
            tag("td", _bar(stage.seconds / longest)),
            tag("td", "taken from before" if stage.reused else length(stage.seconds)),
            tag("td", f"{stage.seconds / media:.3f} ×" if media and not stage.reused else "–"),
        )
        for stage in facts.stages
    ]
    return tag(
        "section",
        tag("h2", "Where the time went"),
        tag(
            "table",
            _heads(("Stage", "Share", "Time", "Of real time")),
            tag("tbody", rows),
            class_="stages",
        ),
        tag("p", _whole(report), class_="quiet"),
    )


def making(report: Report) -> Markup:
    engines = [(use.capability.replace("_", " "), use.engine, use.detail) for use in report.facts.engines]
    voices = [
        (
            f"{speaker.id} {speaker.name}".rstrip(),
            _voice(speaker.voice),
            "–" if speaker.likeness is None else f"{speaker.likeness:.2f}",
            f"{speaker.traits.gender}, {length(speaker.speech)}",
        )
        for speaker in report.speakers
    ]
    routes = [(route, count(lines, "line", "lines")) for route, lines in report.routes.items()]
    return tag(
        "section",
        tag("h2", "How it was made"),
        tag(
            "div",
            _list("Speakers and voices", ("Speaker", "Voice", "Likeness", "Sounds like, speaks for"), voices),
            _list("Engines", ("For", "Engine", "Detail"), engines),
            _list("Ways of translation", ("Route", "Lines"), routes),
            class_="making",
        ),
    )


def _voice(voice: Voice | None) -> str:
    if voice is None:
        return "–"
    return f"{voice}, {voice.shift:+.1f} semitones" if voice.shift else str(voice)


def _whole(report: Report) -> str:
    facts = report.facts
    worked = sum(stage.seconds for stage in facts.stages)
    told = f"The run took {length(facts.seconds)} by the clock for {length(facts.media_seconds)} of programme"
    return f"{told}; its stages worked {length(worked)}, some of them side by side."


def _bar(share: float) -> Markup:
    bar = tag("rect", width=max(0.3, share * 100), height=10, rx=1)
    return tag("svg", bar, class_="bar", viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")


def _list(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Markup | None:
    body = [
        tag(
            "tr",
            (tag("td", cell) if place else tag("th", cell, scope="row") for place, cell in enumerate(row)),
        )
        for row in rows
    ]
    if not body:
        return None
    return tag("div", tag("h3", title), tag("table", _heads(heads), tag("tbody", body)))


def _heads(names: Iterable[str]) -> Markup:
    return tag("thead", tag("tr", (tag("th", name, scope="col") for name in names)))
