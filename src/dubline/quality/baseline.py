"""Today's numbers beside the ones that were kept: what became worse than its tolerance is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from dubline.domain.errors import UserError
from dubline.quality.catalogue import HEADLINES, Good, Measure
from dubline.quality.results import Quality


class Baseline(BaseModel):
    clip_set: str
    figures: dict[str, float]


@dataclass(frozen=True)
class Regression:
    measure: Measure
    clip_set: str
    before: float
    after: float | None

    def __str__(self) -> str:
        shown, tolerance = self.measure.shown, self.measure.shown(self.measure.tolerance)
        now = "is not measured any more" if self.after is None else f"is {shown(self.after)}"
        return (
            f"{self.measure.name} ({self.measure.label}) on {self.clip_set}: was {shown(self.before)}, {now}; "
            f"tolerance {tolerance}, {self.measure.good}"
        )


def worse_by(measure: Measure, before: float, after: float) -> float:
    """How far the number went the wrong way; below 0 it became better."""
    if measure.good is Good.HIGH:
        return before - after
    if measure.good is Good.ZERO:
        return abs(after) - abs(before)
    return after - before


def regressions(baseline: Baseline, quality: Quality) -> list[Regression]:
    """Every headline that is worse than it was by more than its tolerance, or gone."""
    found: list[Regression] = []
    for measure in HEADLINES:
        before, after = baseline.figures.get(measure.name), quality.overall.get(measure.name)
        if before is None:
            continue
        if after is None or worse_by(measure, before, after) > (measure.tolerance or 0.0) + 1e-9:
            found.append(Regression(measure, quality.clip_set, before, after))
    return found


def read_baseline(path: Path) -> Baseline:
    if not path.is_file():
        raise UserError(
            "baseline_missing",
            f"There is no baseline {str(path)!r}.",
            hint="Check the path, or make one there by adding --write-baseline.",
        )
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise UserError(
            "baseline_invalid",
            f"{path.name} is not a baseline of this bench.",
            hint=f"Measure a new one: dubline bench quality --baseline {path} --write-baseline",
        ) from error


def require_same_clips(baseline: Baseline, clip_set: str) -> None:
    if baseline.clip_set != clip_set:
        raise UserError(
            "baseline_differs",
            f"The baseline was measured on {baseline.clip_set}, this run is on {clip_set}.",
            hint="Measure the same clips and languages, or choose another --baseline.",
        )


def write_baseline(path: Path, quality: Quality) -> None:
    kept: Sequence[tuple[str, float | None]] = [
        (each.name, quality.overall.get(each.name)) for each in HEADLINES
    ]
    figures = {name: value for name, value in kept if value is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Baseline(clip_set=quality.clip_set, figures=figures).model_dump_json(indent=1) + "\n")
