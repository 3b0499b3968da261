"""What is known of a media file before anything of it is decoded for good."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from dubline.domain.time import Moment, Span

Rate = Annotated[
    Fraction,
    BeforeValidator(lambda value: Fraction(value) if isinstance(value, str) else value),
    PlainSerializer(str, return_type=str),
]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True)


class VideoTrack(_Facts):
    """One picture stream. `index` is the stream's number in the file; `rotation` the degrees clockwise that
    bring it upright.
    """

    index: int
    codec: str
    width: int
    height: int
    frame_rate: Rate
    rotation: int = 0
    hdr: bool = False
    reordered: bool = False
    """Frames are stored in another order than they are shown, so the stream cannot be cut at any frame."""
    attached_picture: bool = False


class AudioTrack(_Facts):
    """One sound stream. `language` is a BCP 47 tag or `und`; `extra` marks commentary and the like."""

    index: int
    codec: str
    rate: int
    channels: int
    layout: str = ""
    language: str = "und"
    title: str = ""
    default: bool = False
    extra: bool = False


class SubtitleTrack(_Facts):
    index: int
    codec: str
    language: str = "und"
    title: str = ""


class MediaFacts(_Facts):
    """A file that passed validation. `duration` is that of the programme, in ticks; `container` the suffix people
    know it by (mp4, mov, m4a, 3gp, mkv, webm, avi, ts, mpg, wav, …), by content and not by name.
    """

    container: str
    duration: Moment
    size: int
    video: tuple[VideoTrack, ...] = ()
    audio: tuple[AudioTrack, ...] = ()
    subtitles: tuple[SubtitleTrack, ...] = ()
    chapters: int = 0
    attachments: int = 0
    """Files carried along, such as fonts; a cover is a picture and not counted here."""
    title: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def picture(self) -> VideoTrack | None:
        """The moving picture, cover art not counted."""
        return next((track for track in self.video if not track.attached_picture), None)


def programme_span(facts: MediaFacts, trim: Span | None) -> Span:
    """The part of the file that is dubbed."""
    if trim is None:
        return Span(start=0, end=facts.duration)
    return Span(start=trim.start, end=min(trim.end, facts.duration))
