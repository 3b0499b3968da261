"""Dubs a clip as anybody would, and lays out what was made on the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, TypeAdapter

from dubline.api.delivery import Delivered
from dubline.api.dub import Watch, carry_out, request_for
from dubline.api.job import Job, prepare
from dubline.api.workshop import Workshop
from dubline.domain.script import Blob, Script
from dubline.domain.speech import Turn
from dubline.domain.time import Span
from dubline.plans.dub import dub_plan
from dubline.quality.clips import Clip
from dubline.sound import files
from dubline.sound.pcm import Sound
from dubline.stages.documents import CueSheet, Finished, Language, Piece
from dubline.stages.inputs import one, series
from dubline.stages.stage import Artefact

T = TypeVar("T", bound=BaseModel)

SHARED = ("programme", "background", "voices", "speech", "turns", "language")
RENDERED = ("final", "dub", "cues")


@dataclass(frozen=True)
class Dubbed:
    """One clip in one language, with every artefact that is measured."""

    clip: Clip
    target: str
    shop: Workshop
    found: dict[str, Artefact]
    delivered: Delivered

    @cached_property
    def finished(self) -> Finished:
        return Finished.model_validate_json(self.shop.store.read(self.blob("final")))

    @property
    def script(self) -> Script:
        return self.finished.script

    @property
    def seconds(self) -> float:
        return self.finished.programme_seconds

    @cached_property
    def spoken(self) -> str:
        """The language that was heard."""
        return Language.model_validate_json(self.shop.store.read(self.blob("language"))).tag

    @cached_property
    def turns(self) -> list[Turn]:
        return self._list(self.blob("turns"), Turn)

    @cached_property
    def programme(self) -> Sound:
        return self.sound(self.blob("programme"))

    @cached_property
    def dub(self) -> Sound:
        return self.sound(self.blob("dub"))

    @cached_property
    def background(self) -> Sound:
        return self._joined("background")

    @cached_property
    def voices(self) -> Sound:
        return self._joined("voices")

    @cached_property
    def cues(self) -> list[CueSheet]:
        return [
            CueSheet.model_validate_json(self.shop.store.read(blob))
            for blob in series(self.found, self._name("cues"))
        ]

    @cached_property
    def replaced(self) -> list[Span]:
        """Where the original voice was taken out."""
        return [span for sheet in self.cues for span in sheet.replaced]

    @cached_property
    def pieces(self) -> list[Piece]:
        """Every take that is heard, once, wherever cue sheets meet."""
        found = {
            (piece.span.start, piece.take.digest): piece for sheet in self.cues for piece in sheet.pieces
        }
        return list(found.values())

    def sound(self, blob: Blob) -> Sound:
        return files.read(self.shop.store.path(blob))

    def _name(self, name: str) -> str:
        return name if name in self.found else f"{name}@{self.target}"

    def blob(self, name: str) -> Blob:
        return one(self.found, self._name(name))

    def _list(self, blob: Blob, item: type[T]) -> list[T]:
        return TypeAdapter(list[item]).validate_python(json.loads(self.shop.store.read(blob)))  # type: ignore[valid-type]

    def _joined(self, name: str) -> Sound:
        """The chunks of a long programme in one."""
        parts = [self.sound(blob) for blob in series(self.found, self._name(name))]
        return Sound(np.concatenate([part.samples for part in parts]), parts[0].rate)


def dub_clip(shop: Workshop, clip: Clip, targets: Sequence[str], out: Path) -> list[Dubbed]:
    """The clip in every language, with nothing told that the programme cannot find out by itself."""
    out.mkdir(parents=True, exist_ok=True)
    request = request_for(clip.path, targets, out=f"{out}/", force=True)
    job = prepare(request, shop)
    delivered = carry_out(job, Watch())
    return [Dubbed(clip, each.target, shop, _artefacts(job, each.target), each) for each in delivered]


def _artefacts(job: Job, target: str) -> dict[str, Artefact]:
    """All that was made for one target: the ledger has it, nothing runs twice."""
    names = [*SHARED, *(f"{name}@{target}" for name in RENDERED)]
    plan = dub_plan(job.request.targets)
    return job.shop.runner.run(plan, job.settings, job.given, names, media_seconds=job.media_seconds)
