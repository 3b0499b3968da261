"""Files that a job can give but does not keep: the dubbed sound alone, and the stems."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from dubline.api.stems import background_stem, can_be_made, voice_stem
from dubline.domain.script import Blob
from dubline.media.place import whole_file
from dubline.media.viewing import sound_alone
from dubline.service.context import Context
from dubline.service.downloads import kinds
from dubline.service.downloads.kinds import FORMATS, MADE, Format, Kind
from dubline.service.downloads.links import File, made_version
from dubline.service.downloads.service import Wanted, required, settings_of, there
from dubline.service.previews.making import Cancelled, Make, place_for
from dubline.service.previews.sources import Material, Track, seen
from dubline.storage.blobs import BlobStore
from dubline.storage.tables import Output

STEMS: dict[Format, Callable[..., None]] = {
    Format.VOICE: voice_stem,
    Format.BACKGROUND: background_stem,
}
_BLOBS = TypeAdapter(list[Blob])


MADE_FROM: Mapping[Kind, str] = {Kind.AUDIO: Kind.RESULT, Kind.STEMS: kinds.CUES}
"""The output that each is made from."""


def at_hand(context: Context, found: Wanted, kind: Kind) -> list[Format]:
    """The forms that can be had: those that were made already, and all while what they are made from is kept."""
    kept = kind is Kind.AUDIO or can_be_made(_store(context), _cues(context, required(found)))
    return [form for form in FORMATS[kind] if kept or place_of(context, found, kind, form)[0].is_file()]


def place_of(context: Context, found: Wanted, kind: Kind, form: Format | None) -> tuple[Path, Format]:
    chosen = form or FORMATS[kind][0]
    digest = required(found).digest
    what = found.language if kind is Kind.AUDIO else f"{found.language}.stems"
    return place_for(context, found.job.id, what, digest, f"{kind}{MADE[chosen].ending}"), chosen


def making(context: Context, found: Wanted, kind: Kind, form: Format) -> Make:
    output = required(found)
    if kind is Kind.AUDIO:
        material = Material(there(context, output), None, settings_of(found.job))

        def make_sound(out: Path, cancelled: Cancelled) -> None:
            sound_alone(seen(material, Track.DUB), out, cancelled=cancelled)

        return make_sound
    return _stems(context, output, form)


def _stems(context: Context, output: Output, form: Format) -> Make:
    def make(out: Path, cancelled: Cancelled) -> None:
        store, cues = _store(context), _cues(context, output)
        with whole_file(out) as folder:
            if form is Format.ZIP:
                _zipped(store, cues, folder, cancelled)
            else:
                STEMS[form](store, cues, folder / "stem.flac", cancelled)

    return make


def _cues(context: Context, output: Output) -> list[Blob]:
    return _BLOBS.validate_json(there(context, output).read_bytes())


def _store(context: Context) -> BlobStore:
    return BlobStore(context.work / "artefacts")


def _zipped(store: BlobStore, cues: list[Blob], folder: Path, cancelled: Cancelled) -> None:
    """FLAC does not get smaller, so it is only put together."""
    with zipfile.ZipFile(folder / "stems.zip", "w", zipfile.ZIP_STORED) as archive:
        for form, write in STEMS.items():
            stem = folder / f"{form}.flac"
            write(store, cues, stem, cancelled)
            archive.write(stem, stem.name)
            stem.unlink()


def file_of(found: Wanted, place: Path, form: Format) -> File:
    made = MADE[form]
    name = kinds.download_name(found.job, found.language, f"x.{found.language}{made.ending}")
    return File(found.job.id, place, name, made.media_type, made_version(place))
