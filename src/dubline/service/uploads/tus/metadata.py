"""Upload-Metadata: `filename d29ybGQ=,filetype dmlkZW8vbXA0,flag`. Names without spaces and commas, each once; values
in Base64, or none."""

from __future__ import annotations

import base64
import binascii

from dubline.service.problem import ServiceError

MOST_BYTES = 8 << 10


def parsed(header: str | None) -> dict[str, bytes]:
    if header is None:
        return {}
    if len(header) > MOST_BYTES:
        raise _invalid(f"It is longer than {MOST_BYTES:,} bytes.")
    found: dict[str, bytes] = {}
    for pair in header.split(","):
        name, value = _pair(pair)
        if name in found:
            raise _invalid(f"The name {name!r} is there twice.")
        found[name] = value
    return found


def filename(metadata: dict[str, bytes]) -> str:
    """As clients send it: most under `filename`, Uppy's older ones under `name`."""
    name = metadata.get("filename", metadata.get("name", b""))
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        raise _invalid("The file name is not in UTF-8.") from error


def _pair(pair: str) -> tuple[str, bytes]:
    name, _, value = pair.strip(" ").partition(" ")
    if not name or not name.isascii() or not name.isprintable():
        raise _invalid("A name is empty or not in ASCII.")
    try:
        return name, base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid(f"The value of {name!r} is no Base64.") from error


def _invalid(message: str) -> ServiceError:
    return ServiceError(
        400,
        "metadata_invalid",
        f"Upload-Metadata cannot be read. {message}",
        hint="Send pairs of a name and a value in Base64, with commas between the pairs, as tus says.",
    )
