"""What is asked of the muxer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dubline.domain.media import AudioTrack, MediaFacts
from dubline.domain.time import Span


@dataclass(frozen=True)
class SubtitleFile:
    """Subtitles to embed: an srt, vtt or ass file of ours, timed like the result."""

    path: Path
    language: str
    title: str = ""


@dataclass(frozen=True)
class MuxOrder:
    """What goes into the result.

    `dub` is the whole dubbed programme; its first sample belongs to the first moment of the result, so to
    `trim.start` where there is a trim. `original` is the track that was dubbed.
    """

    source: Path
    facts: MediaFacts
    dub: Path
    original: AudioTrack
    target_language: str
    source_language: str
    keep_original: bool = True
    subtitles: tuple[SubtitleFile, ...] = ()
    burn: Path | None = None
    trim: Span | None = None

    @property
    def span(self) -> Span:
        whole = Span(start=0, end=self.facts.duration)
        return Span(start=self.trim.start, end=min(self.trim.end, whole.end)) if self.trim else whole
