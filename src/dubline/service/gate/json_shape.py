"""JSON that would cost more to read than it is worth: nested without end, or a list without end."""

from __future__ import annotations

import re

from dubline.service.problem import ServiceError

MOST_DEPTH = 32
MOST_ITEMS = 10_000
"""In one list or object."""
MOST_VALUES = 100_000
"""In all."""

TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
"""A string counts as one token whatever is in it; one that never ends goes to the end, so that time stays linear."""


def check(body: bytes) -> None:
    """One pass over the bytes, before any parser builds anything of them. Whether it is JSON at all is the
    parser's question."""
    items: list[int] = []
    values = 0
    for found in TOKEN.finditer(body):
        token = body[found.start()]
        if token in b"[{":
            items.append(1)
            if len(items) > MOST_DEPTH:
                raise ServiceError(
                    400,
                    "json_too_deep",
                    f"This is nested more than {MOST_DEPTH} levels deep.",
                    hint=f"Nest it at most {MOST_DEPTH} levels deep.",
                )
        elif token in b"]}":
            if items:
                items.pop()
        elif token in b"," and items:
            items[-1] += 1
            values += 1
            if items[-1] > MOST_ITEMS or values > MOST_VALUES:
                raise ServiceError(
                    400,
                    "json_too_long",
                    f"A list may have {MOST_ITEMS:,} items; this is more.",
                    hint="Send it in several requests.",
                )
