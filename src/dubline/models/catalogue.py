"""Every weight file we know: digest, size, licence, sources, and whether it lies on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dubline.domain.errors import Unavailable
from dubline.domain.home import models_home
from dubline.models.entries import Catalogue, ModelEntry, shipped_catalogue
from dubline.models.making import make, room_needed
from dubline.models.manifest import read_manifest
from dubline.models.pool import ModelPool
from dubline.models.progress import Report, silent, within
from dubline.models.shelf import Shelf
from dubline.models.sources import Source


class State(StrEnum):
    PRESENT = "present"
    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    """Whole, but made by an older catalogue."""


@dataclass(frozen=True)
class Standing:
    """How one model stands on this machine. `size` is what lies here, else what the catalogue promises."""

    entry: ModelEntry
    state: State
    path: Path
    size: int
    problems: tuple[str, ...] = ()


class Models:
    """The catalogue, the folder the weights lie in, and the pool they are loaded into."""

    def __init__(self, home: Path, pool: ModelPool | None = None, catalogue: Catalogue | None = None) -> None:
        self.home = home
        self.pool = pool or ModelPool()
        self.catalogue = catalogue or shipped_catalogue()
        self._shelf = Shelf(home)

    def present(self, name: str) -> bool:
        """Whether a model lies here, complete."""
        return self.standing(name).state is State.PRESENT

    def path(self, name: str) -> Path:
        """The folder of a model that is present; `Unavailable` with the line that fetches it otherwise."""
        standing = self.standing(name)
        if standing.state is not State.PRESENT:
            raise Unavailable(
                "model_missing",
                f"The model {name} is {standing.state}.",
                hint=f"Run: dubline models pull {name}",
            )
        return standing.path

    def digest(self, name: str) -> str:
        """The digest a model's files have by the catalogue."""
        return self.catalogue[name].digest

    def standing(self, name: str) -> Standing:
        """A glance: is there a manifest of this catalogue, and has every file its size."""
        return self._standing(name, thorough=False)

    def survey(self, names: Iterable[str] | None = None) -> tuple[Standing, ...]:
        """All models, or those named, in the catalogue's order."""
        return tuple(self.standing(name) for name in names or self.catalogue.names())

    def verify(self, names: Iterable[str] | None = None, progress: Report = silent) -> tuple[Standing, ...]:
        """Like `survey`, but every byte of what lies here is read."""
        chosen = tuple(names or self.catalogue.names())
        found = []
        for index, name in enumerate(chosen):
            progress(f"{name}: reading", index / len(chosen))
            found.append(self._standing(name, thorough=True))
        progress("read", 1.0)
        return tuple(found)

    def pull(
        self, names: Sequence[str] | None = None, source: Source = "registry", progress: Report = silent
    ) -> tuple[Standing, ...]:
        """Make models present, the default ones unless named. What is here and sound is not fetched again."""
        entries = [self.catalogue[name] for name in dict.fromkeys(names or self.catalogue.defaults())]
        total, done = sum(entry.size for entry in entries), 0
        for entry in entries:
            share = within(progress, done / total, (done + entry.size) / total)
            self._pull(entry, source, _named(entry.name, share))
            done += entry.size
        return self.survey(entry.name for entry in entries)

    def remove(self, names: Iterable[str]) -> int:
        """Take models off this machine; gives the bytes that became free."""
        freed = 0
        for name in [self.catalogue[name].name for name in names]:
            folder = self._shelf.folder(name)
            with self._shelf.workbench(name, waiting=lambda: None) as bench:
                freed += sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
                self._shelf.withdraw(name, bench)
        return freed

    def _pull(self, entry: ModelEntry, source: Source, report: Report) -> None:
        with self._shelf.workbench(entry.name, lambda: report("waiting for another pull", 0.0)) as bench:
            report("checking", 0.0)
            if self._standing(entry.name, thorough=True).state is State.PRESENT:
                return report("ready", 1.0)
            self._shelf.require_room(room_needed(entry, source), f"The model {entry.name}")
            self._shelf.publish(make(entry, source, bench, report), entry.name)
        return None

    def _standing(self, name: str, *, thorough: bool) -> Standing:
        entry, folder = self.catalogue[name], self._shelf.folder(name)
        manifest = read_manifest(folder)
        if manifest is None:
            state = State.DAMAGED if folder.exists() else State.MISSING
            return Standing(entry, state, folder, entry.size, ("no manifest",) if folder.exists() else ())
        problems = tuple(manifest.damaged(folder) if thorough else manifest.unfit(folder))
        if problems:
            return Standing(entry, State.DAMAGED, folder, manifest.size, problems)
        state = State.PRESENT if manifest.digest == entry.digest else State.OUTDATED
        return Standing(entry, state, folder, manifest.size)


def _named(name: str, report: Report) -> Report:
    return lambda stage, fraction: report(f"{name}: {stage}", fraction)


def local_models() -> Models:
    """The models of this machine: under DUBLINE_HOME, else in the XDG data folder."""
    return Models(models_home())
