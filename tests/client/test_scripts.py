"""Editing by a program: lines, conflicts, renders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dubline.client import Client, Job, RevisionConflict, Script
from dubline.client.scripts import Line
from tests.service.scripts.conftest import talk_of


@pytest.fixture
def script(client: Client, written: Callable[..., str]) -> Script:
    return client.script(written(talk_of(1100)), "es")


def test_lines_come_page_by_page(script: Script) -> None:
    lines = list(script.lines())
    assert [line.id for line in lines] == [f"L{number:04d}" for number in range(1, 1101)]
    assert (lines[0].span.start, lines[0].speaker, lines[0].text) == (1.0, "S2", "rojo 1.")
    assert lines[0].voice and lines[0].voice.name == "low"
    assert len(list(script.lines(speaker="S1", flag="numbers_differ"))) == 110


def test_an_edit_and_its_way_back(script: Script) -> None:
    line = script.line("L0007")
    done = script.patch(line, text="Siete.", keep_original=False)
    assert (done.state, done.lines[0].text, done.lines[0].stale) == ("stale", "Siete.", True)
    assert [each.id for each in script.lines(stale=True)] == ["L0007"]
    back = script.undo(seen=done.revision)
    assert back.lines[0].text == "rojo 7."
    assert script.redo(seen=back.revision).lines[0].text == "Siete."


def test_nobody_writes_over_somebody_else(script: Script) -> None:
    seen = script.line("L0003")
    script.patch(seen, text="Primero.")
    with pytest.raises(RevisionConflict) as conflict:
        script.patch(seen, text="Segundo.")
    error = conflict.value
    now = Line.of(error.current)
    assert (error.status, error.code, now.text) == (409, "revision_conflict", "Primero.")
    assert script.patch(now, text="Los dos.").lines[0].text == "Los dos."


def test_split_merge_insert_delete(script: Script) -> None:
    halves = script.split(script.line("L0005"), character=4).lines
    assert len(halves) == 2
    merged = script.merge(*halves)
    assert merged.removed == (halves[1].id,)
    made = script.insert(1120.0, 1121.0, "S1", "Fin.", seen=merged.revision)
    assert script.delete(made.lines[0]).removed == (made.lines[0].id,)


def test_an_edit_is_rendered(client: Client, dubbed: Job, at_work: Callable[[], None]) -> None:
    script = client.script(dubbed.id, "es")
    assert not script.render().queued
    line = next(script.lines())
    script.patch(line, text="Otra cosa.")
    assert script.state().state == "stale"
    assert script.render().queued
    at_work()
    done = script.rendered(timeout=120)
    assert (done.state, done.rendered) == ("current", done.revision)
    assert not script.line(line.id).stale
