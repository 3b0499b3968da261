"""The dub taken apart again: its voices alone, and what is heard beneath them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from dubline.craft.mix import mixing
from dubline.domain.errors import Cancelled, Gone
from dubline.domain.script import Blob
from dubline.domain.time import Span, ticks
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, Samples, Sound
from dubline.stages.documents import CueSheet
from dubline.stages.mix import played
from dubline.storage.blobs import BlobStore, DamagedArtefact

BLOCK = ticks(30.0)


def voice_stem(
    store: BlobStore, cues: Sequence[Blob], out: Path, cancelled: Callable[[], bool] = lambda: False
) -> None:
    """Every take in its place, as in the dub, over silence."""
    _write(out, (_voices(store, sheet, block) for sheet, block in _blocks(store, cues)), cancelled)


def background_stem(
    store: BlobStore, cues: Sequence[Blob], out: Path, cancelled: Callable[[], bool] = lambda: False
) -> None:
    """The programme without the original voices, not ducked."""
    _write(out, (_background(store, sheet, block) for sheet, block in _blocks(store, cues)), cancelled)


def can_be_made(store: BlobStore, cues: Sequence[Blob]) -> bool:
    """Whether all they are made from is still kept: the longest unused artefacts make way for new ones."""
    try:
        sheets = [CueSheet.model_validate_json(store.read(blob)) for blob in cues]
    except DamagedArtefact:
        return False
    return all(
        store.has(sheet.background) and all(store.has(piece.take) for piece in sheet.pieces)
        for sheet in sheets
    )


def _write(out: Path, blocks: Iterator[Samples], cancelled: Callable[[], bool]) -> None:
    try:
        with files.writer(out, PROGRAMME_RATE, 2) as writer:
            for block in blocks:
                if cancelled():
                    raise Cancelled
                writer.append(block)
    except DamagedArtefact as error:
        raise Gone(
            "stems_gone",
            "What the stems are made from is not kept any more.",
            hint="Render this language once more; the stems can be had for some time after that.",
        ) from error


def _blocks(store: BlobStore, cues: Sequence[Blob]) -> Iterator[tuple[CueSheet, Span]]:
    """Piece by piece, so that a long programme never sits in memory whole."""
    for blob in cues:
        sheet = CueSheet.model_validate_json(store.read(blob))
        for start in range(sheet.span.start, sheet.span.end, BLOCK):
            yield sheet, Span(start=start, end=min(start + BLOCK, sheet.span.end))


def _voices(store: BlobStore, sheet: CueSheet, block: Span) -> Samples:
    around = Span(start=max(0, block.start - mixing.AROUND), end=block.end + mixing.AROUND)
    silence = Sound(np.zeros((around.length, 2), dtype=np.float32), PROGRAMME_RATE)
    heard = [
        played(files.read(store.path(piece.take)), piece)
        for piece in sheet.pieces
        if piece.span.overlap(around)
    ]
    return mixing.mix(block, mixing.Bed(around, silence, silence), heard, ()).samples


def _background(store: BlobStore, sheet: CueSheet, block: Span) -> Samples:
    return files.read(store.path(sheet.background), block.shifted(-sheet.chunk.start)).samples
