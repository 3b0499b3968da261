"""Keeping the cache within its cap: the longest unused steps go first, their artefacts with them."""

from __future__ import annotations

from dataclasses import dataclass

from dubline.domain.script import Blob
from dubline.storage.blobs import BlobStore
from dubline.storage.ledger import Ledger, Outputs


@dataclass(frozen=True)
class Collected:
    steps: int
    artefacts: int
    freed: int
    kept: int


def stored_size(store: BlobStore) -> int:
    return sum(size for _, size in store.digests())


UNHELD = 86_400.0
"""Seconds an artefact is kept that no step holds: it may be the input of a run, or belong to a step at work."""


def erase(store: BlobStore, ledger: Ledger, owner: str) -> int:
    """Forget what only this owner's runs made or used; gives back how many artefacts went."""
    dropped = ledger.let_go(owner)
    doomed = _all_digests(dropped) - _held(ledger)
    for digest in doomed:
        store.delete(digest)
    return len(doomed)


def sweep_unheld(store: BlobStore, ledger: Ledger, now: float) -> int:
    """Delete artefacts of no step. They are listed first: a step that ends meanwhile is in the ledger then."""
    old = [digest for digest, written in store.written() if now - written > UNHELD]
    doomed = set(old) - _held(ledger) if old else set()
    for digest in doomed:
        store.delete(digest)
    return len(doomed)


def _held(ledger: Ledger) -> set[str]:
    return _all_digests([outputs for _, outputs in ledger.oldest_first()])


def _all_digests(many: list[Outputs]) -> set[str]:
    return {digest for outputs in many for digest in _digests(outputs)}


def collect(store: BlobStore, ledger: Ledger, cap: int) -> Collected:
    """Forget steps, oldest use first, until what the others hold fits under `cap` bytes."""
    sizes = dict(store.digests())
    dropped, kept = _split(ledger.oldest_first(), sizes, cap)
    ledger.forget(dropped)
    doomed = [digest for digest in sizes if digest not in kept]
    for digest in doomed:
        store.delete(digest)
    freed = sum(sizes[digest] for digest in doomed)
    return Collected(len(dropped), len(doomed), freed, sum(sizes.values()) - freed)


def _split(steps: list[tuple[str, Outputs]], sizes: dict[str, int], cap: int) -> tuple[list[str], set[str]]:
    """Keys to drop, and the digests that the newest steps within the cap hold."""
    kept: set[str] = set()
    total = 0
    for newest in range(len(steps) - 1, -1, -1):
        wanted = _digests(steps[newest][1]) - kept
        total += sum(sizes.get(digest, 0) for digest in wanted)
        if total > cap:
            return [key for key, _ in steps[: newest + 1]], kept
        kept |= wanted
    return [], kept


def _digests(outputs: Outputs) -> set[str]:
    return {
        blob.digest for value in outputs.values() for blob in ((value,) if isinstance(value, Blob) else value)
    }
