"""What is wrong with a line, in sentences, and how wrong it is.

Bounds are those of the product's promises: an onset within 0.4 s, a stretch a listener does not notice up to
1.10, words understood again by a recogniser.
"""

from __future__ import annotations

from dataclasses import dataclass

from dubline.domain.script import Line
from dubline.report.model import Mark
from dubline.report.overlaps import Overlap
from dubline.report.words import FLAGS, percent, plain

ONSET = 0.4
FAST = 1.3
SLOW = 0.75
STRETCHED = 1.25
MISHEARD = 0.2
LOST = 0.5
QUIET_FLAGS = frozenset({"kept_original", "retaken", "stock_voice", "shorter"})
"""Flags that say what happened, not that anything is wrong."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `weight` 1 and above means that somebody must act."""

    sentence: str
    weight: float


def faults(line: Line, meetings: tuple[Overlap, ...]) -> list[Fault]:
    """Everything wrong with a line, worst first. A line kept on purpose has only what its flags say."""
    found = [] if line.keep_original else [*_absence(line), *_measured(line)]
    found += [_meeting(line, overlap) for overlap in meetings]
    said = {fault.sentence for fault in found}
    flagged = (
        plain(flag, FLAGS) for flag in line.flags if flag not in QUIET_FLAGS and not _covered(flag, line)
    )
    found += [Fault(sentence, 0.35) for sentence in flagged if sentence and sentence not in said]
    return sorted(found, key=lambda fault: -fault.weight)


def mark(found: list[Fault]) -> Mark:
    if any(fault.weight >= 1.0 for fault in found):
        return Mark.WRONG
    return Mark.LISTEN if found else Mark.FINE


def severity(found: list[Fault]) -> float:
    """The worst fault decides, the others add a little."""
    weights = sorted((fault.weight for fault in found), reverse=True)
    return round(weights[0] + 0.1 * sum(weights[1:]), 4) if weights else 0.0


def _absence(line: Line) -> list[Fault]:
    if line.take is None or line.fit is None:
        return [Fault("This line has no dubbed voice.", 3.0)]
    return []


def _measured(line: Line) -> list[Fault]:
    check = line.check
    if check is None or line.fit is None:
        return []
    return [*_heard(check.heard, check.word_error_rate), *_onset(check.onset_error), *_speed(line)]


def _heard(heard: str, rate: float | None) -> list[Fault]:
    if rate is None or rate <= MISHEARD:
        return []
    if not heard.strip():
        return [Fault("The check could not make out any word.", 2.0)]
    weight = 1.0 + rate if rate > LOST else rate
    return [Fault(f"The check heard other words: {percent(min(rate, 1.0))} of them differ.", weight)]


def _onset(error: float) -> list[Fault]:
    if abs(error) <= ONSET:
        return []
    side = "after" if error > 0 else "before"
    return [Fault(f"Starts {abs(error):.1f} s {side} the original.", min(1.5, abs(error)))]


def _speed(line: Line) -> list[Fault]:
    rate = line.check.rate if line.check else 1.0
    if rate > FAST:
        return [Fault(f"Spoken {percent(rate - 1)} faster than this voice's normal pace.", rate - 0.8)]
    if rate < SLOW:
        return [Fault(f"Spoken {percent(1 - rate)} slower than this voice's normal pace.", 0.5)]
    if line.fit and line.fit.stretch and 1 / line.fit.stretch > STRETCHED:
        return [Fault(f"Played {percent(1 / line.fit.stretch - 1)} faster than it was spoken.", 0.5)]
    return []


def _meeting(line: Line, overlap: Overlap) -> Fault:
    if overlap.same_speaker:
        return Fault(
            f"Overlaps another line of the same voice by {overlap.added:.1f} s.", 1.0 + overlap.added
        )
    return Fault(
        f"Talks over another speaker for {overlap.added:.1f} s where the original does not.",
        0.3 + min(1.0, overlap.added),
    )


def _covered(flag: str, line: Line) -> bool:
    """Whether a figure already says what the flag says, only better."""
    check = line.check
    if check is None:
        return False
    rate = check.word_error_rate
    return {
        "late": check.onset_error > ONSET,
        "early": check.onset_error < -ONSET,
        "fast": check.rate > FAST,
        "stretched": check.rate > FAST,
        "misheard": rate is not None and rate > MISHEARD,
        "overlap": True,
    }.get(flag, False)
