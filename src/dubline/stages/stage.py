"""What a stage is: a pure function with a name, a version, and a full list of what its result depends on.

The list is enforced: a stage can only read the settings and use the engines it declared, so nothing that
changes its result can be missing from its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dubline.domain.script import Blob
from dubline.ports.engine import Engine
from dubline.stages.work import Work

Artefact = Blob | tuple[Blob, ...]
Inputs = Mapping[str, Artefact]
Outcome = Mapping[str, Artefact]
"""What a stage gives: names to artefacts. A tuple is a series: one artefact per item."""


@dataclass(frozen=True)
class Stage:
    """`phase` is the progress name people see; several stages may share one.

    Raise `version` whenever the same inputs would give another result.
    """

    name: str
    phase: str
    version: int
    run: Callable[[Work, Inputs], Outcome]
    settings: tuple[str, ...] = ()
    engines: tuple[type[Engine], ...] = ()
    cores: int = 1
    """Processor cores a step keeps busy."""
    pace: float = 0.01
    """Seconds a second of media is expected to cost before this machine has been measured."""
    warmup: float = 0.0
    """Seconds to load what it needs, paid once a run."""


PHASES = (
    "validation",
    "separation",
    "diarization",
    "segmentation",
    "transcription",
    "gender_detection",
    "translation",
    "voice_assignment",
    "synthesis",
    "assembly",
    "combination",
)
"""The eleven classic stages, in the order a person would tell them."""
