"""What a preview shows: the dub, or the original beside it, on the same timeline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dubline.domain.media import programme_span
from dubline.domain.settings import DubSettings
from dubline.domain.time import Span
from dubline.media.probe import pick_audio, probe, require_sound
from dubline.media.viewing import Seen

KEPT_ORIGINAL = 1
"""Where a result keeps the original sound: right behind the dub."""


class Track(StrEnum):
    DUB = "dub"
    ORIGINAL = "original"


@dataclass(frozen=True)
class Material:
    """A job's files and choices, read from the tables beforehand: looking into files takes a while."""

    result: Path | None
    source: Path | None
    settings: DubSettings


def seen(material: Material, track: Track) -> Seen:
    """The whole programme. The original comes from the result where that kept it: there it lies on the timeline of
    the dub, however much the picture was slowed down."""
    if material.result is not None:
        facts = probe(material.result)
        require_sound(facts)
        whole = Span(start=0, end=facts.duration)
        if track is Track.DUB:
            return Seen(material.result, facts, facts.audio[0], whole)
        if material.settings.keep_original_track and len(facts.audio) > KEPT_ORIGINAL:
            return Seen(material.result, facts, facts.audio[KEPT_ORIGINAL], whole)
    if material.source is None:
        raise FileNotFoundError("a material without files")
    facts = probe(material.source)
    sound = pick_audio(facts, material.settings.audio_track)
    return Seen(material.source, facts, sound, programme_span(facts, material.settings.trim))
