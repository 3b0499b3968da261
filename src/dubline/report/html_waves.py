"""Waveforms as SVG: original above, dub below, one time axis for both."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.domain.time import Span, clock
from dubline.report.markup import Markup, join, number, tag
from dubline.report.model import LineReport
from dubline.report.waveform import FULL, LineWave, coarser

WIDTH, LANE, GAP = 640, 56, 10
SMALL, SMALL_LANE = 72, 16


def wave(line: LineReport, shown: LineWave) -> Markup:
    """Both waveforms large, each with the stretch its line owns, and a guide where the original starts."""
    height = 2 * LANE + GAP
    guide = _x(line.original.start, shown.window, WIDTH)
    loudest = max(1, *shown.original, *shown.dub)
    return tag(
        "svg",
        _owned(line.original, shown.window, 0, "own-original"),
        line.dub and _owned(line.dub, shown.window, LANE + GAP, "own-dub"),
        tag("path", class_="w-original", d=_bars(shown.original, WIDTH, LANE / 2, LANE / 2 - 3, loudest)),
        tag("path", class_="w-dub", d=_bars(shown.dub, WIDTH, LANE * 1.5 + GAP, LANE / 2 - 3, loudest)),
        tag("path", class_="guide", d=f"M{number(guide)} 0V{height}"),
        class_="wave",
        viewBox=f"0 0 {WIDTH} {height}",
        preserveAspectRatio="none",
        role="img",
        aria_label=_told(line, shown.window),
    )


def small_wave(shown: LineWave) -> Markup:
    """Both waveforms as a mark in a table row."""
    loudest = max(1, *shown.original, *shown.dub)
    pairs = ((shown.original, "w-original", 0.5), (shown.dub, "w-dub", 1.5))
    return tag(
        "svg",
        *(
            tag(
                "path",
                class_=name,
                d=_bars(coarser(heights, SMALL // 2), SMALL, SMALL_LANE * lane, SMALL_LANE / 2 - 1, loudest),
            )
            for heights, name, lane in pairs
        ),
        class_="small-wave",
        viewBox=f"0 0 {SMALL} {2 * SMALL_LANE}",
        aria_hidden="true",
    )


def _bars(heights: Sequence[int], width: float, middle: float, room: float, loudest: int) -> str:
    """One stroke per peak. Quiet recordings are drawn larger, but never more than four times."""
    full = max(loudest, FULL // 4)
    step = width / max(1, len(heights))
    strokes = []
    for place, height in enumerate(heights):
        half = max(0.4, height / full * room)
        strokes.append(f"M{number((place + 0.5) * step)} {number(middle - half)}v{number(2 * half)}")
    return "".join(strokes)


def _owned(span: Span, window: Span, top: float, name: str) -> Markup:
    left, right = _x(span.start, window, WIDTH), _x(span.end, window, WIDTH)
    return tag("rect", class_=name, x=left, y=top, width=max(1.0, right - left), height=LANE, rx=4)


def _x(moment: int, window: Span, width: float) -> float:
    return (moment - window.start) / max(1, window.length) * width


def _told(line: LineReport, window: Span) -> str:
    dub = f"; the dub sounds from {clock(line.dub.start)} to {clock(line.dub.end)}" if line.dub else ""
    original = f"the original sounds from {clock(line.original.start)} to {clock(line.original.end)}"
    return join(f"Waveforms from {clock(window.start)} to {clock(window.end)}: {original}{dub}.")
