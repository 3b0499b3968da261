"""What a run of the bench leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from dubline.quality.catalogue import MEASURES, Sum, pooled, summed


class Row(BaseModel):
    """One clip in one language. `figures` by the names of the catalogue; `spreads` the values behind some of them;
    `words` wrong and wanted words, so that clips add up by their length."""

    clip: str
    target: str
    seconds: float = 0.0
    figures: dict[str, float | None] = Field(default_factory=dict)
    spreads: dict[str, list[float]] = Field(default_factory=dict)
    words: dict[str, tuple[float, int]] = Field(default_factory=dict)


class Strategy(BaseModel):
    """A way to place takes, measured over all clips."""

    name: str
    figures: dict[str, float | None]


class Translated(BaseModel):
    """One route on the reference set."""

    pair: str
    route: str
    lines: int
    chrf: float
    bleu: float
    default: bool = False


class Quality(BaseModel):
    clip_set: str = ""
    rows: list[Row] = Field(default_factory=list)
    overall: dict[str, float | None] = Field(default_factory=dict)
    translation: list[Translated] = Field(default_factory=list)
    strategies: list[Strategy] = Field(default_factory=list)
    refused: dict[str, str] = Field(default_factory=dict)
    """Clips that could not be dubbed, each with the reason."""


def overall(rows: Sequence[Row]) -> dict[str, float | None]:
    """Every measure over all clips that have it."""
    found: dict[str, float | None] = {}
    for measure in MEASURES:
        if measure.sum is Sum.POOLED and measure.spread:
            found[measure.name] = pooled(
                measure, [v for row in rows for v in row.spreads.get(measure.spread[0], [])]
            )
        elif measure.sum is Sum.WORDS:
            pairs = [row.words[measure.name] for row in rows if measure.name in row.words]
            wanted = sum(pair[1] for pair in pairs)
            found[measure.name] = sum(pair[0] for pair in pairs) / wanted if wanted else None
        else:
            values = (row.figures.get(measure.name) for row in rows)
            found[measure.name] = summed(measure, [value for value in values if value is not None])
    return {name: None if value is None else round(value, 5) for name, value in found.items()}
