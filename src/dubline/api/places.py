"""Where the files of a dub go, and the care that no file of the user's is lost on the way."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.script import Blob, Script
from dubline.domain.time import Span, brief_clock
from dubline.storage.blobs import BlobStore, disk_full_is_plain, file_digest


@dataclass(frozen=True)
class Places:
    """The files of one target language, all beside one another."""

    result: Path

    def beside(self, ending: str) -> Path:
        """`talk.es.mp4` → `talk.es` + ending."""
        return self.result.with_name(self.result.stem + ending)

    @property
    def script(self) -> Path:
        return self.beside(".script.json")

    @property
    def report(self) -> Path:
        return self.beside(".report.html")

    @property
    def report_data(self) -> Path:
        return self.beside(".report.json")


def places_for(
    source: Path, target: str, out: Path | None, several: bool, suffix: str, part: Span | None = None
) -> Places:
    """`INPUT.es.mp4`, or what -o says: a file, a folder, or a name with {target} in it. The dub of a part of the
    programme bears its times, `INPUT.es.1m00-2m30.mp4`, and so lies beside that of the whole."""
    times = f".{brief_clock(part.start)}-{brief_clock(part.end)}" if part else ""
    default = f"{source.stem}.{target}{times}{suffix}"
    if out is None:
        return Places(source.with_name(default))
    if out.is_dir() or not out.suffix:
        return Places(out / default)
    if several and "{target}" not in out.name:
        raise UserError(
            "output_ambiguous",
            "One output file cannot hold several languages.",
            hint="Give -o a folder, or a name with {target} in it, such as talk.{target}.mp4.",
        )
    return Places(out.with_name(out.name.replace("{target}", target)))


def check_places(places: Places, source: Path, force: bool) -> None:
    """Refuse, before any work is done, to write over the input or over a file that is not an earlier dub."""
    result = places.result
    if result.exists() and result.samefile(source):
        raise UserError("output_is_input", "The output would overwrite the input.", hint="Choose another -o.")
    if result.is_dir():
        raise UserError("output_is_folder", f"{result} is a folder.", hint="Choose another -o.")
    if result.exists() and not places.script.exists() and not force:
        raise UserError(
            "output_exists",
            f"{result} exists already and was not made by dubline.",
            hint="Choose another -o, or add --force to overwrite it.",
        )
    _check_writable(result.parent)
    if not force:
        _check_edits(places)


def _check_edits(places: Places) -> None:
    """A script that somebody worked on is not thrown away because a command is repeated."""
    try:
        script = Script.model_validate_json(places.script.read_bytes())
    except (FileNotFoundError, ValueError):
        return
    if edited := sum(line.edited or line.revision > 1 for line in script.lines):
        raise UserError(
            "edits_would_be_lost",
            f"{places.script.name} holds edits of {edited} line{'s' if edited > 1 else ''}, "
            "which dubbing again would throw away.",
            hint="To render it as it stands: dubline redub "
            f"{shlex.quote(str(places.script))}. To start over: add --force.",
        )


def _check_writable(folder: Path) -> None:
    """Asked by writing: rights, read-only disks and folders that are none all answer differently."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise UserError(
            "output_unwritable",
            f"We cannot write into {there}: {error.strerror or error}.",
            hint="Choose another -o.",
        ) from error


def deliver(content: Path | str, place: Path) -> None:
    """Put a file in its place whole or not at all."""
    with disk_full_is_plain():
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            if isinstance(content, Path):
                shutil.copyfile(content, beside)
            else:
                beside.write_text(content, encoding="utf-8")
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)


def place_artefact(store: BlobStore, blob: Blob, place: Path) -> None:
    """Put an artefact's content in its place, unless it lies there already."""
    same_size = place.is_file() and place.stat().st_size == blob.size
    if not (same_size and file_digest(place) == blob.digest):
        deliver(store.path(blob), place)
