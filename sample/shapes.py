"""Drawing by distance: a shape is how far each pixel lies from its edge, so every edge is smooth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.float32]
Field = npt.NDArray[np.float32]
Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 640, 360


def blank(colour: Colour) -> Picture:
    return np.full((HEIGHT, WIDTH, 3), colour, dtype=np.float32)


def ellipse(
    picture: Picture, centre: Point, radii: Point, colour: Colour, *, turn: float = 0.0, opacity: float = 1.0
) -> None:
    """`turn` is in radians, clockwise."""
    reach = max(radii)
    cos, sin = math.cos(turn), math.sin(turn)

    def distance(x: Field, y: Field) -> Field:
        across, down = x - centre[0], y - centre[1]
        a, b = across * cos + down * sin, down * cos - across * sin
        one = np.hypot(a / radii[0], b / radii[1])
        two = np.hypot(a / radii[0] ** 2, b / radii[1] ** 2)
        return np.asarray(one * (one - 1) / np.maximum(two, 1e-6), dtype=np.float32)

    _paint(
        picture,
        (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach),
        distance,
        colour,
        opacity,
    )


def stroke(
    picture: Picture, points: Iterable[Point], radius: float, colour: Colour, *, opacity: float = 1.0
) -> None:
    """A round pen drawn along the points."""
    way = list(points)
    xs, ys = [point[0] for point in way], [point[1] for point in way]

    def distance(x: Field, y: Field) -> Field:
        nearest = np.full(x.shape, np.inf, dtype=np.float32)
        for (x0, y0), (x1, y1) in zip(way, way[1:] or way, strict=False):
            length = (x1 - x0) ** 2 + (y1 - y0) ** 2
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / max(length, 1e-9), 0, 1)
            nearest = np.minimum(nearest, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
        return np.asarray(nearest - radius, dtype=np.float32)

    box = (min(xs) - radius, min(ys) - radius, max(xs) + radius, max(ys) + radius)
    _paint(picture, box, distance, colour, opacity)


def box(
    picture: Picture, centre: Point, half: Point, corner: float, colour: Colour, *, opacity: float = 1.0
) -> None:
    """A rectangle with round corners."""

    def distance(x: Field, y: Field) -> Field:
        a = np.abs(x - centre[0]) - half[0] + corner
        b = np.abs(y - centre[1]) - half[1] + corner
        outside = np.hypot(np.maximum(a, 0), np.maximum(b, 0))
        return np.asarray(outside + np.minimum(np.maximum(a, b), 0) - corner, dtype=np.float32)

    around = (centre[0] - half[0], centre[1] - half[1], centre[0] + half[0], centre[1] + half[1])
    _paint(picture, around, distance, colour, opacity)


def arc(centre: Point, radii: Point, start: float, end: float, steps: int = 14) -> list[Point]:
    """Points along an ellipse, angles in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles]


def _paint(
    picture: Picture,
    around: tuple[float, float, float, float],
    distance: Callable[[Field, Field], Field],
    colour: Colour,
    opacity: float,
) -> None:
    left, top = max(0, int(around[0]) - 2), max(0, int(around[1]) - 2)
    right, bottom = min(WIDTH, int(around[2]) + 3), min(HEIGHT, int(around[3]) + 3)
    if left >= right or top >= bottom:
        return
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32) + np.float32(0.5)
    cover = (np.clip(0.5 - distance(x, y), 0.0, 1.0) * np.float32(opacity))[:, :, None]
    part = picture[top:bottom, left:right]
    part += cover * (np.asarray(colour, dtype=np.float32) - part)
