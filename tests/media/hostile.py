"""Files made to do harm, or to look like what they are not, each with the codes a refusal may carry."""

from __future__ import annotations

import io
import struct
import zipfile
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


def wav(channels: int, rate: int, frames: int) -> bytes:
    size = frames * channels
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels, channels & 0xFFFF, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + bytes(size)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def corpus(canary: Path) -> list[tuple[str, bytes, frozenset[str]]]:
    return [*pointers(canary), *strangers(), *torsos(), *bombs()]
