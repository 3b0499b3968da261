"""Turns what ffprobe says about a file into facts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from dubline.domain.errors import UserError
from dubline.domain.language import language_tag
from dubline.domain.media import AudioTrack, SubtitleTrack, VideoTrack
from dubline.media import allowed

Raw = Mapping[str, Any]
"""A piece of ffprobe's JSON: strings, numbers and lists as it pleases, hence Any."""

HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
ENCRYPTED_TAGS = ("encv", "enca", "drmi", "drms", "enct")
NO_LANGUAGE = "und"
LONGEST_TITLE = 300


def video_track(raw: Raw) -> VideoTrack:
    return VideoTrack(
        index=int(raw["index"]),
        codec=codec(raw),
        width=int(raw.get("width", 0)),
        height=int(raw.get("height", 0)),
        frame_rate=_frame_rate(raw),
        rotation=_rotation(raw),
        hdr=raw.get("color_transfer") in HDR_TRANSFERS,
        reordered=int(raw.get("has_b_frames", 0)) > 0,
        attached_picture=_flag(raw, "attached_pic") or _flag(raw, "timed_thumbnails"),
    )


def audio_track(raw: Raw) -> AudioTrack:
    return AudioTrack(
        index=int(raw["index"]),
        codec=codec(raw),
        rate=int(raw.get("sample_rate", 0)),
        channels=int(raw.get("channels", 0)),
        layout=str(raw.get("channel_layout", "")),
        language=_language(raw),
        title=title(raw),
        default=_flag(raw, "default"),
        extra=any(_flag(raw, flag) for flag in ("comment", "visual_impaired", "descriptions", "karaoke")),
    )


def subtitle_track(raw: Raw) -> SubtitleTrack:
    return SubtitleTrack(index=int(raw["index"]), codec=codec(raw), language=_language(raw), title=title(raw))


def codec(raw: Raw) -> str:
    """The codec's name, or the four letters the file gives for one that is unknown."""
    name = str(raw.get("codec_name", "unknown"))
    return name if name != "unknown" else str(raw.get("codec_tag_string", "unknown"))


def title(raw: Raw) -> str:
    """A title as one line of plain text, whatever somebody put there."""
    said = str(raw.get("tags", {}).get("title", ""))
    return "".join(char for char in said if char.isprintable())[:LONGEST_TITLE].strip()


def encrypted(raw: Raw) -> bool:
    kinds = [str(side.get("side_data_type", "")) for side in raw.get("side_data_list", ())]
    return raw.get("codec_tag_string") in ENCRYPTED_TAGS or any("Encryption" in kind for kind in kinds)


def seconds(raw: Raw, key: str) -> float | None:
    """A time, where ffprobe knows one."""
    value = raw.get(key)
    return None if value in (None, "N/A") else float(str(value))


def check_picture(track: VideoTrack) -> None:
    if track.codec not in allowed.PICTURE_CODECS:
        raise unsupported("picture", track.codec)
    if track.width * track.height > allowed.MAX_PIXELS:
        raise too_many_pixels()
    if track.width < 1 or track.height < 1:
        raise UserError(
            "broken_file",
            "The picture is damaged: not even its size can be read.",
            hint="Fetch the file again, or dub its sound alone.",
        )


def too_many_pixels() -> UserError:
    return UserError("too_large", "The picture is larger than the 8K we take.", hint="Make it smaller first.")


def unsupported(what: str, name: str) -> UserError:
    known = name.isprintable() and name not in ("unknown", "[0][0][0][0]")
    coded = f"is coded as {name}" if known else "has a coding"
    return UserError(
        "codec_unsupported",
        f"The {what} {coded}, which we cannot read.",
        hint="Convert the file to H.264 with AAC first.",
    )


def _language(raw: Raw) -> str:
    said = str(raw.get("tags", {}).get("language", NO_LANGUAGE))
    try:
        return language_tag(said)
    except UserError:
        return NO_LANGUAGE


def _flag(raw: Raw, name: str) -> bool:
    return bool(raw.get("disposition", {}).get(name))


def _frame_rate(raw: Raw) -> Fraction:
    for key in ("avg_frame_rate", "r_frame_rate"):
        above, _, below = str(raw.get(key, "0/0")).partition("/")
        if int(above) > 0 and int(below or 1) > 0:
            return Fraction(int(above), int(below or 1))
    return Fraction(25)


def _rotation(raw: Raw) -> int:
    """Quarter turns clockwise that bring the picture upright; the display matrix counts the other way."""
    for side in raw.get("side_data_list", ()):
        if "rotation" in side:
            return round(-float(side["rotation"]) / 90) * 90 % 360
    return 0
