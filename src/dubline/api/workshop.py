"""One place where store, ledger, engines and runner are put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.home import cache_home, voices_home
from dubline.models.catalogue import local_models
from dubline.ports.registry import Registry
from dubline.runs.in_process import InProcessRunner
from dubline.storage.blobs import BlobStore
from dubline.storage.collect import collect, stored_size
from dubline.storage.ledger import Ledger
from dubline.storage.library import Library

DEFAULT_CAP = 20 << 30
"""Bytes the cache may hold after a run, unless a command says otherwise."""


@dataclass(frozen=True)
class Workshop:
    store: BlobStore
    ledger: Ledger
    registry: Registry
    runner: InProcessRunner
    library: Library

    def tidy(self, cap: int = DEFAULT_CAP) -> None:
        """Keep the cache under its cap; a look at the sizes costs little, collecting happens seldom."""
        if stored_size(self.store) > cap:
            collect(self.store, self.ledger, cap)


@contextmanager
def workshop(
    folder: Path | None = None, cores: int | None = None, voices: Path | None = None
) -> Iterator[Workshop]:
    """Open the cache folder, sweep what dead processes left in it, and close it again. `voices` is the folder of
    another voice library than this person's."""
    folder = folder or cache_home()
    store = BlobStore(folder / "artefacts")
    ledger = Ledger(folder / "ledger.sqlite")
    registry = Registry(local_models())
    library = Library(voices or voices_home())
    store.scratch.sweep()
    try:
        runner = InProcessRunner(store, ledger, registry, cores=cores)
        yield Workshop(store, ledger, registry, runner, library)
    finally:
        library.close()
        store.scratch.close()
        ledger.close()
