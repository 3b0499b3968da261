"""Makes a model ready on a workbench: fetch, join, check every byte, convert once, seal."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from dubline.models.entries import ModelEntry, ModelFile
from dubline.models.manifest import copy_hashed, seal
from dubline.models.progress import Report, within
from dubline.models.sources import Piece, Source, Supply, gather, wrong_digest

FETCHED, WRITTEN = 0.75, 0.9
"""Shares of the whole at which fetching and writing are done, seen on an ordinary connection."""


def make(entry: ModelEntry, source: Source, bench: Path, report: Report) -> Path:
    """The finished folder, sealed, on the bench."""
    made = _folder(bench / "model")
    raw = _folder(bench / "raw") if entry.convert else made
    with ExitStack() as stack:
        supply = gather(entry, source, _folder(bench / "fetched"), stack, within(report, 0.0, FETCHED))
        _write(entry, supply, raw, within(report, FETCHED, WRITTEN))
    if entry.convert:
        report("converting", WRITTEN)
        _convert(entry, raw, made)
    seal(made, entry.name, entry.digest, source if isinstance(source, str) else "local")
    report("ready", 1.0)
    return made


def room_needed(entry: ModelEntry, source: Source) -> int:
    """Bytes on disk at the worst moment: what came, what was taken out of it, what was made of that."""
    fetched = 0 if isinstance(source, Path) else max(entry.download, entry.size)
    return fetched + entry.size * (2 if entry.convert else 1)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _write(entry: ModelEntry, supply: Supply, folder: Path, report: Report) -> None:
    done = 0
    for file in entry.files:
        report("unpacking", done / entry.size)
        _write_file(file, supply[file.path], folder)
        done += file.size


def _write_file(file: ModelFile, pieces: tuple[Piece, ...], folder: Path) -> None:
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as sink:
        for piece in pieces:
            with piece() as stream:
                size += copy_hashed(stream, sink, file.size - size, digest)
    if size != file.size or digest.hexdigest() != file.sha256:
        raise wrong_digest(file.path)


def _convert(entry: ModelEntry, raw: Path, made: Path) -> None:
    converter = import_module(f"dubline.models.convert.{entry.convert}")
    converter.convert(raw, made)
