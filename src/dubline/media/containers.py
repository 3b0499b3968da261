"""What each kind of file can hold, and which kind a result should be."""

from __future__ import annotations

from dataclasses import dataclass, field

from dubline.domain.errors import UserError
from dubline.domain.media import MediaFacts
from dubline.media import allowed

# The fast coder costs half the time and, at this rate, nothing that is heard.
AAC = ("aac", "-aac_coder", "fast", "-b:a", "192k")
OPUS = ("libopus", "-b:a", "128k")
MP3 = ("libmp3lame", "-b:a", "192k")
MP2 = ("mp2", "-b:a", "224k")

PLAIN_TEXT = frozenset({"subrip", "ass", "ssa", "webvtt", "text", "mov_text"})
"""Subtitles made of text, which can be written in any other text form."""

COVERS = {"mjpeg": "image/jpeg", "png": "image/png"}
"""Codings of cover pictures, with the names attached files go by."""

_MP4_PICTURES = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg"})
_MP4_SOUNDS = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "dts"})
_PCM = frozenset(codec for codec in allowed.SOUND_CODECS if codec.startswith("pcm_"))
_MKV_SOUNDS = frozenset(allowed.SOUND_CODECS) - {
    "nellymoser", "adpcm_swf", "adpcm_ima_qt", "pcm_bluray", "pcm_dvd", "wmavoice", "amr_nb", "amr_wb",
}  # fmt: skip


@dataclass(frozen=True)
class Container:
    """One kind of file: its muxer, the sound coding of a dub in it, and what may be copied into it as it is."""

    muxer: str
    dub: tuple[str, ...]
    pictures: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    text: str = ""
    """How subtitles are written in it; empty where it holds none."""
    texts: frozenset[str] = frozenset()
    covers: bool = False
    turns: bool = False
    """Whether it can say that the picture lies on its side."""
    encoder: str = "libx264"
    """For a picture that must be coded anew."""
    options: tuple[str, ...] = field(default=())


