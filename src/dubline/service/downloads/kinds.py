"""What there is to download of a job, and what each file is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from dubline.service.uploads.names import plain_name
from dubline.storage.tables import Job, Output


class Kind(StrEnum):
    RESULT = "result"
    """The dubbed film; the dubbed sound where the source was one."""
    VIDEO = "video"
    """The result, where it has a picture."""
    AUDIO = "audio"
    """The dubbed sound alone."""
    SUBTITLES = "subtitles"
    STEMS = "stems"
    SCRIPT = "script"
    REPORT = "report"
    REPORT_DATA = "report_data"


class Text(StrEnum):
    """Whose words subtitles show."""

    TARGET = "target"
    SOURCE = "source"


class Format(StrEnum):
    SRT = "srt"
    VTT = "vtt"
    ASS = "ass"
    M4A = "m4a"
    FLAC = "flac"
    ZIP = "zip"
    VOICE = "voice"
    """One stem as FLAC: all voices of the dub."""
    BACKGROUND = "background"
    """The other: what is heard beneath them."""


FORMATS: Mapping[Kind, tuple[Format, ...]] = {
    Kind.SUBTITLES: (Format.SRT, Format.VTT, Format.ASS),
    Kind.AUDIO: (Format.M4A, Format.FLAC),
    Kind.STEMS: (Format.ZIP, Format.VOICE, Format.BACKGROUND),
}
"""The usual one first. Other kinds are as they are."""

CUES = "cues"
"""The row that tells what a dub was mixed from; for us alone."""


def row_kind(kind: Kind, form: Format | None, text: Text) -> str:
    """The kind as the table of outputs has it."""
    if kind is Kind.SUBTITLES:
        return f"subtitles{'.source' if text is Text.SOURCE else ''}.{form or Format.SRT}"
    return Kind.RESULT if kind is Kind.VIDEO else kind


def download_name(job: Job, target: str, file: str) -> str:
    """As its people know the job: `talk.es.mp4`. Files of ours lie under names of ours."""
    ending = PurePosixPath(file).name.partition(f".{target}")[2] or PurePosixPath(file).suffix
    return plain_name(f"{job.name}.{target}{ending}")


def of_row(output: Output) -> tuple[Kind, Format | None, Text | None]:
    """What a client asks for to get this row."""
    name, *rest = output.kind.split(".")
    if name != Kind.SUBTITLES:
        return Kind(name), None, None
    return Kind.SUBTITLES, Format(rest[-1]), Text.SOURCE if "source" in rest else Text.TARGET


@dataclass(frozen=True)
class Made:
    """How a file that is made on demand is called, and what it is."""

    ending: str
    media_type: str


MADE: Mapping[Format, Made] = {
    Format.M4A: Made(".m4a", "audio/mp4"),
    Format.FLAC: Made(".flac", "audio/flac"),
    Format.ZIP: Made(".stems.zip", "application/zip"),
    Format.VOICE: Made(".voice.flac", "audio/flac"),
    Format.BACKGROUND: Made(".background.flac", "audio/flac"),
}
