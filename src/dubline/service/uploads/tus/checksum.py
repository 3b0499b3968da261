"""Upload-Checksum: `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`, of the bytes of one request."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from dubline.service.problem import ServiceError

ALGORITHMS = ("sha1", "sha256")
MISMATCH = 460
"""The protocol's own status."""


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    wanted: bytes

    def check(self, found: bytes) -> None:
        if found != self.wanted:
            raise ServiceError(
                MISMATCH,
                "checksum_mismatch",
                "What came is not what was sent; it was thrown away.",
                hint="Send the same bytes again.",
            )


def checksum(header: str | None) -> Checksum | None:
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise ServiceError(
            400,
            "checksum_unsupported",
            "This kind of checksum is not known here.",
            hint=f"Known are {' and '.join(ALGORITHMS)}.",
        )
    try:
        wanted = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid() from error
    if len(wanted) != hashlib.new(algorithm).digest_size:
        raise _invalid()
    return Checksum(algorithm, wanted)


def _invalid() -> ServiceError:
    return ServiceError(
        400,
        "checksum_invalid",
        "The checksum is not in Base64 or has the wrong length.",
        hint="Send the name of the algorithm, a blank, and the whole digest in Base64.",
    )
