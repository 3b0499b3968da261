"""What a file is, by its first bytes. Its name says nothing: a playlist may be called holiday.mp4."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from dubline.domain.errors import UserError

LOOK_AT = 256 << 10

PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"caff", "caf"),
    (b".snd", "au"),
    (b"#!AMR", "amr"),
    (b"wvpk", "wv"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
)
BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"moof", b"styp", b"uuid")
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"8BPS",
    b"\x00\x00\x00\x0cJXL ",
)
POINTERS = re.compile(
    rb"#EXTM3U|#EXT-X-|ffconcat\s+version|^\s*file\s+['\"/\w]|<MPD\b|<smil\b|<svg\b|<asx\b|\[playlist\]"
    rb"|\[Reference\]|<SmoothStreamingMedia|<playlist\b|<CompositionPlaylist|^v=0\r?\n",
    re.IGNORECASE | re.MULTILINE,
)
"""Formats whose point is to name other files or addresses."""

SYNC_BYTE = 0x47
MPEG_RATES = (44100, 48000, 32000)
LAYER_SAMPLES = {
    (True, 1): 384,
    (True, 2): 1152,
    (True, 3): 1152,
    (False, 1): 384,
    (False, 2): 1152,
    (False, 3): 576,
}
BITRATES: dict[tuple[bool, int], tuple[int, ...]] = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def demuxer_of(path: Path) -> str:
    """The container's demuxer; UserError `playlist_refused` or `not_media` where it is none we take."""
    with path.open("rb") as file:
        head = file.read(LOOK_AT)
        after_tag = _after_tag(head)
        if after_tag and after_tag > len(head) - 16:
            file.seek(after_tag)
            head, after_tag = b"ID3" + file.read(LOOK_AT), 3
    body = head[after_tag:]
    found = _by_prefix(body) or _by_frames(body)
    if found is None and after_tag:
        found = "mp3"
    if found is None:
        raise _refusal(head)
    return found


def _after_tag(head: bytes) -> int:
    """Where the file goes on behind an ID3v2 tag, whose length is written in four times seven bits."""
    end = 0
    while head[end : end + 3] == b"ID3" and len(head) >= end + 10:
        size = 0
        for byte in head[end + 6 : end + 10]:
            size = size << 7 | byte & 0x7F
        end += 10 + size
    return end


def _by_prefix(body: bytes) -> str | None:
    for prefix, demuxer in PREFIXES:
        if body.startswith(prefix):
            return demuxer
    kind = body[8:12]
    if body[:4] in (b"RIFF", b"RF64", b"BW64"):
        return {b"WAVE": "wav", b"AVI ": "avi"}.get(kind)
    if body[:4] == b"FORM" and kind in (b"AIFF", b"AIFC"):
        return "aiff"
    if body[4:8] in BOXES and kind not in (b"avif", b"heic", b"mif1", b"crx "):
        return "mov"
    return None


def _by_frames(body: bytes) -> str | None:
    """Formats without a header: packets or frames that follow each other at the right distance."""
    if _transport_stream(body):
        return "mpegts"
    start = len(body) - len(body.lstrip(b"\x00"))
    frames: tuple[tuple[Callable[[bytes, int], int], str], ...] = (
        (_adts_frame, "aac"),
        (_mpeg_frame, "mp3"),
        (_ac3_frame, "ac3"),
    )
    for length, demuxer in frames:
        if _follow(body, start, length):
            return "eac3" if demuxer == "ac3" and body[start + 5] >> 3 > 10 else demuxer
    return None


def _transport_stream(body: bytes) -> bool:
    return any(
        len(body) >= offset + size
        and all(byte == SYNC_BYTE for byte in body[offset : offset + 5 * size : size])
        for offset, size in ((0, 188), (4, 192), (0, 204))
    )


def _follow(body: bytes, at: int, length: Callable[[bytes, int], int]) -> bool:
    """Three frames in a row, or all there are."""
    for count in range(3):
        if at >= len(body) and count:
            return True
        size = length(body, at) if at + 6 <= len(body) else 0
        if size == 0:
            return False
        at += size
    return True


def _adts_frame(body: bytes, at: int) -> int:
    if body[at] != 0xFF or body[at + 1] & 0xF6 != 0xF0:
        return 0
    return (body[at + 3] & 3) << 11 | body[at + 4] << 3 | body[at + 5] >> 5


def _mpeg_frame(body: bytes, at: int) -> int:
    if body[at] != 0xFF or body[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = body[at + 1] >> 3 & 3, 4 - (body[at + 1] >> 1 & 3)
    rate_index, sample_index, padding = body[at + 2] >> 4, body[at + 2] >> 2 & 3, body[at + 2] >> 1 & 1
    if version == 1 or layer == 4 or rate_index in (0, 15) or sample_index == 3:
        return 0
    first = version == 3
    rate = MPEG_RATES[sample_index] // {3: 1, 2: 2, 0: 4}[version]
    slot = 4 if layer == 1 else 1
    bits = BITRATES[first, layer][rate_index - 1] * 1000
    return (LAYER_SAMPLES[first, layer] // 8 * bits // rate // slot + padding) * slot


def _ac3_frame(body: bytes, at: int) -> int:
    if body[at : at + 2] != b"\x0b\x77":
        return 0
    if body[at + 5] >> 3 > 10:
        return 2 * (((body[at + 2] & 7) << 8 | body[at + 3]) + 1)
    rate, size = body[at + 4] >> 6, body[at + 4] & 63
    if rate == 3 or size > 37:
        return 0
    kilobits = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)[
        size >> 1
    ]
    words = kilobits * 96_000 // (48_000, 44_100, 32_000)[rate]
    return 2 * (words + (size & 1 if rate == 1 else 0))


def _refusal(head: bytes) -> UserError:
    if POINTERS.search(head[:8192].replace(b"\x00", b"")):
        return UserError(
            "playlist_refused",
            "This file is a list that points to other files, not a video or sound file.",
            hint="Give the recording itself.",
        )
    if head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return UserError(
            "not_media",
            "This file is a still picture; there is nothing to dub in it.",
            hint="Give a video or sound file.",
        )
    return UserError(
        "not_media",
        "This is not a video or sound file that we know.",
        hint="We take mp4, mov, mkv, webm, avi, ts, mpg, mp3, m4a, wav, flac, ogg and their relatives.",
    )
