"""Names nobody can guess: what kind of thing it is, then 130 random bits."""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


class _Series:
    """Ids that follow from a seed: the first job's, the second job's."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._counts: Counter[str] = Counter()

    def next(self, kind: str) -> str:
        self._counts[kind] += 1
        text = f"{kind} {self._counts[kind]}"
        number = int.from_bytes(hmac.digest(self._seed, text.encode(), "sha256"))
        return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


_series: ContextVar[_Series | None] = ContextVar("ids that follow from a seed", default=None)


@contextmanager
def following(seed: str) -> Iterator[None]:
    """Whoever does the same again within this gets the same ids from `repeatable_id`."""
    token = _series.set(_Series(seed))
    try:
        yield
    finally:
        _series.reset(token)


def new_id(kind: str) -> str:
    return f"{kind}_{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def repeatable_id(kind: str) -> str:
    """As unguessable as the others; within `following` it comes back when a request is repeated."""
    series = _series.get()
    return new_id(kind) if series is None else f"{kind}_{series.next(kind)}"
