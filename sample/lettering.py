"""Just enough round letters for a title card, so that no font file is needed."""

from __future__ import annotations

from shapes import Colour, Picture, Point, arc, stroke

Stroke = list[Point]

# Units: x-height 1, baseline 0, downwards positive; every letter starts at x = 0.
_BOWL = (0.42, -0.5)
_ROUND = arc(_BOWL, (0.42, 0.5), 0, 360, 28)
LETTERS: dict[str, tuple[float, list[Stroke]]] = {
    "H": (0.86, [[(0, 0), (0, -1.5)], [(0.86, 0), (0.86, -1.5)], [(0, -0.76), (0.86, -0.76)]]),
    "a": (0.84, [_ROUND, [(0.84, -1), (0.84, 0)]]),
    "b": (0.84, [_ROUND, [(0, -1.55), (0, 0)]]),
    "c": (0.74, [arc(_BOWL, (0.42, 0.5), 48, 312, 22)]),
    "d": (0.84, [_ROUND, [(0.84, -1.55), (0.84, 0)]]),
    "e": (0.82, [[(0.02, -0.52), (0.82, -0.52), *arc(_BOWL, (0.41, 0.5), 0, -310, 24)]]),
    "n": (0.76, [[(0, -1), (0, 0)], [*arc((0.38, -0.6), (0.38, 0.4), 180, 360), (0.76, 0)]]),
    "o": (0.84, [_ROUND]),
    "s": (
        0.62,
        [[*arc((0.31, -0.75), (0.28, 0.25), -35, -270, 12), *arc((0.31, -0.25), (0.31, 0.25), -90, 145, 14)]],
    ),
    "w": (1.1, [[(0, -1), (0.29, 0), (0.55, -0.85), (0.81, 0), (1.1, -1)]]),
    " ": (0.42, []),
}
_GAP = 0.34
PEN = 0.115


def width(text: str, size: float) -> float:
    return size * (sum(LETTERS[sign][0] + _GAP for sign in text) - _GAP)


def write(picture: Picture, text: str, at: Point, size: float, colour: Colour) -> None:
    """`at` is the left end of the baseline; `size` is the height of an o."""
    x = at[0]
    for sign in text:
        advance, strokes = LETTERS[sign]
        for points in strokes:
            stroke(picture, ((x + a * size, at[1] + b * size) for a, b in points), size * PEN, colour)
        x += (advance + _GAP) * size
