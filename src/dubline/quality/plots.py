"""Small drawings of many numbers, as SVG that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.report.markup import Markup, number, tag

WIDTH, HEIGHT, FOOT = 460, 130, 20
BINS = 36
BAR, GAP, NAMES = 16, 5, 190
ROOM = 60


def histogram(values: Sequence[float], low: float, high: float, marks: Sequence[float] = ()) -> Markup:
    """How values are spread; what lies outside counts in the outermost bins. `marks` are drawn as lines."""
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, max(0, int((value - low) / (high - low) * BINS)))] += 1
    tallest, wide = max([1, *counts]), WIDTH / BINS
    bars = [
        tag("rect", x=at * wide + 0.5, y=HEIGHT - height, width=wide - 1, height=height, class_="bar")
        for at, count in enumerate(counts)
        if count and (height := max(2.0, count / tallest * (HEIGHT - 4)))
    ]
    lines = [tag("path", d=f"M{number(_x(mark, low, high))} 0V{HEIGHT}", class_="mark") for mark in marks]
    steps = [low + (high - low) * part / 4 for part in range(5)]
    ticks = [
        tag("text", f"{step:.2f}", x=_x(step, low, high), y=HEIGHT + 15, text_anchor=_anchor(at))
        for at, step in enumerate(steps)
    ]
    base = tag("path", d=f"M0 {HEIGHT}H{WIDTH}", class_="axis")
    return _drawing(WIDTH, HEIGHT + FOOT, bars, base, lines, ticks)


def bars(rows: Sequence[tuple[str, float]], high: float, shown: str, mark: float | None = None) -> Markup:
    """One bar per name, from 0 to `high`; `shown` is how the value is written."""
    room = WIDTH - ROOM
    drawn = []
    for at, (name, value) in enumerate(rows):
        top, length = at * (BAR + GAP), max(0.0, min(1.0, value / high)) * room
        drawn += [
            tag("text", name, x=NAMES - 8, y=top + BAR - 4, text_anchor="end"),
            tag("rect", x=NAMES, y=top, width=max(1.0, length), height=BAR, class_="bar"),
            tag("text", shown.format(value), x=NAMES + length + 6, y=top + BAR - 4),
        ]
    height = len(rows) * (BAR + GAP)
    if mark is not None:
        drawn.append(tag("path", d=f"M{number(NAMES + mark / high * room)} 0V{height}", class_="mark"))
    return _drawing(NAMES + WIDTH, height, drawn)


def _x(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) * WIDTH


def _anchor(at: int) -> str:
    return ("start", "middle", "middle", "middle", "end")[at]


def _drawing(width: float, height: float, *children: Markup | list[Markup]) -> Markup:
    return tag(
        "svg", *children, viewBox=f"0 0 {number(width)} {number(height)}", width=number(width), role="img"
    )
