"""Files made to do harm, or to look like what they are not, each with the codes a refusal may carry.

python -m tests.media.hostile FOLDER     writes them all, to try something else with them
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

CANARY = "canary-7f3a"
LIST = frozenset({"playlist_refused"})
NOT = frozenset({"not_media"})
BROKEN = frozenset(
    {"broken_file", "codec_unsupported", "too_short", "media_timeout", "media_decoder_crashed"}
)

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)


OTHER_KINDS = {
    "rar": b"Rar!\x1a\x07\x01\0",
    "seven_zip": b"7z\xbc\xaf\x27\x1c",
    "xz": b"\xfd7zXZ\0",
    "zstandard": b"\x28\xb5\x2f\xfd",
    "bzip2": b"BZh91AY&SY",
    "lz4": b"\x04\x22\x4d\x18",
    "windows": b"MZ\x90\0",
    "java": b"\xca\xfe\xba\xbe\0\0\0\x41",
    "wasm": b"\0asm\x01\0\0\0",
    "android": b"dex\n035\0",
    "office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rich_text": b"{\\rtf1\\ansi",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n",
    "photoshop": b"8BPS\0\x01",
    "icon": b"\0\0\x01\0\x01\0",
    "font": b"wOF2\0\x01\0\0",
    "true_type": b"\0\x01\0\0\0\x0c\0\x80",
    "pickle": b"\x80\x04\x95\x1e\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94",
    "numpy": b"\x93NUMPY\x01\0v\0{'descr': '|O'",
    "parquet": b"PAR1",
    "capture": b"\xd4\xc3\xb2\xa1\x02\0\x04\0",
    "torrent": b"d8:announce35:udp://127.0.0.1:9/announce",
    "xml_bomb": b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>',
    "web_subtitles": b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n",
    "private_key": b"-----BEGIN OPENSSH PRIVATE KEY-----\n",
    "mail": b"From: a@b\r\nContent-Type: video/mp4\r\n\r\n",
    "git_pack": b"PACK\0\0\0\x02",
    "java_script": b"require('child_process').exec('id')//",
    "jpeg_xl": b"\xff\x0a",
    "exr": b"\x76\x2f\x31\x01",
    "dpx": b"SDPX\0\0\x08\0",
    "jpeg_2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "game_music": b"NESM\x1a\x01",
    "module": b"IMPM" + bytes(20),
}
"""How files of other trades begin."""

ENDINGS = ("mov", "mkv", "webm", "avi", "ts", "flv", "mp3", "wav", "ogg", "flac")


def disguises(canary: Path) -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """The worst lists under every name: what a file is called decides nothing."""
    url = canary.as_uri()
    texts = {
        "hls": f"#EXTM3U\n#EXTINF:1,\n{url}\n",
        "ffconcat": f"ffconcat version 1.0\nfile '{canary}'\n",
        "dash": f'<?xml version="1.0"?><MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>',
    }
    for title, text in texts.items():
        for ending in ENDINGS:
            yield f"{title}_as.{ending}", text.encode(), LIST


def pointers(canary: Path) -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """Formats that name other files: every one must be refused unopened."""
    url, name = canary.as_uri(), canary.name
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n"
    texts = {
        "hls_file.mp4": hls.format(url),
        "hls_path.mp4": hls.format(canary),
        "hls_relative.mp4": hls.format(name),
        "hls_http.mp4": hls.format("http://127.0.0.1:9/x.ts"),
        "hls_bom.mp4": "\ufeff" + hls.format(url),
        "hls_crlf.m3u8": hls.format(url).replace("\n", "\r\n"),
        "hls_lower.mkv": hls.format(url).lower(),
        "hls_blank_lines.mp4": "\n\n\n" + hls.format(url),
        "hls_key.mp4": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="' + url + '"\n#EXTINF:1,\nx.ts\n',
        "hls_map.mp4": '#EXTM3U\n#EXT-X-MAP:URI="' + url + '"\n#EXTINF:1,\nx.m4s\n',
        "hls_master.mp4": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + url + "\n",
        "hls_concat.mp4": hls.format(f"concat:{canary}|{canary}"),
        "hls_subfile.mp4": hls.format(f"subfile,,start,0,end,99,,:{canary}"),
        "hls_data.mp4": hls.format("data:text/plain;base64,Y2FuYXJ5"),
        "hls_crypto.mp4": hls.format(f"crypto+file://{canary}"),
        "list.m3u": f"#EXTM3U\n{canary}\n",
        "ffconcat.mp4": f"ffconcat version 1.0\nfile '{canary}'\n",
        "ffconcat_relative.mkv": f"ffconcat version 1.0\nfile {name}\n",
        "ffconcat_url.ts": "ffconcat version 1.0\nfile http://127.0.0.1:9/x\n",
        "concat_plain.mp4": f"file '{canary}'\nfile '{canary}'\n",
        "dash.mp4": f'<?xml version="1.0"?><MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>',
        "dash_entity.mpd": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><MPD>&e;</MPD>',
        "smooth.mp4": f'<SmoothStreamingMedia><StreamIndex Url="{url}"/></SmoothStreamingMedia>',
        "smil.mp4": f'<smil><body><video src="{url}"/></body></smil>',
        "asx.wmv": f'<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
        "pls.mp3": f"[playlist]\nFile1={canary}\nNumberOfEntries=1\n",
        "xspf.mp3": f'<playlist version="1"><trackList><location>{url}</location></trackList></playlist>',
        "svg.mp4": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>',
        "svg_include.png": f'<?xml version="1.0"?><svg><xi:include href="{url}" parse="text"/></svg>',
        "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n",
        "imf.mxf": f"<CompositionPlaylist><Id>{canary}</Id></CompositionPlaylist>",
        "wmv_reference.wmv": f"[Reference]\nRef1=http://127.0.0.1:9/{name}\n",
        "utf16.mp4": ("\ufeff" + hls.format(url)).encode("utf-16-le").decode("latin-1"),
    }
    for title, text in texts.items():
        raw = text.encode("latin-1") if title == "utf16.mp4" else text.encode()
        yield title, raw, LIST


def strangers() -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """Not media at all, under names of media."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(1 << 20))
    yield "text.mp4", b"Just some words.\n" * 300, NOT
    yield "subtitles.mp4", b"1\n00:00:00,000 --> 00:00:01,000\nHello\n", NOT
    yield (
        "subtitles.ass",
        b"[Script Info]\nTitle: x\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,D,,0,0,0,,x\n",
        NOT,
    )
    yield "ffmetadata.mp4", b";FFMETADATA1\ntitle=x\n", NOT
    yield "page.mp4", b"<!DOCTYPE html><html><video src=x></html>", NOT
    yield "json.mp4", b'{"a": 1}', NOT
    yield "script.mp4", b"#!/bin/sh\ntouch /tmp/x\n", NOT
    yield "one_byte.mp4", b"\0", NOT
    yield "zeros.mp4", bytes(5000), NOT
    yield "%03d.png", PNG, NOT
    yield "picture.mp4", PNG, NOT
    yield "jpeg.mp4", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(200), NOT
    yield "gif.mp4", b"GIF89a\x01\0\x01\0" + bytes(20), NOT
    yield "bmp.mp4", b"BM" + bytes(60), NOT
    yield "webp.mp4", b"RIFF\x20\0\0\0WEBPVP8 " + bytes(20), NOT
    yield "tiff.mp4", b"II*\0" + bytes(60), NOT
    yield "zip.mp4", packed.getvalue(), NOT
    yield "gzip.mp4", bytes.fromhex("1f8b0800000000000003") + bytes(50), NOT
    yield "program.mp4", b"\x7fELF" + bytes(200), NOT
    yield "pdf.mp4", b"%PDF-1.7\n", NOT
    yield "database.mp4", b"SQLite format 3\0" + bytes(100), NOT
    yield "tracker.mp3", b"Extended Module: x" + bytes(100), NOT
    yield "midi.mp3", b"MThd\0\0\0\6" + bytes(30), NOT
    yield "flash.mp4", b"FWS\x05" + bytes(100), NOT
    for name, start in OTHER_KINDS.items():
        yield f"{name}.mov", start + bytes(300), NOT


