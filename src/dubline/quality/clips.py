"""Which clips are measured, in which languages."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import UserError
from dubline.domain.language import base
from dubline.quality.truth import Truth, read_truth

MANIFEST = "MANIFEST.json"
FOLDER_VARIABLE = "DUBLINE_TEST_MEDIA"

DEFAULT = (
    "f_composed/panel_4spk_music_en.mp4",
    "f_composed/talk3_shared_en.flac",
    "f_composed/vlog40_music_en.mp4",
    "f_composed/jordi_music_en.mp4",
    "b_conversation/en_pyannote_sample.wav",
    "b_conversation/en_ami_dev00.flac",
    "b_conversation/en_ami_trn07.flac",
    "b_conversation/en_leopard_3spk.wav",
    "d_video/talk_jordi_en.mp4",
    "d_video/nasa_webb_narration.mp4",
    "a_speech/en_cold_corpus.flac",
    "a_speech/en_lj_0001.flac",
    "a_speech/es_leopard.wav",
    "a_speech/es_mls_13697_11991.opus",
    "a_speech/pt_leopard.wav",
    "a_speech/pt_coxinha.wav",
    "a_speech/fr_leopard.wav",
    "a_speech/fr_ddhc_article1.wav",
)
"""A set of every kind that two cores dub into two languages in about fifteen minutes."""


@dataclass(frozen=True)
class Clip:
    path: Path
    truth: Truth
    language: str = ""
    """As the manifest says; empty where nobody does."""

    @property
    def name(self) -> str:
        return self.path.name

    def targets(self, wanted: Sequence[str]) -> list[str]:
        """The languages asked for but the clip's own; one that is spoken itself is dubbed into English instead
        of nothing."""
        return [tag for tag in wanted if base(tag) != base(self.language)] or ["en"]


def find_clips(places: Sequence[Path]) -> list[Clip]:
    """Files, and all that the manifests of folders list as dubbable speech."""
    return [clip for place in places for clip in (_in_folder(place) if place.is_dir() else [_clip(place)])]


def default_clips(folder: Path) -> list[Clip]:
    return [_clip(folder / name) for name in DEFAULT]


def media_folder() -> Path | None:
    """Where the shared clips lie, if they do."""
    folder = Path(os.environ.get(FOLDER_VARIABLE, Path.cwd().parent / "shared" / "media"))
    return folder if (folder / MANIFEST).is_file() else None


def _clip(path: Path) -> Clip:
    if not path.is_file():
        raise UserError("file_missing", f"There is no clip {str(path)!r}.", hint="Check the path.")
    return Clip(path, read_truth(path), _languages(_manifest(path.parent)).get(path.resolve(), ""))


def _in_folder(folder: Path) -> list[Clip]:
    found = [path for path in _languages(folder / MANIFEST) if path.is_file()]
    if not found:
        raise UserError(
            "clips_missing",
            f"{folder} has no {MANIFEST} that lists clips.",
            hint="Name files, or a folder in the manifest's format.",
        )
    return [_clip(path) for path in found]


def _manifest(folder: Path) -> Path:
    """The manifest of a folder or of the nearest one above it."""
    return next(
        (place / MANIFEST for place in (folder, *folder.parents) if (place / MANIFEST).is_file()), folder
    )


def _languages(manifest: Path) -> dict[Path, str]:
    """Every clip with speech that a manifest lists, and the language spoken in it."""
    if not manifest.is_file():
        return {}
    items = json.loads(manifest.read_text("utf-8"))["items"]
    spoken = (item for item in items if item.get("language", "zxx") not in ("zxx", "mul"))
    return {(manifest.parent / item["file"]).resolve(): item["language"] for item in spoken}
