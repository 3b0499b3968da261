"""What a person may choose about a dub. One document, written into the script, read by the stages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from dubline.domain.choices import Formality, Isochrony, VoiceEffort
from dubline.domain.language import AUTO
from dubline.domain.time import Span


class Engines(BaseModel):
    """Which engine does what, as spec strings. `auto` takes the best that is ready for the language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    separator: str = "spleeter"
    voice_activity: str = "silero"
    diarizer: str = "ge2e"
    voice_encoder: str = "ge2e"
    transcriber: str = "faster-whisper:base"
    translator: str = AUTO
    synthesizer: str = AUTO


class DubSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source_language: str = AUTO
    trim: Span | None = None
    audio_track: int | None = None
    """Counted from 1 among the file's audio tracks; none takes the default one."""
    speakers: int | None = None
    voices: dict[str, str] = Field(default_factory=dict)
    """Wishes: speaker id → voice name."""
    voice_effort: VoiceEffort = VoiceEffort.NORMAL
    isochrony: Isochrony = Isochrony.NATURAL
    glossary: tuple[tuple[str, str], ...] = ()
    do_not_translate: tuple[str, ...] = ()
    formality: Formality = Formality.AUTO
    soften_profanity: bool = False
    stretch_video: float = Field(default=1.0, ge=1.0, le=1.1)
    """How much longer the picture may take, so that a longer language has the time it needs."""
    keep_original_track: bool = True
    burn_subtitles: bool = False
    container: str = ""
    """Suffix of the result; empty keeps the input's."""
    chunk_minutes: float = 10.0
    engines: Engines = Engines()


def fixed_terms(settings: DubSettings) -> tuple[str, ...]:
    """Words of the target text that no rewording may touch: the glossary's, and what stays untranslated."""
    return (*(said for _, said in settings.glossary), *settings.do_not_translate)
