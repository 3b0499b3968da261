"""Dubs with stub engines in a process of its own, and kills it where it is told: `driver.py IN OUT POINT SPARED`.

POINT is none, or where within a stage the process dies; it dies in the first stage that is not among the SPARED
(names joined by /) and says which one that was. The points: started, working (in mid-stage), storing (an artefact
is written but has no name yet), stored (it has its name, the ledger does not know), finishing (inside the
ledger's transaction), finished (just after it).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event

from dubline.api.dub import Watch, carry_out, request_for
from dubline.api.job import prepare
from dubline.api.workshop import workshop
from dubline.domain.settings import Engines
from dubline.runs.events import Event, Kind
from dubline.runs.in_process import _Execution
from dubline.storage.blobs import BlobStore
from dubline.storage.ledger import Ledger

POINTS = ("started", "working", "storing", "stored", "finishing", "finished")

STUBS = Engines(
    separator="stub",
    voice_activity="stub",
    diarizer="stub",
    voice_encoder="stub",
    transcriber="stub",
    translator="stub",
    synthesizer="stub",
)


def die(stage: str) -> None:
    sys.stdout.write(f"killed in {stage}\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, spared: set[str]) -> None:
    """Put the death where it belongs. The steps run one after another, so the stage at work is known."""
    at_work = {"stage": ""}
    tell = _Execution._tell
    deaths = {Kind.STARTED: "started", Kind.PROGRESS: "working", Kind.FINISHED: "finished"}

    def watch(execution: _Execution, told: Event) -> None:
        if told.kind is Kind.STARTED:
            at_work["stage"] = told.node.stage.name
        stage = told.node.stage.name
        if stage not in spared and deaths.get(told.kind) == point:
            die(stage)
        tell(execution, told)
        if told.kind is Kind.FINISHED:
            at_work["stage"] = ""

    def die_in_stage(*_: object) -> None:
        if at_work["stage"] and at_work["stage"] not in spared:
            die(at_work["stage"])

    _Execution._tell = watch  # type: ignore[method-assign]
    if point == "storing":
        BlobStore.put = _before(BlobStore.put, die_in_stage)  # type: ignore[method-assign, assignment]
    elif point == "stored":
        BlobStore.put = _after(BlobStore.put, die_in_stage)  # type: ignore[method-assign, assignment]
    elif point == "finishing":
        open_ledger = Ledger.__init__

        def opened(ledger: Ledger, path: Path) -> None:
            open_ledger(ledger, path)
            event.listen(ledger.engine, "commit", die_in_stage)

        Ledger.__init__ = opened  # type: ignore[method-assign]


def _before(method: Callable[..., object], act: Callable[..., None]) -> Callable[..., object]:
    def wrapped(*args: object, **kwargs: object) -> object:
        act()
        return method(*args, **kwargs)

    return wrapped


def _after(method: Callable[..., object], act: Callable[..., None]) -> Callable[..., object]:
    def wrapped(*args: object, **kwargs: object) -> object:
        result = method(*args, **kwargs)
        act()
        return result

    return wrapped


def main(source: str, out: str, point: str, spared: str) -> None:
    if point != "none":
        arm(point, set(spared.split("/")))
    request = request_for(
        Path(source), ["es"], out=out, source_language="en", engines=STUBS, chunk_minutes=0.1
    )
    with workshop(cores=1) as shop:
        carry_out(prepare(request, shop), Watch())
        counts = shop.ledger.counts()
    sys.stdout.write(f"done {sum(counts.values())}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
