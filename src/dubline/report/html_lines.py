"""The lines: the ones worth attention as cards, all of them as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher

from dubline.domain.time import clock, seconds
from dubline.report.html_waves import small_wave, wave
from dubline.report.markup import Markup, join, tag
from dubline.report.model import LineReport, Mark, Report
from dubline.report.waveform import LineWave
from dubline.report.words import percent, signed

SAID = {Mark.FINE: "fine", Mark.LISTEN: "listen", Mark.WRONG: "needs a hand"}
CARD_TEXT = 2_000
TEXTS = 900_000
"""Bytes all texts of the table may take together; a long programme shows its texts shortened."""


def cards(report: Report, chosen: Sequence[LineReport], waves: Mapping[str, LineWave]) -> Markup | None:
    if not chosen:
        return None
    faulty = sum(line.severity > 0 for line in report.lines)
    title = "Worst lines first" if faulty == len(chosen) else f"The {len(chosen)} worst of {faulty:,} lines"
    return tag(
        "section",
        tag("h2", title),
        tag("div", (_card(line, waves.get(line.id)) for line in chosen), class_="cards"),
    )


def table(report: Report, waves: Mapping[str, LineWave]) -> Markup:
    limit = max(80, TEXTS * 2 // max(1, len(report.lines)) // 3)
    heads = (
        ("number", "Line", True),
        ("speaker", "Who", True),
        ("wave", "Sound", False),
        ("text", "Original and dub", False),
        ("onset", "Start", True),
        ("rate", "Pace", True),
        ("wer", "Misheard", True),
        ("severity", "Remarks", True),
    )
    return tag(
        "section",
        tag("h2", "All lines"),
        _controls(report),
        tag(
            "div",
            tag(
                "table",
                tag("thead", tag("tr", (_head(*head) for head in heads))),
                tag("tbody", (_row(line, waves.get(line.id), limit) for line in report.lines)),
                class_="lines",
            ),
            class_="scroll",
        ),
    )


def _card(line: LineReport, shown: LineWave | None) -> Markup:
    return tag(
        "article",
        tag(
            "header",
            tag("h3", f"Line {line.number}"),
            tag("span", line.speaker, class_="speaker"),
            tag("span", f"{clock(line.original.start)}–{clock(line.original.end)}", class_="time"),
            _players(line),
            tag("span", SAID[line.mark], class_="badge"),
        ),
        tag("ul", (tag("li", reason) for reason in line.reasons), class_="reasons"),
        tag("div", _picture(line, shown), _texts(line), class_="body"),
        tag("p", _measures(line), class_="measures"),
        id=f"line-{line.number}",
        class_=f"card {line.mark}",
    )


def _picture(line: LineReport, shown: LineWave | None) -> Markup | None:
    if shown is None:
        return None
    first, last = shown.window.start, shown.window.end
    return tag(
        "figure",
        tag("figcaption", tag("span", "Original", class_="k-original"), tag("span", "Dub", class_="k-dub")),
        tag(
            "div",
            wave(line, shown),
            tag("p", *(tag("span", clock(at)) for at in (first, (first + last) // 2, last)), class_="axis"),
        ),
    )


def _texts(line: LineReport) -> Markup:
    heard = _heard(line)
    rows = (
        ("Original", _clipped(line.source_text, CARD_TEXT)),
        ("Dub", _clipped(line.text, CARD_TEXT) or "–"),
    )
    return tag(
        "dl",
        (tag("div", tag("dt", name), tag("dd", text, dir="auto")) for name, text in rows),
        heard and tag("div", tag("dt", "Heard"), tag("dd", heard, dir="auto")),
    )


def _heard(line: LineReport) -> Markup | None:
    """What the recogniser heard, words that were not meant marked."""
    if line.word_error_rate is None:
        return None
    heard = _clipped(line.heard, CARD_TEXT).split()
    if not heard:
        return tag("i", "nothing")
    same = SequenceMatcher(None, _bare(line.text.split()), _bare(heard), autojunk=False)
    kept = {place for block in same.get_matching_blocks() for place in range(block.b, block.b + block.size)}
    words = (word if place in kept else tag("mark", word) for place, word in enumerate(heard))
    return join(*(part for word in words for part in (word, " ")))


def _bare(words: Sequence[str]) -> list[str]:
    return ["".join(sign for sign in word.casefold() if sign.isalnum()) for word in words]


def _measures(line: LineReport) -> str:
    told = [line.voice] if line.voice else []
    told += [f"start {signed(line.onset_error)}"] if line.onset_error is not None else []
    told += [f"pace {line.rate:.2f} ×"] if line.rate is not None else []
    told += [f"sped up {1 / line.stretch:.2f} ×"] if line.stretch else []
    told += [f"{percent(line.word_error_rate)} misheard"] if line.word_error_rate is not None else []
    told += ["edited by hand"] if line.edited else []
    return " · ".join((*told, *line.notes))


def _players(line: LineReport) -> Markup:
    """Shown only where the script runs; the sound is that of the files beside the report."""
    start, end = seconds(line.original.start), seconds(line.original.end)
    original = tag("button", "Original", type="button", data_play="original", data_from=start, data_to=end)
    dub = line.dub and tag(
        "button",
        "Dub",
        type="button",
        data_play="dub",
        data_from=seconds(line.dub.start),
        data_to=seconds(line.dub.end),
    )
    return tag("span", original, dub, class_="players")


def _controls(report: Report) -> Markup:
    speakers = dict.fromkeys(line.speaker for line in report.lines)
    return tag(
        "form",
        tag("label", "Find ", tag("input", type="search", id="find", autocomplete="off")),
        tag(
            "label",
            "Speaker ",
            tag(
                "select", tag("option", "all", value=""), (tag("option", name) for name in speakers), id="who"
            ),
        ),
        tag("label", tag("input", type="checkbox", id="faulty"), " only with remarks"),
        tag("output", id="shown", aria_live="polite"),
        class_="controls",
    )


def _head(key: str, label: str, sorts: bool) -> Markup:
    inner = tag("button", label, type="button", data_sort=key) if sorts else label
    return tag("th", inner, scope="col", class_=f"c-{key}")


def _row(line: LineReport, shown: LineWave | None, limit: int) -> Markup:
    return tag(
        "tr",
        tag("th", str(line.number), tag("small", clock(line.original.start)), scope="row"),
        tag("td", line.speaker),
        tag("td", small_wave(shown) if shown else None),
        tag(
            "td",
            tag("p", _clipped(line.source_text, limit), dir="auto"),
            tag("p", _clipped(line.text, limit) or "–", dir="auto"),
        ),
        _figure(line.onset_error, signed),
        _figure(line.rate, lambda rate: f"{rate:.2f} ×"),
        _figure(line.word_error_rate, percent),
        tag("td", _clipped(" ".join(line.reasons), 400) or _standing(line), data_v=line.severity),
        id=f"row-{line.number}",
        class_=str(line.mark),
    )


def _standing(line: LineReport) -> str:
    return "the original is kept" if line.kept_original else SAID[line.mark]


def _figure(value: float | None, told: Callable[[float], str]) -> Markup:
    return tag("td", "–") if value is None else tag("td", told(value), data_v=float(value))


def _clipped(text: str, limit: int) -> str:
    """At most `limit` bytes of page, escapes counted, so that hostile texts cannot blow it up."""
    if len(text) * 6 <= limit:
        return text
    room = limit
    for place, sign in enumerate(text):
        room -= 6 if sign in "<>&\"'" else len(sign.encode("utf-8", "replace"))
        if room < 0:
            return f"{text[:place]}…"
    return text
