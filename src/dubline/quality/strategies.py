"""The same takes placed by every strategy, ours among them, and measured by the same rules."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft import fitting
from dubline.craft.hearing import spoken_words
from dubline.domain.script import Blob, Line
from dubline.domain.settings import DubSettings
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.plans.plan import Plan, node
from dubline.ports.synthesizer import Synthesizer
from dubline.quality.chunked import videolingo
from dubline.quality.dubbing import Dubbed
from dubline.quality.measure import time_figures, time_spreads
from dubline.quality.results import Row
from dubline.quality.rivals import Said, Strategy, open_dubbing, pyvideotrans, videolingo_capped
from dubline.quality.sounding import placed_lines, source_speech, take_speech
from dubline.quality.timing import Placed
from dubline.stages.documents import Recorded, TakeOrder
from dubline.stages.inputs import series
from dubline.stages.speak import SPEAK

OURS = "dubline"
SAME_TAKES = "dubline, same takes"
RIVALS: dict[str, Strategy] = {
    "open-dubbing": open_dubbing,
    "pyvideotrans": pyvideotrans,
    "VideoLingo, chunks": videolingo,
    "VideoLingo, to 1.4": videolingo_capped,
}
"""Their rules: docs/quality.md."""


def compared(dubbed: Dubbed) -> dict[str, Row]:
    """One row per strategy for one dub."""
    source, end = source_speech(dubbed), round(dubbed.seconds * TICKS_PER_SECOND)
    takes = _first_takes(dubbed)
    said = [_said(dubbed, line, recorded, take) for line, (recorded, take) in takes]
    placed = {
        OURS: _those(placed_lines(dubbed), said),
        SAME_TAKES: _ours(said, takes, end),
        **{name: strategy(said, end) for name, strategy in RIVALS.items()},
    }
    return {name: _row(dubbed, ways, source) for name, ways in placed.items()}


def _row(dubbed: Dubbed, placed: Sequence[Placed], source: Sequence[Span]) -> Row:
    spreads = time_spreads(placed, source, ())
    figures = time_figures(placed, source, spreads)
    return Row(clip=dubbed.clip.name, target=dubbed.target, figures=figures, spreads=spreads)


def _those(placed: Sequence[Placed], said: Sequence[Said]) -> list[Placed]:
    lines = {one.line for one in said}
    return [one for one in placed if one.line in lines]


Takes = list[tuple[Line, tuple[Recorded, Blob]]]


def _first_takes(dubbed: Dubbed) -> Takes:
    """Each dubbed line's first wording at the voice's own pace. Made as every take is, so most are there already."""
    lines = [line for line in dubbed.script.lines if line.take and line.fit]
    orders = tuple(
        dubbed.shop.store.put_bytes(_order(dubbed, line).model_dump_json().encode(), "json/take-order")
        for line in lines
    )
    plan = Plan([node(SPEAK, gives="recordings takes", each="orders")], given=("orders",))
    found = dubbed.shop.runner.run(plan, DubSettings(), {"orders": orders}, ["recordings", "takes"])
    recorded = [
        Recorded.model_validate_json(dubbed.shop.store.read(blob)) for blob in series(found, "recordings")
    ]
    made = zip(lines, zip(recorded, series(found, "takes"), strict=True), strict=True)
    return [(line, take) for line, take in made if take[0].length]


def _order(dubbed: Dubbed, line: Line) -> TakeOrder:
    if line.take is None:
        raise TypeError("only a dubbed line has a first take")
    voice = line.take.voice
    text = line.candidates[0].text if line.candidates and not line.edited else line.text
    engine = dubbed.shop.registry.engine(Synthesizer, voice.engine)
    return TakeOrder(text=text, voice=voice, rate=1.0, engine=engine.identity())


def _said(dubbed: Dubbed, line: Line, recorded: Recorded, take: Blob) -> Said:
    speech, length = take_speech(dubbed, take)
    words = len(spoken_words(recorded.text, dubbed.target))
    return Said(line.id, line.span, str(recorded.order.voice), words, length, tuple(speech), recorded.rate)


def _ours(said: Sequence[Said], takes: Takes, end: int) -> list[Placed]:
    """Our own fit where it has no choice but these takes."""
    spoken = [
        fitting.Spoken(line, (fitting.Recording(recorded.text, recorded.rate, recorded.length),))
        for line, (recorded, _) in takes
    ]
    by_line = {one.line: one for one in said}
    placed = []
    for each in fitting.fit(spoken, end):
        if each.fit:
            one = by_line[each.line]
            placed.append(one.placed(each.fit.span.start, one.length / each.fit.span.length, end))
    return placed
