"""Which nodes of a plan are finished already: their keys are in the ledger and their artefacts in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from dubline.domain.script import Blob
from dubline.domain.settings import DubSettings
from dubline.plans.plan import Node
from dubline.runs.choosing import choose, identity
from dubline.runs.in_process import InProcessRunner
from dubline.runs.keys import step_key
from dubline.stages.stage import Artefact, Inputs
from dubline.storage.ledger import Outputs


def finished(
    runner: InProcessRunner, nodes: Sequence[Node], settings: DubSettings, given: Mapping[str, Artefact]
) -> set[Node]:
    """Of nodes in reading order. What comes after a node that must run cannot be known yet and is none of them."""
    known, found = dict(given), set[Node]()

    @cache
    def engine(target: str, capability: str) -> str:
        return identity(runner.registry, choose(runner.registry, settings, target)[capability])

    def outputs(node: Node, inputs: Inputs) -> Outputs | None:
        engines = {port.capability: engine(node.target, port.capability) for port in node.stage.engines}
        return _kept(runner, step_key(node.stage, settings, node.target, engines, inputs))

    for node in nodes:
        if any(name not in known for name in (*node.takes, *node.each)):
            continue
        steps = [outputs(node, inputs) for inputs in _steps(node, known)]
        if all(step is not None for step in steps):
            found.add(node)
            known |= _given_by(node, [step for step in steps if step is not None])
    return found


def _kept(runner: InProcessRunner, key: str) -> Outputs | None:
    outputs = runner.ledger.find(key)
    blobs = (blob for value in (outputs or {}).values() for blob in _series(value))
    return outputs if all(runner.store.has(blob) for blob in blobs) else None


def _steps(node: Node, known: Mapping[str, Artefact]) -> list[Inputs]:
    """What each step of a node takes: a mapped node has one for every item."""
    whole = {node.own(name): known[name] for name in node.takes}
    if not node.each:
        return [whole]
    rows = zip(*(_series(known[name]) for name in node.each), strict=True)
    return [{**whole, **dict(zip(map(node.own, node.each), row, strict=True))} for row in rows]


def _given_by(node: Node, steps: Sequence[Outputs]) -> dict[str, Artefact]:
    if not node.each:
        return {name: steps[0][node.own(name)] for name in node.gives}
    return {
        name: tuple(blob for step in steps for blob in _series(step[node.own(name)])) for name in node.gives
    }


def _series(value: Artefact) -> tuple[Blob, ...]:
    return (value,) if isinstance(value, Blob) else value
