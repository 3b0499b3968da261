"""A look ahead knows what an earlier run finished, and only that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.runs.finished import finished
from tests.runs import toy
from tests.runs.toy import RAN, Bench

SETTINGS = DubSettings()


def run(bench: Bench, text: str) -> dict[str, Blob]:
    given = {"source": bench.source(text)}
    bench.runner.run(toy.plan("es"), SETTINGS, given, ["result@es"])
    return given


def ahead(bench: Bench, given: dict[str, Blob], **more: object) -> list[str]:
    plan = toy.plan("es", "pt", **more)
    done = finished(bench.runner, plan.nodes, SETTINGS, given)
    return [f"{node.stage.name}{node.target}" for node in plan if node in done]


def test_what_was_run_is_finished_and_the_other_language_is_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    given = run(bench, "a b a")
    RAN.clear()
    assert ahead(Bench(tmp_path), given) == ["split", "shout", "joines"]
    assert not RAN, "looking runs nothing"


def test_one_missing_item_or_another_version_leaves_all_after_it_open(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    given = run(bench, "a b c")
    assert ahead(bench, given, shout_stage=replace(toy.SHOUT, version=2)) == ["split"]
    bench.store.path(bench.store.put_bytes(b"B", "text")).unlink()
    assert ahead(bench, given) == ["split"]
    assert ahead(bench, {"source": bench.source("a c")}) == []