_MOV_TEXT = frozenset({"mov_text"})
_FASTSTART = ("-movflags", "+faststart")
_MP4 = Container(
    "mp4",
    AAC,
    _MP4_PICTURES,
    _MP4_SOUNDS,
    "mov_text",
    _MOV_TEXT,
    covers=True,
    options=_FASTSTART,
)
_MOV = Container(
    "mov",
    AAC,
    _MP4_PICTURES | {"prores", "dnxhd", "dvvideo", "rawvideo", "qtrle", "png", "h263", "v210"},
    (_MP4_SOUNDS - {"opus"}) | (_PCM - {"pcm_bluray", "pcm_dvd"}) | {"adpcm_ima_qt"},
    "mov_text",
    _MOV_TEXT,
    turns=True,
    options=_FASTSTART,
)
_3GP = Container(
    "3gp",
    AAC,
    frozenset({"h263", "h264", "mpeg4"}),
    frozenset({"aac"}),
    "mov_text",
    _MOV_TEXT,
    turns=True,
    options=_FASTSTART,
)
_MKV = Container(
    "matroska",
    AAC,
    frozenset(allowed.PICTURE_CODECS) - {"bmp"},
    _MKV_SOUNDS,
    "srt",
    frozenset({"subrip", "ass", "ssa", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"}),
    covers=True,
)
_WEBM = Container(
    "webm",
    OPUS,
    frozenset({"vp8", "vp9", "av1"}),
    frozenset({"opus", "vorbis"}),
    "webvtt",
    frozenset({"webvtt"}),
    encoder="libvpx-vp9",
)
_AVI = Container(
    "avi",
    MP3,
    frozenset({
        "mpeg4", "h264", "mjpeg", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "h263",
        "huffyuv", "ffvhuff", "ffv1", "dvvideo", "rawvideo", "utvideo", "mpeg1video", "mpeg2video",
    }),
    frozenset({"mp3", "mp2", "ac3", "dts", "aac", "pcm_s16le", "pcm_u8", "pcm_s24le", "adpcm_ms"}),
    encoder="mpeg4",
)  # fmt: skip
_TS = Container(
    "mpegts",
    AAC,
    frozenset({"h264", "hevc", "mpeg2video", "mpeg1video", "mpeg4"}),
    frozenset({"aac", "mp2", "mp3", "ac3", "eac3", "dts", "opus"}),
    texts=frozenset({"dvb_subtitle", "dvb_teletext"}),
)
_MPG = Container(
    "vob",
    MP2,
    frozenset({"mpeg1video", "mpeg2video"}),
    frozenset({"mp2", "mp1", "mp3", "ac3"}),
    encoder="mpeg2video",
)

CONTAINERS: dict[str, Container] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": _MOV,
    ".3gp": _3GP,
    ".mkv": _MKV,
    ".webm": _WEBM,
    ".avi": _AVI,
    ".ts": _TS,
    ".mts": _TS,
    ".m2ts": _TS,
    ".mpg": _MPG,
    ".mpeg": _MPG,
    ".vob": _MPG,
    ".m4a": Container("ipod", AAC, sounds=frozenset({"aac", "alac"}), covers=True, options=_FASTSTART),
    ".mka": Container("matroska", AAC, sounds=_MKV_SOUNDS, covers=True),
    ".mp3": Container("mp3", MP3, covers=True),
    ".wav": Container("wav", ("pcm_s16le",)),
    ".flac": Container("flac", ("flac",), covers=True),
    ".ogg": Container("ogg", ("libvorbis", "-q:a", "6")),
    ".oga": Container("ogg", ("libvorbis", "-q:a", "6")),
    ".opus": Container("opus", OPUS),
    ".aac": Container("adts", AAC),
    ".aiff": Container("aiff", ("pcm_s16be",)),
    ".aif": Container("aiff", ("pcm_s16be",)),
}

FAMILIES: dict[str, tuple[str, ...]] = {
    "mp4": (".mp4", ".m4v"),
    "mov": (".mov",),
    "3gp": (".3gp",),
    "mkv": (".mkv",),
    "webm": (".webm",),
    "avi": (".avi",),
    "ts": (".ts", ".mts", ".m2ts"),
    "mpg": (".mpg", ".mpeg", ".vob"),
    "m4a": (".m4a",),
    "mp3": (".mp3",),
    "wav": (".wav",),
    "flac": (".flac",),
    "ogg": (".ogg", ".oga", ".opus"),
    "aiff": (".aiff", ".aif"),
}
"""Suffixes of a kind of file, the usual one first. Kinds we only read are not here."""


def result_suffix(source_suffix: str, facts: MediaFacts) -> str:
    """The suffix of the result when nobody chose one: the input's kind where that can hold what is in it,
    else mp4, else mkv; for sound alone m4a.
    """
    family = FAMILIES.get(facts.container, ())
    if facts.picture is None:
        if facts.container in ("mkv", "webm"):
            return ".mka" if facts.container == "mkv" else ".webm"
        if facts.container == "ogg" and facts.audio and facts.audio[0].codec == "opus":
            return source_suffix.lower() if source_suffix.lower() == ".opus" else ".opus"
        family = tuple(suffix for suffix in family if not CONTAINERS[suffix].pictures and suffix != ".opus")
        return _own_or_first(source_suffix, family) if family else ".m4a"
    wanted = _own_or_first(source_suffix, family) if family else ".mp4"
    return next(suffix for suffix in (wanted, ".mp4", ".mkv") if suffix == ".mkv" or fits(suffix, facts))


def fits(suffix: str, facts: MediaFacts) -> bool:
    """Whether the picture can be copied into this kind of file. Sound and text are converted where needed."""
    container = CONTAINERS[suffix]
    moving = [track for track in facts.video if not track.attached_picture]
    return not container.pictures or all(track.codec in container.pictures for track in moving)


def container_for(suffix: str, facts: MediaFacts) -> Container:
    """The kind of file for a suffix; UserError `container_unknown` or `container_unfit`."""
    suffix = suffix.lower()
    if suffix not in CONTAINERS:
        raise UserError(
            "container_unknown",
            f"We cannot write files that end in {suffix!r}.",
            hint="Choose one of " + " ".join(sorted(CONTAINERS)) + ".",
        )
    if facts.picture is not None and not fits(suffix, facts):
        raise UserError(
            "container_unfit",
            f"A {suffix[1:]} file cannot hold a picture coded as {facts.picture.codec}.",
            hint=f"Choose an output that ends in {result_suffix(suffix, facts)} or .mkv.",
        )
    return CONTAINERS[suffix]


def _own_or_first(source_suffix: str, family: tuple[str, ...]) -> str:
    return source_suffix.lower() if source_suffix.lower() in family else family[0]
