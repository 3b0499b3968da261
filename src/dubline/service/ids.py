"""Names nobody can guess: what kind of thing it is, then 130 random bits."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


def new_id(kind: str) -> str:
    return f"{kind}_{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
