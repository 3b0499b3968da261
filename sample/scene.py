"""The garden, the card with the dance, and the title."""

from __future__ import annotations

import math

import numpy as np

from dialogue import TITLE
from lettering import width, write
from shapes import HEIGHT, WIDTH, Colour, Picture, Point, arc, blank, box, ellipse, stroke

WOOD: Colour = (198, 150, 96)
DARK_WOOD: Colour = (160, 114, 68)
PAPER: Colour = (255, 249, 234)
YELLOW: Colour = (247, 192, 62)
BROWN: Colour = (74, 50, 40)


def garden() -> Picture:
    picture = blank((0, 0, 0))
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    picture += (1 - down) * np.array((150, 206, 232), dtype=np.float32)
    picture += down * np.array((250, 238, 214), dtype=np.float32)
    ellipse(picture, (66, 58), (50, 50), (255, 244, 200), opacity=0.5)
    ellipse(picture, (66, 58), (30, 30), (255, 232, 150))
    for x, y, size in (
        (226, 52, 20),
        (252, 44, 26),
        (282, 54, 19),
        (560, 74, 16),
        (582, 67, 21),
        (606, 76, 15),
    ):
        ellipse(picture, (x, y), (size * 1.35, size * 0.72), (255, 255, 255), opacity=0.85)
    ellipse(picture, (140, 372), (330, 138), (150, 196, 130))
    ellipse(picture, (540, 384), (340, 136), (128, 182, 116))
    ellipse(picture, (320, 420), (460, 126), (108, 166, 100))
    _hive(picture, (320, 262))
    for place in range(26):
        _flower(picture, place)
    return picture


def title_card() -> Picture:
    picture = blank((250, 208, 92))
    for row in range(6):
        for column in range(11):
            centre = (column * 66 + (33 if row % 2 else 0), row * 68 + 4)
            corners = arc(centre, (34, 36), 30, 390, 6)
            stroke(picture, corners, 2.2, (244, 190, 62))
    box(picture, (WIDTH / 2, 184), (274, 62), 31, PAPER)
    size = 31.0
    write(picture, TITLE, ((WIDTH - width(TITLE, size)) / 2, 200), size, BROWN)
    bee(picture, (WIDTH / 2 + 196, 92), -0.35, 2.1, 0.3)
    trail = [(WIDTH / 2 + 40 + 13 * step, 86 + 16 * math.sin(step * 0.85)) for step in range(10)]
    for point in trail:
        ellipse(picture, point, (2.3, 2.3), BROWN)
    return picture


def bee(picture: Picture, at: Point, turn: float, size: float, wings: float) -> None:
    """Seen from above, head towards `turn`; `wings` from 0 to 1 is how far they are spread."""
    cos, sin = math.cos(turn), math.sin(turn)

    def place(along: float, across: float) -> Point:
        return at[0] + size * (along * cos - across * sin), at[1] + size * (along * sin + across * cos)

    for side in (-1, 1):
        wing = place(-0.5, side * 6.5)
        ellipse(
            picture,
            wing,
            (6.5 * size, 3.2 * size),
            (255, 255, 255),
            turn=turn + side * (0.75 + 0.5 * wings),
            opacity=0.78,
        )
    ellipse(picture, at, (10.6 * size, 6.7 * size), BROWN, turn=turn)
    ellipse(picture, at, (9.5 * size, 5.6 * size), YELLOW, turn=turn)
    for along, half in ((-4.2, 4.3), (0.2, 5.0)):
        stroke(picture, (place(along, -half), place(along, half)), 1.25 * size, BROWN)
    ellipse(picture, place(8.6, 0), (3.6 * size, 3.9 * size), BROWN, turn=turn)


def dance_card(picture: Picture, shown: float, time: float) -> None:
    """A card that slides in with a bee walking her figure of eight; the straight run shakes."""
    centre = (WIDTH / 2, 100 - 200 * (1 - shown))
    box(picture, (centre[0], centre[1] + 3), (82, 84), 20, (40, 60, 40), opacity=0.16)
    box(picture, centre, (80, 82), 18, PAPER)
    for side in (-1, 1):
        for point in arc((centre[0] + side * 30, centre[1]), (30, 46), 0, 360, 30):
            ellipse(picture, point, (1.5, 1.5), (222, 190, 130))
    stroke(picture, ((centre[0], centre[1] + 38), (centre[0], centre[1] - 34)), 1.6, (226, 132, 60))
    head = [(centre[0] + across, centre[1] - 34 + 9) for across in (-7, 7)]
    stroke(picture, (head[0], (centre[0], centre[1] - 38), head[1]), 1.6, (226, 132, 60))
    at, turn = _step(time / 3.2)
    bee(picture, (centre[0] + at[0], centre[1] + at[1]), turn, 1.15, 0.5 + 0.5 * math.sin(time * 40))


def _step(turns: float) -> tuple[Point, float]:
    """Where the dancer is: straight up, round to the right, straight up, round to the left."""
    phase = turns % 1.0
    side = 1 if phase < 0.5 else -1
    part = phase * 2 % 1.0
    if part < 0.5:
        shake = math.sin(turns * 2 * math.pi * 21)
        return (2.6 * shake, 46 - 92 * part * 2), -math.pi / 2 + 0.22 * shake
    angle = (part - 0.5) * 2 * math.pi
    at = (side * (30 - 30 * math.cos(angle)), -46 * math.cos(angle))
    return at, math.atan2(46 * math.sin(angle), side * 30 * math.sin(angle) + 1e-6)


def flying_bees(picture: Picture, time: float) -> None:
    for place in range(4):
        speed, far = 0.55 + 0.13 * place, 34 + 17 * place
        angle = time * speed * 2 + place * 1.9
        at = (320 + far * math.cos(angle), 236 + 0.42 * far * math.sin(angle * 2))
        ahead = (-far * math.sin(angle), 0.84 * far * math.cos(angle * 2))
        bee(picture, at, math.atan2(ahead[1], ahead[0]), 0.62, 0.5 + 0.5 * math.sin(time * 47 + place))


def _hive(picture: Picture, at: Point) -> None:
    x, y = at
    for side in (-1, 1):
        box(picture, (x + side * 34, y + 46), (5, 26), 3, DARK_WOOD)
    for row in range(3):
        box(picture, (x, y - 20 + row * 24), (52, 13), 4, WOOD)
        stroke(picture, ((x - 49, y - 9 + row * 24), (x + 49, y - 9 + row * 24)), 1.2, DARK_WOOD)
    box(picture, (x, y - 40), (60, 8), 5, (120, 136, 150))
    box(picture, (x, y + 30), (16, 4), 4, BROWN)
    box(picture, (x, y + 40), (40, 3), 2, DARK_WOOD)


def _flower(picture: Picture, place: int) -> None:
    random = np.random.default_rng(100 + place)
    x, y = 12 + place * 25 + float(random.uniform(-6, 6)), 338 + float(random.uniform(-18, 14))
    size = float(random.uniform(3.4, 5.2))
    colours: tuple[Colour, ...] = ((250, 250, 246), (240, 150, 170), (168, 140, 214), (250, 212, 110))
    colour = colours[place % 4]
    stroke(picture, ((x, y), (x + 1, y + 26)), 1.2, (70, 128, 70))
    for petal in arc((x, y), (size * 1.1, size * 1.1), 0, 288, 4):
        ellipse(picture, petal, (size * 0.85, size * 0.85), colour)
    ellipse(picture, (x, y), (size * 0.7, size * 0.7), (236, 170, 50))
