"""The timing chart: the whole programme, a lane per speaker, originals above their dubs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dubline.domain.time import TICKS_PER_SECOND, Span, seconds
from dubline.report.markup import Markup, number, tag
from dubline.report.model import LineReport, Mark, Report

WIDTH = 1056
WIDEST = 24_000
PER_SECOND = 6
"""Units a second gets at least, so that the lines of a long programme stay apart."""
HEAD, LANE, FOOT = 18, 46, 26
ORIGINAL = (0, 9)
DUB = (17, 15)
NAMED = 600
"""Beyond this many lines bars are drawn together, without a title and a link each."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True)
class _Scale:
    duration: int
    width: float

    def x(self, moment: int) -> float:
        return moment / max(1, self.duration) * self.width


def timeline(report: Report, anchors: Mapping[str, str]) -> Markup:
    """`anchors` says where on the page a line is told."""
    width = min(WIDEST, max(WIDTH, seconds(report.duration) * PER_SECOND))
    scale = _Scale(report.duration, width)
    speakers = list(dict.fromkeys(line.speaker for line in report.lines))
    height = len(speakers) * (HEAD + LANE) + FOOT
    lanes = [
        _lane(speaker, place * (HEAD + LANE), report, scale, anchors)
        for place, speaker in enumerate(speakers)
    ]
    return tag(
        "svg",
        _grid(scale, height),
        _meetings(report, scale, height - FOOT),
        lanes,
        class_="timeline",
        viewBox=f"0 0 {number(width)} {height}",
        width=number(width),
        height=height,
        role="img",
        aria_label="When each line sounds in the original and in the dub, as the table of all lines says.",
    )


def _lane(speaker: str, top: int, report: Report, scale: _Scale, anchors: Mapping[str, str]) -> Markup:
    lines = [line for line in report.lines if line.speaker == speaker]
    voices = dict.fromkeys(line.voice for line in lines if line.voice and line.dub)
    label = " · ".join(filter(None, (speaker, ", ".join(voices))))
    many = len(report.lines) > NAMED
    marks = _together(lines, top + HEAD, scale) if many else _apart(lines, top + HEAD, scale, anchors)
    return tag("g", tag("text", label, class_="who", x=0, y=top + 12), marks)


def _apart(lines: Sequence[LineReport], top: int, scale: _Scale, anchors: Mapping[str, str]) -> list[Markup]:
    return [
        tag(
            "a",
            tag("title", _title(line)),
            tag("rect", class_="b-original", rx=2, **_box(line.original, top, ORIGINAL, scale)),
            line.dub and tag("path", class_="shift", d=_shift(line.original, line.dub, top, scale)),
            _dub(line, top, scale),
            href=f"#{anchors[line.id]}",
        )
        for line in lines
    ]


def _dub(line: LineReport, top: int, scale: _Scale) -> Markup:
    """The dubbed bar; where there is none, the empty place of it."""
    if line.dub is not None:
        return tag("rect", class_=f"b-{line.mark}", rx=3, **_box(line.dub, top, DUB, scale))
    name = "b-kept" if line.kept_original else "b-missing"
    return tag("rect", class_=name, rx=3, **_box(line.original, top, DUB, scale))


def _together(lines: Sequence[LineReport], top: int, scale: _Scale) -> list[Markup]:
    """The same bars as one path per kind: thousands of lines stay a small page."""
    originals = "".join(_rectangle(line.original, top, ORIGINAL, scale) for line in lines)
    drawn = [tag("path", class_="b-original", d=originals)]
    if gaps := "".join(_rectangle(line.original, top, DUB, scale) for line in lines if _gone(line)):
        drawn.append(tag("path", class_="b-missing", d=gaps))
    for mark in Mark:
        bars = "".join(
            _rectangle(line.dub, top, DUB, scale) for line in lines if line.mark is mark and line.dub
        )
        if bars:
            drawn.append(tag("path", class_=f"b-{mark}", d=bars))
    return drawn


def _gone(line: LineReport) -> bool:
    return line.dub is None and not line.kept_original


def _meetings(report: Report, scale: _Scale, height: int) -> Markup | None:
    bands = "".join(
        f"M{number(scale.x(each.span.start))} 0H{number(scale.x(each.span.end))}V{height}"
        f"H{number(scale.x(each.span.start))}Z"
        for each in report.overlaps
    )
    return tag("path", class_="meeting", d=bands) if bands else None


def _grid(scale: _Scale, height: int) -> list[Markup]:
    per_second = scale.width / max(1.0, seconds(scale.duration))
    step = next((step for step in STEPS if step * per_second >= 64), STEPS[-1])
    drawn = []
    for moment in range(0, int(seconds(scale.duration)) + 1, step):
        x = scale.x(moment * TICKS_PER_SECOND)
        drawn.append(tag("path", class_="grid", d=f"M{number(x)} 0V{height - FOOT + 4}"))
        if x < scale.width - 24:
            drawn.append(tag("text", _minutes(moment), class_="tick", x=x, y=height - 6))
    return drawn


def _box(span: Span, top: int, row: tuple[int, int], scale: _Scale) -> dict[str, float]:
    left = scale.x(span.start)
    return {
        "x": left,
        "y": float(top + row[0]),
        "width": max(1.0, scale.x(span.end) - left),
        "height": float(row[1]),
    }


def _rectangle(span: Span, top: int, row: tuple[int, int], scale: _Scale) -> str:
    left, wide = number(scale.x(span.start)), number(max(0.8, scale.x(span.end) - scale.x(span.start)))
    return f"M{left} {top + row[0]}h{wide}v{row[1]}h-{wide}z"


def _shift(original: Span, dub: Span, top: int, scale: _Scale) -> str:
    """From where the original starts and ends down to where the dub does."""
    above, below = top + ORIGINAL[0] + ORIGINAL[1], top + DUB[0]
    corners = ((original.start, above), (original.end, above), (dub.end, below), (dub.start, below))
    return "M" + "L".join(f"{number(scale.x(moment))} {y}" for moment, y in corners) + "Z"


def _title(line: LineReport) -> str:
    return " ".join((f"{line.number}. {line.text or line.source_text}", *line.reasons))


def _minutes(moment: int) -> str:
    hours, rest = divmod(moment, 3600)
    head = f"{hours}:{rest // 60:02d}" if hours else f"{rest // 60}"
    return f"{head}:{rest % 60:02d}"
