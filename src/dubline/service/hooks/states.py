"""What becomes of a message, and what hooks hear of."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class OwnKind(StrEnum):
    """Messages about hooks themselves; the others are about jobs."""

    PING = "hook.ping"
    DISABLED = "hook.disabled"
    """Told to the other hooks of the organisation when one is given up."""


ONLY_IF_ASKED = frozenset({"job.progress"})
"""Too many for whoever did not name them."""


class MessageStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Tried as often as we try, or the hook was disabled; a replay begins anew."""


def wants(kinds: Sequence[str], kind: str) -> bool:
    return kind in kinds if kinds else kind not in ONLY_IF_ASKED
