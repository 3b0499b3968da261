"""What never stands in a log, taken out of whatever was about to be written.

The first rule is that nobody hands such a thing to the log. This is the second fence, for what slips through.
"""

from __future__ import annotations

import re

LONGEST = 600
"""Characters of one value. A log tells what happened; what it happened to is kept elsewhere."""

HIDDEN = "[hidden]"

_PATTERNS = (
    re.compile(r"\bdbl_[\w-]{8,}"),  # keys
    re.compile(r"\bwhsec_[\w+/=-]+"),  # secrets of webhooks
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{8,}"),
    re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"),  # tokens as OpenID Connect has them
    re.compile(r"(?<=://)[^/@\s]+@"),  # who asks, in an address
    re.compile(r"(?<=[^\s'\"<>]\?)[^\s'\"<>]+=[^\s'\"<>]*"),  # the query of an address: tickets, signatures
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),  # e-mail
)


def hidden(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