def torsos() -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """The right first bytes and nothing sensible behind them."""
    noise = bytes((index * 197 + index // 7 * 31) % 256 for index in range(6000))
    starts = {
        "mp4": b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        "mov": b"\0\0\0\x08wide\0\0\0\x08mdat",
        "moov": b"\0\0\0\x10moov\0\0\0\x08trak",
        "mkv": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01",
        "avi": b"RIFF\x10\0\0\0AVI LIST",
        "wav": b"RIFF\x10\0\0\0WAVEfmt ",
        "ogg": b"OggS\0\x02" + bytes(20),
        "flac": b"fLaC\0\0\0\x22",
        "flv": b"FLV\x01\x05\0\0\0\x09\0\0\0\0",
        "wmv": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
        "mxf": bytes.fromhex("060e2b34020501010d01020101020400"),
        "mpg": b"\0\0\x01\xba\x44\0\x04\0\x04\x01",
        "caf": b"caff\0\x01\0\0desc",
        "au": b".snd\0\0\0\x18",
        "aiff": b"FORM\0\0\0\x20AIFFCOMM",
        "amr": b"#!AMR\n\xff",
        "mp3": b"ID3\x04\0\0\0\0\0\0",
        "mp3_list": b"ID3\x04\0\0\0\0\0\0#EXTM3U\nfile:///etc/passwd\n",
        "w64": b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0",
    }
    for name, start in starts.items():
        yield f"bare.{name}", start, BROKEN
        if name not in ("mp3_list", "amr"):
            yield f"noise.{name}", start + noise, BROKEN


def bombs() -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """Small files that claim to be enormous."""
    yield "channels.wav", wav(channels=255, rate=8000, frames=8000), frozenset({"too_many_channels"})
    yield "many_channels.wav", wav(channels=65535, rate=8000, frames=8), BROKEN | {"too_many_channels"}
    yield "no_rate.wav", wav(channels=1, rate=0, frames=8000), BROKEN
    yield "no_channels.wav", wav(channels=0, rate=8000, frames=8000), BROKEN


LIARS = BROKEN | NOT | {"too_many_channels", "too_many_streams", "too_large", "too_long", "no_audio"}


def liars(canary: Path) -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """Well begun, and then a number that is wrong: the patterns of what was found in media parsers over the years."""
    for name, raw in (*_lying_films(canary), *_lying_sounds()):
        yield name, raw, LIARS


def _lying_films(canary: Path) -> Iterator[tuple[str, bytes]]:
    most, start = b"\xff\xff\xff\xff", _box(b"ftyp", b"isom\0\0\2\0isommp42")
    yield "size_zero.mp4", start + b"\0\0\0\0moov" + bytes(50)
    yield "size_seven.mp4", start + b"\0\0\0\7moov" + bytes(50)
    yield "size_of_64_bits.mp4", start + b"\0\0\0\1moov\x7f" + b"\xff" * 7 + bytes(50)
    yield "size_wraps.mp4", start + b"\0\0\0\1mdat" + b"\xff" * 8 + bytes(50)
    for table in (
        b"stsz",
        b"stz2",
        b"stts",
        b"stco",
        b"co64",
        b"ctts",
        b"stsc",
        b"stss",
        b"sbgp",
        b"saiz",
        b"trun",
    ):
        yield f"{table.decode()}.mp4", start + _track(_box(table, bytes(4) + most * 3 + bytes(64)))
    yield "elst.mp4", start + _box(b"moov", _box(b"trak", _box(b"edts", _box(b"elst", bytes(4) + most))))
    yield "no_time.mp4", start + _box(b"moov", _box(b"mvhd", bytes(100)))
    yield "keys.mp4", start + _box(b"moov", _box(b"meta", _box(b"keys", bytes(4) + most)))
    nested = b""
    for _ in range(2000):
        nested = _box(b"moov", nested)
    yield "nested.mp4", start + nested
    address = canary.as_uri().encode()
    data = _box(b"dref", bytes(4) + b"\0\0\0\1" + _box(b"url ", bytes(4) + address + b"\0"))
    yield "outside_by_address.mov", start + _track(b"", _box(b"dinf", data))
    alias = _box(b"alis", bytes(10) + bytes(140) + b"\0\2" + struct.pack(">H", len(address)) + address)
    yield "outside_by_alias.mov", start + _track(b"", _box(b"dinf", _box(b"dref", bytes(8) + alias)))
    packed = zlib.compress(bytes(20_000_000), 9)
    inner = _box(b"dcom", b"zlib") + _box(b"cmvd", b"\xff\xff\xff\0" + packed)
    yield "packed_header.mov", start + _box(b"moov", _box(b"cmov", inner))
    head = b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska"
    yield "endless_element.mkv", head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(100)
    yield "long_element.mkv", head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xfe" + bytes(100)
    yield "nested_element.mkv", head + b"\x18\x53\x80\x67\xff" * 3000
    yield (
        "script_data.flv",
        b"FLV\1\5\0\0\0\t\0\0\0\0\x12\0\xff\xff" + bytes(7) + b"\2\0\nonMetaData\x08" + most,
    )
    yield (
        "objects.wmv",
        bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\x1e" + bytes(7) + most + b"\1\2",
    )
    yield "streams.avi", b"RIFF" + most + b"AVI LIST" + most + b"hdrlavih\x38\0\0\0" + most * 14
    yield "index.avi", b"RIFF" + most + b"AVI LIST\x04\0\0\0moviidx1" + most + bytes(200)
    yield (
        "key_length.mxf",
        bytes.fromhex("060e2b34020501010d01020101020400") + b"\x88" + b"\xff" * 8 + bytes(50),
    )
    yield "null_packets.ts", (b"\x47\x1f\xff\x10" + bytes(184)) * 200
    yield (
        "all_packets.ts",
        b"".join(struct.pack(">BHB", 0x47, 0x4000 | pid, 0x10) + bytes(184) for pid in range(900)),
    )


def _lying_sounds() -> Iterator[tuple[str, bytes]]:
    most = b"\xff\xff\xff\xff"
    page = b"OggS\0\2" + bytes(8) + b"\1\0\0\0" + bytes(8) + b"\xff" + b"\xff" * 255 + bytes(65025)
    yield "lacing.ogg", page
    yield "vorbis_head.ogg", page.replace(bytes(30), b"\1vorbis" + most * 5 + bytes(3), 1)
    yield "opus_head.ogg", page.replace(bytes(19), b"OpusHead\1\xff" + bytes(9), 1)
    yield "picture.flac", b"fLaC\x06\xff\xff\xff\0\0\0\3" + most * 8
    yield "rate.flac", b"fLaC\x80\0\0\x22" + bytes(34) + b"\xff\xf8" + bytes(100)
    yield "tag.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7fAPIC\x7f\x7f\x7f\x7f" + bytes(200)
    yield "frames.mp3", b"\xff\xfb\xf0\0" * 4
    yield "frame_of_nothing.aac", b"\xff\xf1\x4c\0\0\0\xfc" * 300
    yield "long.wav", b"RF64" + most + b"WAVEds64\x1c\0\0\0" + b"\xff" * 28 + b"fmt \x10\0\0\0" + bytes(16)
    yield "form.wav", b"RIFF\x24\0\0\0WAVEfmt " + most + b"\1\0\1\0" + bytes(60)
    yield "form.w64", bytes.fromhex("726966662e91cf11a5d628db04c10000") + most * 2 + b"wave" + bytes(80)
    yield (
        "rate.aiff",
        b"FORM\0\0\0\x40AIFFCOMM\0\0\0\x12\0\1" + most + b"\0\x10\x7f\xff" + most * 2 + bytes(20),
    )
    yield "form.caf", b"caff\0\1\0\0desc" + b"\xff" * 8 + b"\x7f\xf0\0\0\0\0\0\0lpcm" + most * 5
    yield "voices.au", b".snd\0\0\0\x18" + most + b"\0\0\0\3\0\0\x1f\x40" + most + bytes(100)
    yield "blocks.wv", b"wvpk" + most + b"\x10\4" + bytes(22) + bytes(100)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _track(table: bytes, more: bytes = b"") -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"soun" + bytes(13))
    media = _box(b"mdia", handler + _box(b"minf", more + _box(b"stbl", table)))
    return _box(b"moov", _box(b"trak", media))


def wav(channels: int, rate: int, frames: int) -> bytes:
    size = frames * channels
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels, channels & 0xFFFF, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + bytes(size)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def corpus(canary: Path) -> list[tuple[str, bytes, frozenset[str]]]:
    return [
        *pointers(canary),
        *disguises(canary),
        *strangers(),
        *torsos(),
        *bombs(),
        *liars(canary),
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for title, content, _ in corpus(folder / CANARY):
        (folder / title).write_bytes(content)
