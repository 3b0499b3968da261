"""Only what must run, runs: counted, over one folder, as one process after another would."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from dubline.domain.errors import Cancelled
from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.plans.plan import Plan, node
from dubline.runs.events import Event, Kind
from dubline.runs.tracker import Tracker
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work
from tests.runs import toy
from tests.runs.toy import RAN, Bench

SETTINGS = DubSettings()


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    RAN.clear()


def dub(bench: Bench, text: str, *targets: str, plan: Plan | None = None) -> dict[str, str]:
    goals = [f"result@{target}" for target in targets]
    found = bench.runner.run(plan or toy.plan(*targets), SETTINGS, {"source": bench.source(text)}, goals)
    return {goal: bench.store.read(blob).decode() for goal, blob in found.items() if isinstance(blob, Blob)}


def test_every_target_shares_what_is_before_it(tmp_path: Path) -> None:
    found = dub(Bench(tmp_path), "a b c", "es", "pt")
    assert found == {"result@es": "¡A B C", "result@pt": "~A B C"}
    assert RAN == {"split": 1, "shout": 3, "join": 2}


def test_a_second_run_runs_nothing(tmp_path: Path) -> None:
    dub(Bench(tmp_path), "a b c", "es")
    RAN.clear()
    assert dub(Bench(tmp_path), "a b c", "es") == {"result@es": "¡A B C"}
    assert not RAN


def test_one_changed_word_runs_that_word_and_what_depends_on_it(tmp_path: Path) -> None:
    dub(Bench(tmp_path), "a b c", "es")
    RAN.clear()
    assert dub(Bench(tmp_path), "a X c", "es") == {"result@es": "¡A X C"}
    assert RAN == {"split": 1, "shout": 1, "join": 1}


def test_equal_items_are_done_once(tmp_path: Path) -> None:
    assert dub(Bench(tmp_path), "a a a", "es") == {"result@es": "¡A A A"}
    assert RAN["shout"] == 1


def test_a_new_version_runs_again(tmp_path: Path) -> None:
    dub(Bench(tmp_path), "a b", "es")
    RAN.clear()
    newer = toy.plan("es", shout_stage=replace(toy.SHOUT, version=2))
    dub(Bench(tmp_path), "a b", "es", plan=newer)
    assert RAN == {"shout": 2}


@pytest.mark.parametrize("damage", ["truncate", "flip", "delete"])
def test_a_damaged_artefact_is_found_and_made_again(tmp_path: Path, damage: str) -> None:
    bench = Bench(tmp_path)
    dub(bench, "alpha beta", "es")
    loud = bench.store.put_bytes(b"ALPHA", "text")
    path = bench.store.path(loud)
    if damage == "truncate":
        path.write_bytes(b"ALP")
    elif damage == "flip":
        path.write_bytes(b"ALPHB")
    else:
        path.unlink()
    RAN.clear()
    # Another target needs the damaged artefact; the first one's own result is still whole.
    assert dub(Bench(tmp_path), "alpha beta", "pt") == {"result@pt": "~ALPHA BETA"}
    assert RAN["shout"] == 1 and RAN["split"] == 0


def test_a_given_artefact_replaces_what_leads_to_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    loud = (bench.store.put_bytes(b"HI", "text"), bench.store.put_bytes(b"YOU", "text"))
    given = {"source": bench.source("never read"), "loud": loud}
    found = bench.runner.run(toy.plan("es"), SETTINGS, given, ["result@es"])
    assert isinstance(found["result@es"], Blob)
    assert bench.store.read(found["result@es"]) == "¡HI YOU".encode()
    assert RAN == {"join": 1}


def test_a_failure_keeps_what_was_finished(tmp_path: Path) -> None:
    def fail(work: Work, inputs: Inputs) -> Outcome:
        raise RuntimeError("bug")

    broken = Plan(
        [*toy.plan("es").nodes, node(Stage("fail", "assembly", 1, fail), gives="never", takes="result@es")],
        given=("source",),
    )
    bench = Bench(tmp_path)
    with pytest.raises(RuntimeError, match="bug"):
        bench.runner.run(broken, SETTINGS, {"source": bench.source("a b")}, ["never"])
    RAN.clear()
    assert dub(Bench(tmp_path), "a b", "es") == {"result@es": "¡A B"}
    assert not RAN


def test_stop_ends_the_run_and_the_next_one_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    started = threading.Event()

    def wait_for_stop(work: Work, inputs: Inputs) -> Outcome:
        started.set()
        while True:
            work.progress(0.1)

    slow = toy.plan("es", shout_stage=replace(toy.SHOUT, run=wait_for_stop))
    threading.Thread(target=lambda: (started.wait(), bench.runner.stop.set()), daemon=True).start()
    with pytest.raises(Cancelled):
        dub(bench, "a b", "es", plan=slow)
    RAN.clear()
    dub(Bench(tmp_path), "a b", "es")
    assert RAN == {"shout": 2, "join": 1}


def test_undeclared_settings_and_wrong_outputs_are_bugs(tmp_path: Path) -> None:
    def nosy(work: Work, inputs: Inputs) -> Outcome:
        assert work.settings.speakers
        return {}

    bench = Bench(tmp_path)
    for stage in (Stage("nosy", "assembly", 1, nosy), Stage("empty", "assembly", 1, lambda *_: {})):
        plan = Plan([node(stage, gives="it", takes="source")], given=("source",))
        with pytest.raises((KeyError, TypeError)):
            bench.runner.run(plan, SETTINGS, {"source": bench.source("a")}, ["it"])


def test_it_tells_what_it_does(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    seen: list[Event] = []
    bench.runner.observe = seen.append
    dub(bench, "a b", "es")
    kinds = [(event.kind, event.node.stage.name) for event in seen]
    assert kinds.count((Kind.FINISHED, "shout")) == 2
    assert (Kind.PROGRESS, "shout") in kinds
    assert next(event.items for event in seen if event.kind is Kind.ITEMS) == 2
    seen.clear()
    dub(bench, "a b", "es")
    assert {event.kind for event in seen} == {Kind.REUSED, Kind.ITEMS}


def test_a_plan_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing before it gives"):
        Plan([node(toy.JOIN, gives="result", takes="loud")], given=("source",))
    with pytest.raises(ValueError, match="a second time"):
        Plan([node(toy.SPLIT, gives="words", takes="source")] * 2, given=("source",))


def test_a_phase_is_over_when_its_equal_items_are(tmp_path: Path) -> None:
    """An item whose step another item shares is told of too; a run from the cache counts as no work."""
    plan = toy.plan("es")
    for worked in (True, False):
        bench = Bench(tmp_path)
        tracker = Tracker(tuple(plan), 10.0, {})
        bench.runner.observe = tracker
        dub(bench, "a b a a", "es", plan=plan)
        assert [(state.phase, state.fraction) for state in tracker.phases()] == [
            ("segmentation", 1.0),
            ("synthesis", 1.0),
            ("assembly", 1.0),
        ]
        assert tracker.worked() is worked


def test_a_phase_that_did_one_of_its_items_anew_has_worked(tmp_path: Path) -> None:
    plan = toy.plan("es")
    dub(Bench(tmp_path), "a b c", "es", plan=plan)
    bench, tracker = Bench(tmp_path), Tracker(tuple(plan), 10.0, {})
    bench.runner.observe = tracker
    dub(bench, "a X c", "es", plan=plan)
    assert not tracker.reused_phases()
