"""What a person should know of a line: the troubles that were measured, and what its wording is marked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dubline.craft.mix.singing import SINGING
from dubline.craft.scoring import worst_lines
from dubline.domain.script import Line, Script
from dubline.report.model import Mark
from dubline.report.words import FLAGS, plain

ACT = 1.0
"""From this severity on somebody should act."""

MARKED = 0.35
"""Severity of a mark on the wording: worth a look, no more."""


@dataclass(frozen=True)
class Judgement:
    mark: Mark
    severity: float
    reasons: tuple[str, ...]


def judgements(script: Script) -> Mapping[str, Judgement]:
    """By line id. A line kept on purpose is as its maker wanted it; one kept by itself is said to be."""
    troubles = {trouble.line: trouble for trouble in worst_lines(script, len(script.lines))}
    judged = {}
    for line in script.lines:
        trouble, marks = troubles.get(line.id), _marks(line)
        reasons = (*(trouble.sentences if trouble else ()), *marks)
        severity = (trouble.severity if trouble else 0.0) + (
            MARKED if marks and not line.keep_original else 0.0
        )
        judged[line.id] = Judgement(_mark(severity), round(severity, 4), reasons)
    return judged


def _marks(line: Line) -> tuple[str, ...]:
    told = [flag for flag in line.flags if flag == SINGING] if line.keep_original else line.flags
    return tuple(plain(flag, FLAGS) for flag in told)


def _mark(severity: float) -> Mark:
    if severity >= ACT:
        return Mark.WRONG
    return Mark.LISTEN if severity > 0 else Mark.FINE
