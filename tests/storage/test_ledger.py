"""The ledger and the collector that keeps the cache within its cap."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from dubline.domain.script import Blob
from dubline.storage.blobs import BlobStore
from dubline.storage.collect import collect, stored_size
from dubline.storage.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def finish(ledger: Ledger, key: str, *blobs: Blob) -> None:
    ledger.finish(key, "speak", {"takes": tuple(blobs), "first": blobs[0]}, seconds=2.0, media_seconds=8.0)


def test_a_finished_step_is_found_again_by_another_process(tmp_path: Path, ledger: Ledger) -> None:
    blob = Blob(digest="a" * 64, size=3, kind="text")
    finish(ledger, "key", blob)
    assert Ledger(tmp_path / "ledger.sqlite").find("key") == {"takes": (blob,), "first": blob}
    assert ledger.find("other") is None
    assert ledger.counts() == {"speak": 1}
    assert [(pace.seconds, pace.media_seconds) for pace in ledger.paces()] == [(2.0, 8.0)]


def test_it_survives_a_power_cut(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_an_artefact_is_forgotten_with_every_step_that_gave_it(ledger: Ledger) -> None:
    bad, good = (Blob(digest=letter * 64, size=1, kind="text") for letter in "ab")
    finish(ledger, "one", bad)
    finish(ledger, "two", good, bad)
    finish(ledger, "three", good)
    assert ledger.forget_artefact(bad.digest) == 2
    assert ledger.find("three") and not ledger.find("one")


def test_the_collector_drops_what_was_not_used_for_longest(tmp_path: Path, ledger: Ledger) -> None:
    store = BlobStore(tmp_path / "store")
    shared = store.put_bytes(b"s" * 100, "text")
    blobs = [store.put_bytes(bytes([letter]) * 1000, "text") for letter in b"abc"]
    for key, blob in zip("abc", blobs, strict=True):
        finish(ledger, key, blob, shared)
    ledger.touch(["a"])
    orphan = store.put_bytes(b"nobody's", "text")
    done = collect(store, ledger, cap=2100)
    assert [bool(ledger.find(key)) for key in "abc"] == [True, False, True]
    assert store.has(blobs[0]) and store.has(shared) and not store.has(blobs[1]) and not store.has(orphan)
    assert (done.steps, done.artefacts) == (1, 2)
    assert stored_size(store) == done.kept == 2100
    assert collect(store, ledger, cap=0).kept == 0
    assert ledger.counts() == {}


def test_many_may_open_a_new_one_at_once(tmp_path: Path) -> None:
    """A server and its workers do, and so do two commands."""
    for attempt in range(20):
        together = threading.Barrier(8)

        def opened(path: Path, together: threading.Barrier = together) -> int:
            together.wait()
            ledger = Ledger(path)
            try:
                return len(ledger.counts())
            finally:
                ledger.close()

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(opened, [tmp_path / f"{attempt}.sqlite"] * 8)) == [0] * 8
