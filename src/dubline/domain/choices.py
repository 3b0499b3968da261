"""What a person may choose between, apart from the settings: a command line names it without loading them."""

from __future__ import annotations

from enum import StrEnum


class Isochrony(StrEnum):
    """How closely the dub keeps to the original's times: `strict` for faces on screen, `relaxed` for voices off."""

    STRICT = "strict"
    NATURAL = "natural"
    RELAXED = "relaxed"


class VoiceEffort(StrEnum):
    """How long is searched for the voice most like the speaker's."""

    NORMAL = "normal"
    HIGH = "high"


class Formality(StrEnum):
    """How the listener is addressed: `auto` leaves it to the translator."""

    AUTO = "auto"
    FORMAL = "formal"
    INFORMAL = "informal"
