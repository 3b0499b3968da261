"""The bench as a whole: what it refuses at once, and one small clip from end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dubline.api.dub import read_script
from dubline.api.voices import add_from_recording
from dubline.api.workshop import workshop
from dubline.domain.errors import Unavailable
from dubline.models.catalogue import Models
from dubline.quality import bench, translating
from dubline.quality.baseline import Baseline
from dubline.quality.catalogue import MEASURES
from dubline.quality.clips import find_clips
from dubline.quality.results import Quality, Row, Strategy, Translated
from dubline.quality.strategies import OURS, RIVALS, SAME_TAKES
from dubline.storage.library import Library
from tests.stubbed import dubline


def test_the_usual_set_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBLINE_TEST_MEDIA", str(tmp_path))
    done = dubline(tmp_path, "bench", "quality")
    assert done.returncode == 2
    assert "DUBLINE_TEST_MEDIA" in done.stderr


def test_another_set_than_the_baselines_is_refused_before_any_work(tmp_path: Path) -> None:
    clip, kept = tmp_path / "clip.wav", tmp_path / "kept.json"
    clip.touch()
    kept.write_text(Baseline(clip_set="others", figures={}).model_dump_json())
    done = dubline(tmp_path, "bench", "quality", str(clip), "--baseline", str(kept))
    assert done.returncode == 2
    assert "baseline_differs" in done.stderr


def test_without_sacrebleu_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match=r"pip install 'dubline\[bench\]'"):
        translating.require_scores()


def test_a_pair_is_two_files_of_one_name(tmp_path: Path) -> None:
    for name in ("en-es.en", "en-es.es", "en-fr.en", "notes.txt"):
        (tmp_path / name).touch()
    assert translating.reference_pairs(tmp_path) == [(tmp_path / "en-es.en", tmp_path / "en-es.es")]


def test_strangers_names_stay_text_on_the_page(tmp_path: Path) -> None:
    row = Row(
        clip="a|<script>.mp4",
        target="es",
        figures={"who.der": 0.1, "time.overlap": 0.9},
        spreads={"onset": [0.1, 9.0], "rate": [1.0]},
    )
    quality = Quality(
        clip_set="some",
        rows=[row],
        overall={"who.der": 0.1},
        translation=[Translated(pair="en-es", route="x", lines=1, chrf=50.0, bleu=20.0)],
        strategies=[Strategy(name="dubline", figures={"time.overlap": 0.9})],
        refused={"bad.mp4": "It is broken."},
    )
    paths = bench.write(quality, Baseline(clip_set="some", figures={"who.der": 0.2}), tmp_path)
    data, text, page = (path.read_text() for path in paths)
    assert json.loads(data)["rows"][0]["clip"] == "a|<script>.mp4"
    assert "<script>" not in page and "&lt;script&gt;.mp4" in page
    assert "| a\\|<script>.mp4 | es |" in text and "| diarization error | 10.0 % | 20.0 % |" in text
    assert "http" not in page.replace("http-equiv", "")
    assert "1 dub of some." in page


@pytest.mark.slow
@pytest.mark.media
def test_one_small_clip_from_end_to_end(
    tmp_path: Path, media_dir: Path, models: Callable[..., Models], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number that this clip can give is there; those it has no truth for are not made up. Whom this person's
    voice library knows changes nothing."""
    models("whisper-base", "kokoro-v1.0", "spleeter-2stems", "ge2e")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    clip = media_dir / "a_speech" / "pt_leopard.wav"
    known = Library(tmp_path / "voices")
    monkeypatch.setattr("dubline.api.workshop.voices_home", lambda: tmp_path / "voices")
    with workshop() as shop:
        add_from_recording(shop, "Ana", clip, {"es": "em_alex"})
    assert known.find("Ana") is not None
    clips = find_clips([clip])
    quality = bench.run(clips, ["es"], tmp_path, "one clip")
    (row,) = quality.rows
    unknown = {name for name in row.figures if row.figures[name] is None}
    assert not quality.refused
    assert unknown <= {
        "who.nearest_voices",
        "who.likeness",
        "who.pitch_off",
        "who.range_off",
        "prosody.questions",
        "sound.width_change",
        "sound.quiet_change",
    }
    told = {measure.name for measure in MEASURES if quality.overall[measure.name] is not None}
    assert {"sound.leak", "sound.voice_si_sdr", "who.der"}.isdisjoint(told)
    assert 0.5 < quality.overall["time.overlap"] <= 1.0
    assert quality.overall["words.source_wer"] < 0.5
    assert quality.overall["whole.av_offset"] == pytest.approx(0.0, abs=0.01)
    assert {each.name for each in quality.strategies} == {OURS, SAME_TAKES, *RIVALS}
    script = read_script(tmp_path / "dubs" / "pt_leopard.es.script.json")
    assert [speaker.name for speaker in script.speakers] == [""]
