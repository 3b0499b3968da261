"""What is read from beside a clip, and which clips a folder has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dubline.domain.errors import UserError
from dubline.domain.time import Span
from dubline.quality.clips import DEFAULT, default_clips, find_clips
from dubline.quality.spans import covered, shared, without
from dubline.quality.truth import Truth, read_rttm, read_truth


def span(start: float, end: float) -> Span:
    return Span.of_seconds(start, end)


def test_sets_of_spans() -> None:
    one, other = [span(0, 2), span(1, 3), span(5, 6)], [span(2, 5.5)]
    assert covered(one) == pytest.approx(4)
    assert covered([span(0, 5), span(1, 2), span(3, 4)]) == pytest.approx(5)
    assert shared(one, other) == [span(2, 3), span(5, 5.5)]
    assert without(one, other) == [span(0, 2), span(5.5, 6)]


def test_rttm_rows_are_turns() -> None:
    text = "SPKR-INFO x\nSPEAKER talk 1 1.500 2.250 <NA> <NA> Ann <NA> <NA>\n"
    (turn,) = read_rttm(text)
    assert (turn.speaker, turn.span) == ("Ann", span(1.5, 3.75))


def test_a_clip_alone_is_a_clip(tmp_path: Path) -> None:
    assert read_truth(tmp_path / "alone.mp4") == Truth()


def test_stems_and_segments(tmp_path: Path) -> None:
    clip = tmp_path / "talk.mp4"
    known = {
        "transcript": "Good morning.",
        "segments": [{"start": 1, "end": 2, "speaker": "Ann", "text": "Good morning."}],
        "speakers": 1,
        "stems": ["talk.Ann.flac", "talk.background.flac"],
    }
    (tmp_path / "talk.mp4.gt.json").write_text(json.dumps(known))
    truth = read_truth(clip)
    assert truth.stems == (tmp_path / "talk.Ann.flac",)
    assert truth.background == tmp_path / "talk.background.flac"
    assert [(turn.speaker, turn.span) for turn in truth.turns] == [("Ann", span(1, 2))]


def test_segments_without_names_are_no_turns(tmp_path: Path) -> None:
    (tmp_path / "talk.mp4.gt.json").write_text(
        json.dumps({"segments": [{"start": 0, "end": 1, "text": "Hi."}]})
    )
    assert read_truth(tmp_path / "talk.mp4").turns == ()


def test_a_folder_gives_what_its_manifest_lists_as_speech(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav", "c.wav"):
        (tmp_path / name).touch()
    items = [
        {"file": "a.wav", "language": "pt"},
        {"file": "b.wav", "language": "zxx"},
        {"file": "c.wav"},
        {"file": "gone.wav", "language": "en"},
    ]
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"items": items}))
    (found,) = find_clips([tmp_path])
    assert (found.name, found.language) == ("a.wav", "pt")
    assert found.targets(["es", "pt-BR"]) == ["es"]
    assert found.targets(["pt"]) == ["en"]
    assert find_clips([tmp_path / "c.wav"])[0].language == ""


def test_places_without_clips_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no clip"):
        find_clips([tmp_path / "none.wav"])
    with pytest.raises(UserError, match="MANIFEST"):
        find_clips([tmp_path])


@pytest.mark.media
def test_the_default_set_is_there_with_its_truth(media_dir: Path) -> None:
    clips = default_clips(media_dir)
    assert len(clips) == len(DEFAULT)
    assert sum(bool(clip.truth.stems and clip.truth.background) for clip in clips) == 4
    assert sum(len(clip.truth.turns) > 0 for clip in clips) >= 6
    assert all(clip.language for clip in clips)
    assert all(path.is_file() for clip in clips for path in clip.truth.stems)
