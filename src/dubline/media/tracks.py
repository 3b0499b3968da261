"""Which streams a result has, in order, and how each is made: copied where that can be, else converted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from dubline.domain.language import alpha3, language_name
from dubline.domain.media import AudioTrack, MediaFacts, SubtitleTrack, VideoTrack
from dubline.media.containers import COVERS, PLAIN_TEXT, Container
from dubline.media.order import MuxOrder

ENCODERS: dict[str, tuple[str, ...]] = {
    "libx264": ("-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"),
    "libx265": ("-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p10le", "-tag:v:0", "hvc1"),
    "libvpx-vp9": ("-crf", "24", "-b:v", "0", "-deadline", "good", "-cpu-used", "4", "-row-mt", "1"),
    "mpeg4": ("-q:v", "3"),
    "mpeg2video": ("-q:v", "3"),
}
EVEN_SIZE = "pad=ceil(iw/2)*2:ceil(ih/2)*2"
"""Most encoders take even numbers of pixels only."""

DEMUXER_OF_TEXT = {".srt": "srt", ".vtt": "webvtt", ".ass": "ass"}
FIRST_SUBTITLE_INPUT = 2
ONE_SOUND = ("mp3", "wav", "flac", "ogg", "opus", "adts", "aiff", "ipod")
"""Muxers of files that hold, or in which people expect, a single sound."""


MAC_LANGUAGES = {
    "deu": "ger", "nld": "dut", "swe": "sve", "ell": "gre", "isl": "ice", "mlt": "mal", "hrv": "hr ", "zho": "chi",
    "fao": "fo ", "gle": "iri", "sqi": "alb", "srp": "sr ", "mkd": "mac",
}  # fmt: skip
"""QuickTime numbers languages by an old list, and FFmpeg looks them up in it by these names."""


class Picture(Enum):
    NONE = "none"
    COPIED = "copied"
    ENCODED = "encoded"


@dataclass(frozen=True)
class Tracks:
    """The output side of the command line, and what had to be left out."""

    arguments: tuple[str, ...]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, order: MuxOrder, container: Container, picture: Picture) -> Tracks:
        lists = (
            _pictures(order, container, picture),
            _sounds(order, container, picture),
            _texts(order, container),
            _attachments(order, container),
        )
        arguments = [part for one in lists for part in one[0]]
        if container.muxer == "mov":
            arguments = [_mac_language(part) for part in arguments]
        return cls(tuple(arguments), tuple(text for one in lists for text in one[1]))


Part = tuple[list[str], list[str]]
"""Arguments, and warnings."""


def subtitle_inputs(order: MuxOrder) -> list[str]:
    arguments: list[str] = []
    for count, text in enumerate(order.subtitles):
        demuxer = DEMUXER_OF_TEXT[text.path.suffix.lower()]
        arguments += ["-f", demuxer, "-format_whitelist", demuxer, "-protocol_whitelist", "file"]
        arguments += ["-i", f"file:in/subtitles{count}"]
    return arguments


def _pictures(order: MuxOrder, container: Container, picture: Picture) -> Part:
    moving = [track for track in order.facts.video if not track.attached_picture]
    arguments: list[str] = []
    warnings: list[str] = []
    if picture is Picture.NONE:
        moving = []
    elif picture is Picture.ENCODED:
        warnings += ["Only the first of several pictures was kept."] if len(moving) > 1 else []
        moving = moving[:1]
        arguments += _encoded(order, container, moving[0])
    else:
        for count, track in enumerate(moving):
            arguments += ["-map", f"0:{track.index}", f"-c:v:{count}", "copy", *_tag(track, container, count)]
    if container.covers and container.muxer != "matroska":
        for count, track in enumerate(covers(order.facts), len(moving)):
            arguments += ["-map", f"0:{track.index}", f"-c:v:{count}", "copy"]
            arguments += [f"-disposition:v:{count}", "attached_pic"]
    elif covers(order.facts) and not container.covers:
        warnings.append("The cover picture was left out: this kind of file holds none.")
    return arguments, warnings


def _tag(track: VideoTrack, container: Container, count: int) -> list[str]:
    """Apple's players take HEVC only under this name."""
    fits = track.codec == "hevc" and container.muxer in ("mp4", "mov")
    return [f"-tag:v:{count}", "hvc1"] if fits else []


