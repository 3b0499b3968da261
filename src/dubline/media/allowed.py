"""What may come in: containers, codecs, and how much of everything.

Short lists on purpose: each name here is code that parses hostile bytes. Formats that name other files
(playlists, concat lists, image patterns, SVG, DASH) are the ones that must never be on them.
"""

from __future__ import annotations

CONTAINERS = (
    "mov", "matroska", "avi", "mpegts", "mpeg", "flv", "asf", "mxf",
    "ogg", "wav", "w64", "flac", "mp3", "aac", "aiff", "caf", "au", "amr", "ac3", "eac3", "wv",
)  # fmt: skip
"""Demuxers, by the first of their names."""

PICTURE_CODECS = (
    "h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg1video", "mpeg2video", "h263", "h263p", "h263i",
    "flv1", "vp6", "vp6f", "vp6a", "theora", "vc1", "wmv1", "wmv2", "wmv3", "msmpeg4v1", "msmpeg4v2",
    "msmpeg4v3", "mjpeg", "png", "bmp", "prores", "dnxhd", "dvvideo", "rawvideo", "ffv1", "huffyuv",
    "ffvhuff", "utvideo", "v210", "qtrle",
)  # fmt: skip

SOUND_CODECS = (
    "aac", "aac_latm", "mp3", "mp2", "mp1", "ac3", "eac3", "dts", "truehd", "mlp", "flac", "alac", "opus",
    "vorbis", "speex", "amr_nb", "amr_wb", "wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice", "gsm",
    "gsm_ms", "nellymoser", "wavpack", "ape", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le",
    "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be",
    "pcm_f64le", "pcm_f64be", "pcm_mulaw", "pcm_alaw",
    "pcm_bluray", "pcm_dvd", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_swf", "adpcm_yamaha",
    "adpcm_g722", "adpcm_g726",
)  # fmt: skip

TEXT_CODECS = (
    "mov_text", "subrip", "ass", "ssa", "webvtt", "text", "dvb_subtitle", "dvd_subtitle", "hdmv_pgs_subtitle",
    "xsub", "eia_608", "dvb_teletext", "arib_caption",
)  # fmt: skip

DECODERS = {
    "av1": ("libdav1d", "av1"),
    "flv1": ("flv",),
    "msmpeg4v3": ("msmpeg4",),
    "mp3": ("mp3float", "mp3"),
    "mp2": ("mp2float", "mp2"),
    "mp1": ("mp1float", "mp1"),
    "dts": ("dca",),
    "amr_nb": ("amrnb",),
    "amr_wb": ("amrwb",),
    "adpcm_g722": ("g722",),
    "adpcm_g726": ("g726",),
    "subrip": ("srt", "subrip"),
    "dvb_teletext": ("libzvbi_teletextdec",),
    "arib_caption": ("libaribb24",),
    "dvb_subtitle": ("dvbsub",),
    "dvd_subtitle": ("dvdsub",),
    "hdmv_pgs_subtitle": ("pgssub",),
    "eia_608": ("cc_dec",),
}
"""Decoders whose name is not that of their codec."""

MAX_PIXELS = 8192 * 4352
"""8K with the padding its coders add."""
MAX_STREAMS = 100
MAX_CHANNELS = 32
MAX_HOURS = 12
MAX_BYTES = 200 << 30

PROBE_SECONDS = 10.0


def input_arguments(name: str, demuxer: str) -> list[str]:
    """Options before `-i`, and the `-i`: one container, known by us already, and no way to another file."""
    return [
        *("-f", demuxer),
        *("-format_whitelist", demuxer_names(demuxer)),
        *("-codec_whitelist", ",".join(decoders())),
        *("-protocol_whitelist", "file"),
        *("-max_pixels", str(MAX_PIXELS)),
        *("-max_streams", str(MAX_STREAMS)),
        *("-i", f"file:in/{name}"),
    ]


def decoders() -> list[str]:
    codecs = PICTURE_CODECS + SOUND_CODECS + TEXT_CODECS
    return [decoder for codec in codecs for decoder in DECODERS.get(codec, (codec,))]


def demuxer_names(demuxer: str) -> str:
    """The full name of a demuxer, since that is what the list is compared with."""
    return {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}.get(demuxer, demuxer)
