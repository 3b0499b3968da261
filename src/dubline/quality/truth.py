"""What is known for certain of a clip: who says what when, and its sounds apart.

Read from what lies beside it: `<file>.gt.json`, an RTTM of the same stem, stems in FLAC. All of it may be missing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dubline.domain.speech import Turn
from dubline.domain.time import Span

SPEECH, BACKGROUND = "speech", "background"


@dataclass(frozen=True)
class SpokenPart:
    """A stretch of the reference: its words, and who says them where that is known."""

    span: Span
    text: str = ""
    speaker: str = ""


@dataclass(frozen=True)
class Truth:
    transcript: str = ""
    parts: tuple[SpokenPart, ...] = ()
    turns: tuple[Turn, ...] = ()
    """Who speaks when; empty where nobody wrote it down."""
    said_by: tuple[tuple[str, str], ...] = ()
    """Word by word, without times: the word and its speaker."""
    speakers: int | None = None
    stems: tuple[Path, ...] = ()
    """The voices alone: one file of all of them, or one per speaker."""
    background: Path | None = None


def read_truth(clip: Path) -> Truth:
    described = clip.with_name(f"{clip.name}.gt.json")
    known: dict[str, Any] = json.loads(described.read_text("utf-8")) if described.is_file() else {}
    parts = tuple(_part(row) for row in known.get("segments", []))
    stems = {_stem_name(clip, name): clip.with_name(name) for name in known.get("stems", [])}
    return Truth(
        transcript=known.get("transcript", ""),
        parts=parts,
        turns=_turns(clip, known, parts),
        said_by=tuple(
            (row["word"], str(row["speaker_tag"])) for row in known.get("words", []) if "speaker_tag" in row
        ),
        speakers=known.get("speakers"),
        stems=tuple(path for name, path in stems.items() if name != BACKGROUND),
        background=stems.get(BACKGROUND),
    )


def _part(row: dict[str, Any]) -> SpokenPart:
    return SpokenPart(Span.of_seconds(row["start"], row["end"]), row.get("text", ""), row.get("speaker", ""))


def _stem_name(clip: Path, name: str) -> str:
    """`talk.background.flac` beside `talk.mp4` is `background`."""
    return Path(name).stem.removeprefix(f"{clip.stem}.")


def _turns(clip: Path, known: dict[str, Any], parts: tuple[SpokenPart, ...]) -> tuple[Turn, ...]:
    rttm = clip.with_suffix(".rttm")
    if rttm.is_file():
        return read_rttm(rttm.read_text("utf-8"))
    written = tuple(_part(row) for row in known.get("turns", [])) or parts
    if not all(part.speaker for part in written):
        return ()
    return tuple(Turn(speaker=part.speaker, span=part.span) for part in written)


def read_rttm(text: str) -> tuple[Turn, ...]:
    rows = (line.split() for line in text.splitlines() if line.startswith("SPEAKER"))
    return tuple(
        Turn(speaker=row[7], span=Span.of_seconds(float(row[3]), float(row[3]) + float(row[4])))
        for row in rows
    )
