"""A small plan with made-up stages: real store, real ledger, real runner, no models."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from dubline.domain.script import Blob
from dubline.models.catalogue import Models
from dubline.plans.plan import Plan, node, per_target
from dubline.ports.registry import Registry
from dubline.runs.in_process import InProcessRunner
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work
from dubline.storage.blobs import BlobStore
from dubline.storage.ledger import Ledger

RAN: Counter[str] = Counter()


def _one(inputs: Inputs, name: str) -> Blob:
    value = inputs[name]
    assert isinstance(value, Blob)
    return value


def split(work: Work, inputs: Inputs) -> Outcome:
    RAN["split"] += 1
    words = work.store.read(_one(inputs, "source")).decode().split()
    return {"words": tuple(work.store.put_bytes(word.encode(), "text") for word in words)}


def shout(work: Work, inputs: Inputs) -> Outcome:
    RAN["shout"] += 1
    work.progress(0.5)
    text = work.store.read(_one(inputs, "words")).decode()
    return {"loud": work.store.put_bytes(text.upper().encode(), "text")}


def join(work: Work, inputs: Inputs) -> Outcome:
    RAN["join"] += 1
    loud = inputs["loud"]
    assert isinstance(loud, tuple)
    mark = {"es": "¡", "pt": "~"}[work.target]
    text = mark + " ".join(work.store.read(blob).decode() for blob in loud)
    return {"result": work.store.put_bytes(text.encode(), "text")}


SPLIT = Stage("split", "segmentation", 1, split)
SHOUT = Stage("shout", "synthesis", 1, shout)
JOIN = Stage("join", "assembly", 1, join)


def plan(*targets: str, shout_stage: Stage = SHOUT) -> Plan:
    shared = (
        node(SPLIT, gives="words", takes="source"),
        node(shout_stage, gives="loud", each="words"),
    )
    own = [per_target((node(JOIN, gives="result", takes="loud"),), target) for target in targets]
    return Plan([*shared, *(item for nodes in own for item in nodes)], given=("source",))


class Bench:
    """A runner over a folder, as a fresh process would make it."""

    def __init__(self, folder: Path) -> None:
        self.store = BlobStore(folder / "blobs")
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.runner = InProcessRunner(self.store, self.ledger, Registry(Models(folder)), cores=2)

    def source(self, text: str) -> Blob:
        return self.store.put_bytes(text.encode(), "text")
