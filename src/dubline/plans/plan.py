"""A plan is a readable graph: which stage takes which artefacts and gives which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dubline.stages.stage import Stage


@dataclass(frozen=True)
class Node:
    """A stage in its place. `each` names series that are taken item by item, side by side; the stage then
    runs once per item and everything it gives is a series of the same length. `known_as` tells which name the
    stage itself knows an artefact by, where the plan has another: a stage may stand in two places."""

    stage: Stage
    gives: tuple[str, ...]
    takes: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    target: str = ""
    known_as: tuple[tuple[str, str], ...] = ()

    def own(self, name: str) -> str:
        """The name the stage knows an artefact by: `script@es` → `script`."""
        plain = name.partition("@")[0]
        return dict(self.known_as).get(plain, plain)


def node(stage: Stage, *, gives: str, takes: str = "", each: str = "") -> Node:
    """Names separated by spaces; `more_takes:takes` is what the plan calls more_takes and the stage takes."""
    pairs = [name.split(":") for name in (*gives.split(), *takes.split(), *each.split()) if ":" in name]
    known_as = tuple((plan, stage) for plan, stage in pairs)
    return Node(stage, _names(gives), _names(takes), _names(each), known_as=known_as)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.partition(":")[0] for name in text.split())


class Plan:
    """Nodes in reading order. Every artefact is given once, and before it is taken."""

    def __init__(self, nodes: Sequence[Node], given: Sequence[str]) -> None:
        self.nodes = tuple(nodes)
        self.given = tuple(given)
        known = set(given)
        for item in self.nodes:
            if unknown := {*item.takes, *item.each} - known:
                raise ValueError(f"{item.stage.name} takes {sorted(unknown)}, which nothing before it gives")
            if again := known & set(item.gives):
                raise ValueError(f"{item.stage.name} gives {sorted(again)} a second time")
            known |= set(item.gives)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def giver(self, name: str) -> Node:
        return next(item for item in self.nodes if name in item.gives)

    def needed(self, goals: Sequence[str], have: Sequence[str] = ()) -> tuple[Node, ...]:
        """The nodes that must run for the goals when some artefacts are at hand already, in reading order."""
        wanted, found = list(goals), set[Node]()
        while wanted:
            name = wanted.pop()
            if name in have or name in self.given:
                continue
            giver = self.giver(name)
            if giver not in found:
                found.add(giver)
                wanted += [*giver.takes, *giver.each]
        return tuple(item for item in self.nodes if item in found)


def per_target(nodes: Sequence[Node], target: str) -> tuple[Node, ...]:
    """The same nodes for one target language: what they give is named `name@target`."""
    own = {name for item in nodes for name in item.gives}

    def named(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{name}@{target}" if name in own else name for name in names)

    return tuple(
        replace(item, gives=named(item.gives), takes=named(item.takes), each=named(item.each), target=target)
        for item in nodes
    )
