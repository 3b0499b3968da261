"""The protocol's headers, read strictly and written in one place."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate

from starlette.datastructures import Headers

from dubline.service.problem import ServiceError
from dubline.service.uploads.tus.checksum import ALGORITHMS
from dubline.storage.tables import Upload

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "termination", "expiration")
CONTENT_TYPE = "application/offset+octet-stream"
METADATA = "upload_metadata"
"""Where an upload's details keep the header as the client sent it."""

SENT = (
    "Tus-Resumable",
    "Upload-Checksum",
    "Upload-Length",
    "Upload-Metadata",
    "Upload-Offset",
    "X-HTTP-Method-Override",
)
"""What a page of another origin must be allowed to send to be a tus client, and, below, to read."""

EXPOSED = (
    "Location",
    "Tus-Resumable",
    "Tus-Version",
    "Tus-Extension",
    "Tus-Max-Size",
    "Tus-Checksum-Algorithm",
    "Upload-Offset",
    "Upload-Length",
    "Upload-Metadata",
    "Upload-Expires",
)

MOST_DIGITS = 15
"""A thousand terabytes."""


def capabilities(max_size: int) -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": ",".join(EXTENSIONS),
        "Tus-Max-Size": str(max_size),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def state(upload: Upload) -> dict[str, str]:
    """What every reply about an upload tells."""
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": formatdate(upload.expires_at, usegmt=True),
    }


def whole_state(upload: Upload) -> dict[str, str]:
    known = {**state(upload), "Upload-Length": str(upload.size), "Cache-Control": "no-store"}
    metadata = upload.details.get(METADATA)
    return {**known, "Upload-Metadata": metadata} if metadata else known


def check_version(headers: Headers) -> None:
    if headers.get("tus-resumable") != VERSION:
        raise ServiceError(
            412,
            "tus_version",
            f"This speaks tus {VERSION}; the request names {headers.get('tus-resumable') or 'no version'}.",
            hint=f"Send the header Tus-Resumable: {VERSION}.",
            headers={"Tus-Version": VERSION},
        )


def number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name)
    if text is None:
        raise ServiceError(
            400, "header_missing", f"The header {name} is missing.", hint=f"Send {name}, as tus 1.0 says."
        )
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ServiceError(
            400,
            "header_invalid",
            f"The header {name} is no whole number of bytes.",
            hint="Send a whole number of bytes, such as 1048576.",
        )
    return int(text)


def has_bytes(headers: Mapping[str, str]) -> bool:
    """Whether the body is part of the file."""
    return headers.get("content-type", "").split(";")[0].strip().lower() == CONTENT_TYPE


def check_content_type(headers: Mapping[str, str]) -> None:
    if not has_bytes(headers):
        raise ServiceError(
            415,
            "content_type_wrong",
            f"The bytes of an upload are sent as {CONTENT_TYPE}.",
            hint=f"Send Content-Type: {CONTENT_TYPE}",
        )
