"""Signatures as Standard Webhooks 1.0 says, so that receivers can use a library they find."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from dubline.service.problem import ServiceError
from dubline.storage.tables import Document

PREFIX = "whsec_"
NEW_BYTES, LEAST_BYTES, MOST_BYTES = 32, 24, 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(NEW_BYTES)).decode()


def check(secret: str) -> None:
    """A secret that somebody brought along, if it is one."""
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= size <= MOST_BYTES:
        raise ServiceError(
            422,
            "webhook_secret_invalid",
            f"A secret is {PREFIX} and then {LEAST_BYTES} to {MOST_BYTES} random bytes in base64.",
            hint="Leave it out: one is made and shown once.",
        )


def written(body: Document) -> str:
    """The bytes that are signed are the bytes that are sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def headers(message: str, content: str, keys: Sequence[str], now: float) -> Mapping[str, str]:
    """One signature for each secret that is valid: two for a day after a rotation."""
    at = datetime.fromtimestamp(int(now), UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now)),
        "webhook-signature": " ".join(Webhook(key).sign(message, at, content) for key in keys),
    }
