"""Subtitle files as text. What people said is text and stays text: nothing of it may act as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pysubs2

from dubline.domain.time import TICKS_PER_SECOND, Span

Form = Literal["srt", "vtt", "ass"]
Screen = tuple[Span, tuple[str, ...], str]

NOTICE = "Made by dubline"
COLOURS = (
    (255, 255, 255),
    (255, 229, 128),
    (153, 225, 255),
    (179, 255, 179),
    (255, 190, 220),
    (220, 200, 255),
)
"""One per speaker, in order of appearance; then from the start again."""

JOINER = "\u2060"
"""An invisible character that keeps two others from meaning something together."""

BRACE_OPEN, BRACE_CLOSE, BACKSLASH = "\ue000", "\ue001", "\ue002"
"""Stand-ins while the library, which takes every text for ASS markup, does its work."""

AFTERWARDS: Mapping[Form, Mapping[str, str]] = {
    "srt": {BRACE_OPEN: "{" + JOINER, BRACE_CLOSE: "}", BACKSLASH: "\\"},
    "vtt": {BRACE_OPEN: "{", BRACE_CLOSE: "}", BACKSLASH: "\\"},
    "ass": {BRACE_OPEN: "\\{", BRACE_CLOSE: "\\}", BACKSLASH: "\\" + JOINER},
}


def written(screens: Sequence[Screen], form: Form) -> str:
    file = pysubs2.SSAFile()
    speakers = list(dict.fromkeys(speaker for _, _, speaker in screens))
    if form == "ass":
        file.info |= {"PlayResX": "1920", "PlayResY": "1080"}
        for at, speaker in enumerate(speakers):
            file.styles[_style(speaker)] = _look(at)
    for span, rows, speaker in screens:
        event = pysubs2.SSAEvent(start=_millis(span.start), end=_millis(span.end))
        event.text = r"\N".join(_safe(row, form) for row in rows)
        if form == "ass":
            event.style = event.name = _style(speaker)
        file.append(event)
    text = file.to_string("ass", header_notice=NOTICE) if form == "ass" else file.to_string(form)
    for stand_in, meant in AFTERWARDS[form].items():
        text = text.replace(stand_in, meant)
    return text


def _safe(row: str, form: Form) -> str:
    row = " ".join(row.split())
    if form == "vtt":
        row = row.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    elif form == "srt":
        row = row.replace("<", "<" + JOINER).replace("-->", f"--{JOINER}>")
    return row.replace("\\", BACKSLASH).replace("{", BRACE_OPEN).replace("}", BRACE_CLOSE)


def _style(speaker: str) -> str:
    """A style's name may hold no comma: it would end its field."""
    return speaker.replace(",", " ").strip() or "Default"


def _look(at: int) -> pysubs2.SSAStyle:
    colour = pysubs2.Color(*COLOURS[at % len(COLOURS)])
    return pysubs2.SSAStyle(
        fontname="Arial",
        fontsize=60,
        primarycolor=colour,
        outline=3,
        shadow=0,
        marginl=120,
        marginr=120,
        marginv=60,
    )


def _millis(moment: int) -> int:
    return moment * 1000 // TICKS_PER_SECOND
