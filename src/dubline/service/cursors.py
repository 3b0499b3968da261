"""Cursors of lists that are given a page at a time: they name the last thing that was given, so pages hold while
things come in."""

from __future__ import annotations

import base64
import binascii

from dubline.service.problem import ServiceError


def written(moment: float, name: str | int) -> str:
    return base64.urlsafe_b64encode(f"{moment!r} {name}".encode()).decode().rstrip("=")


def read(cursor: str) -> tuple[float, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, name = base64.urlsafe_b64decode(padded.encode()).decode().partition(" ")
        return float(moment), name
    except (ValueError, binascii.Error) as error:
        raise _invalid() from error


def read_numbered(cursor: str) -> tuple[float, int]:
    moment, name = read(cursor)
    if not name.isdecimal():
        raise _invalid()
    return moment, int(name[:18])


def _invalid() -> ServiceError:
    return ServiceError(
        422, "cursor_invalid", "This cursor was not given by us.", hint="Start without a cursor."
    )
