"""Taking inputs apart with their types: one artefact, or a series."""

from __future__ import annotations

from dubline.domain.script import Blob
from dubline.stages.stage import Inputs


def one(inputs: Inputs, name: str) -> Blob:
    value = inputs[name]
    if not isinstance(value, Blob):
        raise TypeError(f"'{name}' is a series where one artefact was expected")
    return value


def series(inputs: Inputs, name: str) -> tuple[Blob, ...]:
    value = inputs[name]
    if isinstance(value, Blob):
        raise TypeError(f"'{name}' is one artefact where a series was expected")
    return value
