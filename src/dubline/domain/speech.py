"""Who said what, when, and in what kind of voice."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from dubline.domain.time import Span


class Gender(StrEnum):
    """How a voice sounds. `unknown` is an honest answer."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Word(_Frozen):
    """One recognised word. `text` carries its own leading space and punctuation."""

    text: str
    span: Span
    confidence: float = 1.0


class Turn(_Frozen):
    """A stretch in which one speaker speaks."""

    speaker: str
    span: Span


class Utterance(_Frozen):
    """What a recogniser heard in one window."""

    span: Span
    words: tuple[Word, ...]
    language: str
    no_speech: float = 0.0


class Traits(_Frozen):
    """How a speaker sounds: median pitch and its spread in Hz, brightness as spectral centroid in Hz."""

    gender: Gender = Gender.UNKNOWN
    confidence: float = 0.0
    pitch: float | None = None
    pitch_spread: float | None = None
    brightness: float | None = None
    swing: float | None = None
    """Semitones between the lowest and the highest tenth of its pitch; none where too little was heard to tell."""


class Voice(_Frozen):
    """A voice a synthesizer offers. `name` is unique within its engine."""

    engine: str
    name: str
    language: str
    gender: Gender = Gender.UNKNOWN
    pitch: float | None = None
    """Median pitch in Hz where it was measured."""
    shift: float = 0.0
    """Semitones its takes are moved by, towards the original speaker."""
    swing: float | None = None
    """How far its melody swings by itself, measured like `Traits.swing`."""

    def __str__(self) -> str:
        return f"{self.engine}:{self.name}"
