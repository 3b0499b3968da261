"""How clips add up, and what counts as worse than before."""

from __future__ import annotations

from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.quality.baseline import (
    Baseline,
    read_baseline,
    regressions,
    require_same_clips,
    worse_by,
    write_baseline,
)
from dubline.quality.catalogue import BY_NAME, HEADLINES, MEASURES, Good, Sum
from dubline.quality.results import Quality, Row, overall

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "quality.md"


def test_words_weigh_as_words_and_lines_as_lines() -> None:
    rows = [
        Row(
            clip="a",
            target="es",
            words={"words.line_wer": (1.0, 10)},
            spreads={"onset": [-0.1, 0.2], "overlap": [1.0]},
            figures={"time.drift": 0.2, "sound.true_peak": -3.0, "time.voice_overlaps": 1.0},
        ),
        Row(
            clip="b",
            target="es",
            words={"words.line_wer": (3.0, 30)},
            spreads={"onset": [0.3], "overlap": [0.4, 0.1]},
            figures={"time.drift": -0.2, "sound.true_peak": -1.0, "time.voice_overlaps": 2.0},
        ),
    ]
    found = overall(rows)
    assert found["words.line_wer"] == pytest.approx(0.1)
    assert found["time.onset_median"] == pytest.approx(0.2)
    assert found["time.onset_max"] == pytest.approx(0.3)
    assert found["time.overlap"] == pytest.approx(0.5)
    assert found["time.drift"] == pytest.approx(0.2), "one early and one late do not make it good"
    assert found["sound.true_peak"] == -1.0
    assert found["time.voice_overlaps"] == 3.0
    assert found["who.der"] is None


def test_every_measure_is_told_of_in_the_document() -> None:
    text = DOCUMENT.read_text()
    assert [measure.name for measure in MEASURES if f"`{measure.name}`" not in text] == []


def test_every_pooled_measure_knows_its_values() -> None:
    assert [each.name for each in MEASURES if (each.sum is Sum.POOLED) != (each.spread is not None)] == []
    assert len(BY_NAME) == len(MEASURES)


@pytest.mark.parametrize(
    ("name", "before", "after", "worse"),
    [
        ("who.der", 0.10, 0.15, 0.05),
        ("time.overlap", 0.80, 0.75, 0.05),
        ("time.drift", -0.1, 0.3, 0.2),
        ("time.drift", -0.3, 0.1, -0.2),
    ],
)
def test_worse_has_a_direction(name: str, before: float, after: float, worse: float) -> None:
    assert worse_by(BY_NAME[name], before, after) == pytest.approx(worse)


def test_every_headline_can_go_red() -> None:
    good, bad = Quality(clip_set="some"), Quality(clip_set="some")
    for measure in HEADLINES:
        step = (measure.tolerance or 0.0) + 0.01
        good.overall[measure.name] = 0.5
        bad.overall[measure.name] = 0.5 - step if measure.good is Good.HIGH else 0.5 + step
    kept = Baseline(clip_set="some", figures={name: value for name, value in good.overall.items() if value})
    assert regressions(kept, good) == []
    assert [each.measure for each in regressions(kept, bad)] == list(HEADLINES)
    assert len(regressions(kept, Quality(clip_set="some"))) == len(HEADLINES), "gone is worse, too"


def test_a_regression_names_everything() -> None:
    kept = Baseline(clip_set="two clips", figures={"who.der": 0.10})
    (found,) = regressions(kept, Quality(clip_set="two clips", overall={"who.der": 0.20}))
    for part in ("who.der", "two clips", "10.0 %", "20.0 %", "tolerance 2.0 %"):
        assert part in str(found)


def test_a_baseline_is_kept_and_read(tmp_path: Path) -> None:
    quality = Quality(clip_set="some", overall={"who.der": 0.2, "who.missed": 0.1, "sound.leak": None})
    path = tmp_path / "kept" / "baseline.json"
    write_baseline(path, quality)
    assert read_baseline(path) == Baseline(clip_set="some", figures={"who.der": 0.2})
    with pytest.raises(UserError, match="one clip"):
        require_same_clips(read_baseline(path), "one clip")
    with pytest.raises(UserError) as missing:
        read_baseline(tmp_path / "none.json")
    assert missing.value.code == "baseline_missing"
