"""Where the files of a dub go: names that tell dubs of one film apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from dubline.api.places import places_for
from dubline.domain.time import Span, brief_clock, ticks

TALK = Path("/films/talk.mp4")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0m00"), (12.5, "0m12.5"), (60, "1m00"), (150, "2m30"), (3723.456, "1h02m03.46"), (59.999, "1m00")],
)
def test_a_moment_in_a_name(seconds: float, said: str) -> None:
    assert brief_clock(ticks(seconds)) == said


@pytest.mark.parametrize(
    ("out", "name"),
    [
        (None, "talk.es.1m00-2m30.mp4"),
        (Path("/dubs"), "talk.es.1m00-2m30.mp4"),
        (Path("/dubs/{target}.mkv"), "es.mkv"),
    ],
)
def test_a_part_lies_beside_the_whole(out: Path | None, name: str) -> None:
    part = places_for(TALK, "es", out, False, ".mp4", Span.of_seconds(60, 150))
    whole = places_for(TALK, "es", out, False, ".mp4")
    assert part.result.name == name
    assert part.script.name == f"{name.rpartition('.')[0]}.script.json"
    assert (part == whole) is (name == "es.mkv")
