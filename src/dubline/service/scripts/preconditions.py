"""Who writes says which version they saw: nothing is ever written over what they did not see.

An ETag is the revision and, after a dot, the revision that was rendered, since a render changes what is read but not
what was written. If-Match takes the whole ETag or the revision alone; only the revision counts.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header, Response

from dubline.service.problem import ServiceError
from dubline.storage.tables import ScriptRow

MARK = "If-Match"
_GIVEN = re.compile(r'(?:W/)?"?(\d{1,9})(?:\.\d{1,9})?(?:\.failed)?"?')

Seen = Annotated[
    str | None,
    Header(alias=MARK, description='The ETag, or the revision alone, of what you changed: "7.4", "7" or 7.'),
]
Known = Annotated[str | None, Header(alias="If-None-Match", description="ETags you have already.")]


def etag(row: ScriptRow, revision: int | None = None) -> str:
    """Of the script, or of a line of this revision."""
    failed = ".failed" if row.state == "failed" and revision is None else ""
    return f'"{row.revision if revision is None else revision}.{row.rendered}{failed}"'


def seen(given: str | None, what: str) -> int:
    """The revision somebody saw before they wrote."""
    if given is None:
        raise ServiceError(
            428,
            "if_match_missing",
            f"Say which revision of the {what} this changes.",
            hint=f'Send the ETag you read as {MARK}: "7.4", or the revision alone.',
        )
    found = _GIVEN.fullmatch(given.strip())
    if found is None:
        raise ServiceError(
            400,
            "if_match_invalid",
            f"{MARK} names one revision; lists and * are not taken, since they would hide what others did.",
            hint='Send one ETag, such as "7.4".',
        )
    return int(found[1])


def check(given: int, current: int, what: str, content: dict[str, object], tag: str) -> None:
    if given != current:
        raise ServiceError(
            409,
            "revision_conflict",
            f"The {what} was changed meanwhile: you saw revision {given}, now it is {current}.",
            hint="`current` is what is there now. Put the two together and send that with the new revision.",
            headers={"ETag": tag},
            current=content,
        )


def unchanged(known: str | None, tag: str) -> Response | None:
    """304 for who has it already."""
    tags = [each.strip().removeprefix("W/") for each in (known or "").split(",")]
    return Response(status_code=304, headers={"ETag": tag}) if tag in tags or "*" in tags else None