def _encoded(order: MuxOrder, container: Container, track: VideoTrack) -> list[str]:
    encoder = "libx265" if track.hdr and container.encoder == "libx264" else container.encoder
    filters = [EVEN_SIZE]
    if order.burn is not None:
        burned = "in/burn.ass" if order.burn.suffix == ".ass" else "in/burn.srt"
        filters.append(f"subtitles=filename={burned}")
    vfr = (
        ["-fps_mode:v:0", "vfr", "-enc_time_base:v:0", "-1"]
        if container.muxer in ("mp4", "mov", "matroska", "webm")
        else []
    )
    return [
        *("-map", f"0:{track.index}", "-filter:v:0", ",".join(filters)),
        *("-c:v:0", encoder, *ENCODERS[encoder], *vfr),
    ]


def _sounds(order: MuxOrder, container: Container, picture: Picture) -> Part:
    """The dub first and chosen; then the track it came from, then the others."""
    name = language_name(order.target_language)
    arguments = ["-map", "1:a:0", "-c:a:0", container.dub[0], *_for_stream(container.dub[1:], 0)]
    arguments += [*_named("a", 0, order.target_language, name), "-disposition:a:0", "default"]
    if not order.keep_original:
        return arguments, []
    kept = [order.original, *(track for track in order.facts.audio if track.index != order.original.index)]
    if container.muxer in ONE_SOUND:
        told = ["The original sound was left out: this kind of file holds one sound."]
        return arguments, told if order.facts.picture is not None else []
    cut = picture is Picture.ENCODED and order.trim is not None
    for count, track in enumerate(kept, 1):
        copied = track.codec in container.sounds and not cut
        coding = ["copy"] if copied else [container.dub[0], *_for_stream(container.dub[1:], count)]
        arguments += ["-map", f"0:{track.index}", f"-c:a:{count}", *coding, *_as_before(order, track, count)]
        arguments += [f"-disposition:a:{count}", "original" if count == 1 else "0"]
    return arguments, []


def _for_stream(options: Sequence[str], count: int) -> list[str]:
    """`-b:a 192k` said of one stream: `-b:a:1 192k`."""
    return [f"{option}:{count}" if option.startswith("-") else option for option in options]


def _as_before(order: MuxOrder, track: AudioTrack, count: int) -> list[str]:
    first = track.index == order.original.index
    language = order.source_language if first and track.language == "und" else track.language
    title = track.title or ("Original" if language == "und" else f"Original ({language_name(language)})")
    return _named("a", count, language, title if first else track.title)


def _named(kind: str, count: int, language: str, title: str) -> list[str]:
    """mp4 shows a track's title only as the name of its handler."""
    pairs = {"language": _three_letters(language), "title": title, "handler_name": title}
    return [
        part for key, value in pairs.items() for part in (f"-metadata:s:{kind}:{count}", f"{key}={value}")
    ]


def _mac_language(argument: str) -> str:
    key, _, language = argument.partition("=")
    return f"{key}={MAC_LANGUAGES.get(language, language)}" if key == "language" else argument


def _three_letters(language: str) -> str:
    try:
        return alpha3(language)
    except LookupError:
        return "und"


def _texts(order: MuxOrder, container: Container) -> Part:
    arguments: list[str] = []
    count = 0
    if container.text:
        for text in order.subtitles:
            title = text.title or language_name(text.language)
            arguments += ["-map", f"{FIRST_SUBTITLE_INPUT + count}:0", f"-c:s:{count}", container.text]
            arguments += [*_named("s", count, text.language, title), f"-disposition:s:{count}", "0"]
            count += 1
    if not container.pictures:
        return arguments, []
    left_out: list[str] = []
    for track in order.facts.subtitles:
        coding = _text_coding(track, container)
        if coding:
            arguments += ["-map", f"0:{track.index}", f"-c:s:{count}", coding]
            count += 1
        else:
            left_out.append(f"Subtitles ({track.codec}) were left out: this kind of file does not hold them.")
    return arguments, left_out


def _text_coding(track: SubtitleTrack, container: Container) -> str:
    if track.codec in container.texts:
        return "copy"
    return container.text if track.codec in PLAIN_TEXT else ""


def _attachments(order: MuxOrder, container: Container) -> Part:
    """Fonts that came with styled subtitles, and covers: Matroska carries both as attached files."""
    if container.muxer != "matroska":
        return [], []
    fonts = order.facts.attachments if order.facts.container == "mkv" else 0
    arguments = ["-map", "0:t", "-c:t", "copy"] if fonts else []
    for count, track in enumerate(covers(order.facts), fonts):
        kind = COVERS[track.codec]
        arguments += ["-attach", f"file:in/{cover_name(track)}", f"-metadata:s:t:{count}", f"mimetype={kind}"]
    return arguments, []


def covers(facts: MediaFacts) -> list[VideoTrack]:
    return [track for track in facts.video if track.attached_picture and track.codec in COVERS]


def cover_name(track: VideoTrack) -> str:
    return f"cover{track.index}.{'jpg' if track.codec == 'mjpeg' else 'png'}"
