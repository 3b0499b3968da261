"""What clients call their files, made harmless: for showing, for headers, for the ending of a file of ours. No name
from outside ever becomes a path; files lie under ids."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

MOST_BYTES = 255
"""What common file systems take."""

LONGEST_SUFFIX = 10
NAMELESS = "file"

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789")}
)
"""On Windows these are no files, whatever their ending."""

UNSAFE_IN_QUOTES = frozenset('"\\%')
"""Browsers disagree on how these are read within a quoted name (RFC 6266, appendix D)."""

ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"
"""Beside letters and digits, what RFC 8187 lets stand as it is."""


def plain_name(filename: str) -> str:
    """The last part of whatever a client calls its file, without what could make a terminal, a shell or a header
    stumble: control and direction marks, halves of characters, a dash or dots in front."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(each for each in unicodedata.normalize("NFC", last) if each.isprintable())
    name = kept.lstrip(" .-").rstrip(" .") or NAMELESS
    return _shortened(f"_{name}" if name.split(".", 1)[0].strip().lower() in DEVICES else name)


def safe_suffix(filename: str) -> str:
    """The ending, if it is a plain one."""
    suffix = PurePosixPath(plain_name(filename)).suffix.lower()
    plain = suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= LONGEST_SUFFIX
    return suffix if plain else ""


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """The header that names a download (RFC 6266): in ASCII for old clients, as it is for all others."""
    name = plain_name(filename)
    ascii_name = "".join(each if each.isascii() and each not in UNSAFE_IN_QUOTES else "_" for each in name)
    header = f'{"inline" if inline else "attachment"}; filename="{ascii_name}"'
    if ascii_name == name:
        return header
    return f"{header}; filename*=UTF-8''{quote(name, safe=ATTRIBUTE_CHARACTERS)}"


def _shortened(name: str) -> str:
    """Cut before the ending: a film stays a film."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > LONGEST_SUFFIX:
        suffix = ""
    room = MOST_BYTES - len(suffix.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix
