"""What is said in the sample, by whom, and after which pause."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "How bees dance"
OPENING = 1.7
"""Seconds of music before the first word."""
CLOSING = 1.8


@dataclass(frozen=True)
class Said:
    speaker: str
    text: str
    pause: float
    """Seconds of quiet before it, counted from the end of the line before."""


VOICES = {"Ada": "af_heart", "Ben": "am_michael"}
GENDERS = {"Ada": "female", "Ben": "male"}

DIALOGUE = (
    Said("Ada", "Good morning! This garden is full of bees.", OPENING),
    Said("Ben", "Yes, forty thousand live in this small wooden house.", 0.40),
    Said("Ada", "How do they tell each other where the flowers are?", 0.45),
    Said("Ben", "They dance. A bee walks in a straight line and shakes her body.", 0.45),
    Said("Ben", "The direction of the line shows the way, and the length shows the distance.", 0.40),
    Said("Ada", "So her dance is a map of the garden!", 0.40),
    Said("Ben", "Yes, and her sisters read it in the dark.", 0.35),
    Said("Ada", "Thank you. I will say hello to the next bee.", 0.45),
)

CHAPTERS = (("The garden", 0), ("The dance", 2))
"""Title, and the line that a chapter starts with; the first one starts with the music."""

DANCE = (3, 6)
"""First and last line during which the drawing of the dance is shown."""
