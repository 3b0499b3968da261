"""Two friendly people whose mouths follow their voices."""

from __future__ import annotations

from dataclasses import dataclass

from shapes import Colour, Picture, Point, arc, box, ellipse, stroke

INK: Colour = (54, 42, 46)
LIPS: Colour = (176, 74, 76)
MOUTH: Colour = (96, 30, 38)
TEETH: Colour = (250, 247, 240)
TONGUE: Colour = (214, 104, 108)


@dataclass(frozen=True)
class Looks:
    at: Point
    skin: Colour
    shade: Colour
    hair: Colour
    clothes: Colour
    collar: Colour
    hat: bool
    facing: float
    """+1 where the other person stands to the right, −1 to the left."""


@dataclass(frozen=True)
class Mood:
    """What a person does in one frame, all between 0 and 1 but `sway`."""

    mouth: float
    rounding: float
    blink: float
    speaking: float
    sway: float


PEOPLE = {
    "Ada": Looks(
        at=(150, 196),
        skin=(236, 190, 158),
        shade=(217, 163, 132),
        hair=(94, 52, 40),
        clothes=(196, 84, 92),
        collar=(246, 226, 210),
        hat=False,
        facing=1.0,
    ),
    "Ben": Looks(
        at=(490, 196),
        skin=(190, 138, 104),
        shade=(164, 113, 82),
        hair=(46, 38, 38),
        clothes=(72, 110, 140),
        collar=(238, 238, 226),
        hat=True,
        facing=-1.0,
    ),
}


def person(picture: Picture, looks: Looks, mood: Mood) -> None:
    x, y = looks.at[0] + 1.2 * mood.sway, looks.at[1] + 2.2 * mood.speaking * mood.mouth
    if not looks.hat:
        _long_hair(picture, looks, (x, y))
    _body(picture, looks)
    _head(picture, looks, (x, y))
    _hair(picture, looks, (x, y))
    _eyes(picture, looks, mood, (x, y))
    _nose(picture, looks, (x, y))
    _mouth(picture, mood, (x + 2 * looks.facing, y + 31))


def _body(picture: Picture, looks: Looks) -> None:
    x, y = looks.at
    box(picture, (x, y + 60), (17, 34), 12, looks.shade)
    box(picture, (x, y + 158), (84, 82), 50, looks.clothes)
    ellipse(picture, (x, y + 80), (27, 14), looks.collar)
    ellipse(picture, (x, y + 75), (20, 11), looks.shade)


def _head(picture: Picture, looks: Looks, at: Point) -> None:
    x, y = at
    for side in (-1, 1):
        ellipse(picture, (x + side * 52, y + 6), (10, 13), looks.shade)
    ellipse(picture, (x, y), (53, 61), looks.skin)
    for side in (-1, 1):
        ellipse(picture, (x + side * 31 + 2 * looks.facing, y + 20), (12, 8), (232, 128, 116), opacity=0.28)


def _long_hair(picture: Picture, looks: Looks, at: Point) -> None:
    x, y = at
    ellipse(picture, (x, y - 6), (67, 68), looks.hair)
    box(picture, (x, y + 34), (66, 54), 30, looks.hair)


def _hair(picture: Picture, looks: Looks, at: Point) -> None:
    x, y = at
    if looks.hat:
        for side in (-1, 1):
            box(picture, (x + side * 50, y - 14), (6, 20), 5, looks.hair)
        ellipse(picture, (x, y - 42), (88, 16), (214, 186, 120))
        box(picture, (x, y - 62), (50, 26), 22, (232, 206, 142))
        stroke(picture, arc((x, y - 52), (50, 9), 172, 8), 4.5, (150, 92, 60))
        stroke(picture, arc((x, y + 17), (22, 8), 200, 340), 3.4, looks.hair)
        return
    ellipse(picture, (x - 20 * looks.facing, y - 47), (44, 24), looks.hair, turn=-0.42 * looks.facing)
    ellipse(picture, (x + 36 * looks.facing, y - 42), (25, 15), looks.hair, turn=0.75 * looks.facing)
    ellipse(picture, (x + 60 * looks.facing, y - 44), (8, 8), (246, 200, 84))
    for turn in range(5):
        petal = arc((x + 60 * looks.facing, y - 44), (11, 11), turn * 72, turn * 72 + 1, 1)[0]
        ellipse(picture, petal, (6.5, 6.5), (255, 246, 236))
    ellipse(picture, (x + 60 * looks.facing, y - 44), (6, 6), (246, 186, 64))


def _eyes(picture: Picture, looks: Looks, mood: Mood, at: Point) -> None:
    x, y = at[0] + 3 * looks.facing, at[1] - 6
    gaze = looks.facing * (3.2 - 2.4 * mood.speaking)
    for side in (-1, 1):
        eye = (x + side * 20, y)
        if mood.blink > 0.5:
            stroke(picture, arc((eye[0], y - 1), (9, 5), 20, 160), 1.9, INK)
        else:
            ellipse(picture, eye, (9.5, 11.5), (255, 253, 248))
            ellipse(picture, (eye[0] + gaze, y + 1), (5.6, 6.6), INK)
            ellipse(picture, (eye[0] + gaze + 1.8, y - 1.8), (1.8, 1.8), (255, 255, 255))
        lift = 2.4 * mood.speaking * mood.mouth
        brow = arc((eye[0], y - 12 - lift), (11, 5), 205, 335)
        stroke(picture, brow, 2.2, looks.hair)


def _nose(picture: Picture, looks: Looks, at: Point) -> None:
    x, y = at[0] + 5 * looks.facing, at[1] + 11
    stroke(picture, arc((x, y - 3), (6, 6), 25, 155), 2.1, looks.shade)


def _mouth(picture: Picture, mood: Mood, at: Point) -> None:
    x, y = at
    if mood.mouth < 0.08:
        stroke(picture, arc((x, y - 7), (17, 9), 28, 152), 2.4, LIPS)
        return
    wide, high = 16.5 - 5.5 * mood.rounding, 2.5 + 12.5 * mood.mouth
    ellipse(picture, (x, y), (wide + 2.6, high + 2.6), LIPS)
    ellipse(picture, (x, y), (wide, high), MOUTH)
    if high > 5:
        ellipse(picture, (x, y + high * 0.62), (wide * 0.58, high * 0.36), TONGUE)
        box(picture, (x, y - high * 0.62), (wide * 0.62, high * 0.2), 2, TEETH)
