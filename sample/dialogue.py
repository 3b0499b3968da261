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
    Said("Ben", "Yes. Forty thousand bees live in this small house.", 0.45),
    Said("Ada", "How do they find the flowers?", 0.50),
    Said("Ben", "One bee finds the flowers and returns to the house.", 0.50),
    Said("Ben", "Then she dances in a straight line for the others.", 0.55),
    Said("Ben", "The direction of the line shows the way, and the length shows the distance.", 0.55),
    Said("Ada", "So she gives them a map of the garden!", 0.60),
    Said("Ben", "Yes, and the others understand it without light.", 0.50),
    Said("Ada", "That is wonderful. Now I want to see the flowers.", 0.50),
)

CHAPTERS = (("The garden", 0), ("The dance", 2))
"""Title, and the line that a chapter starts with; the first one starts with the music."""

DANCE = (3, 7)
"""First and last line during which the drawing of the dance is shown."""
