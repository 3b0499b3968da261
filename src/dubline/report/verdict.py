"""The headline: one sentence that says whether the dub can be shown as it is."""

from __future__ import annotations

from dubline.report.model import Mark, Summary
from dubline.report.words import count, percent

MANY = 0.2
"""Beyond this share of lines with something wrong a dub is no longer called good."""


def overall(summary: Summary) -> Mark:
    wrong, listen = summary.marks[Mark.WRONG], summary.marks[Mark.LISTEN]
    if wrong > max(1, summary.lines * 0.1) or summary.missing:
        return Mark.WRONG
    return Mark.LISTEN if wrong or listen > summary.lines * MANY else Mark.FINE


def verdict(summary: Summary, degradations: int) -> str:
    if not summary.lines:
        return "Nobody speaks in this programme, so there was nothing to dub."
    fine, listen, wrong = (summary.marks[mark] for mark in (Mark.FINE, Mark.LISTEN, Mark.WRONG))
    if fine == summary.lines:
        whole = "The one line is" if fine == 1 else f"All {count(fine, 'line', 'lines')} are"
        said = f"{whole} in place" + _understood(summary, "its" if fine == 1 else "their")
    else:
        rest = [f"{listen:,} deserve{'s' if listen == 1 else ''} a listen"] if listen else []
        rest += [f"{wrong:,} need{'s' if wrong == 1 else ''} a hand"] if wrong else []
        said = f"{fine:,} of {count(summary.lines, 'line', 'lines')} came out well, {' and '.join(rest)}"
    if degradations:
        said += f"; {count(degradations, 'step', 'steps')} did less than usual"
    return f"{said}."


def _understood(summary: Summary, whose: str) -> str:
    if summary.word_error_rate is None:
        return ""
    return f" and {percent(max(0.0, 1 - summary.word_error_rate))} of {whose} words were understood again"
