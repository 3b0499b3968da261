"""Translations beside those of people: chrF2++ and BLEU on reference sets, route by route."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dubline.api.workshop import Workshop
from dubline.craft.translating.repair import unmarked
from dubline.craft.translating.routing import Route
from dubline.domain.errors import Unavailable
from dubline.domain.script import Line
from dubline.domain.settings import DubSettings
from dubline.domain.time import Span
from dubline.plans.dub import dub_plan
from dubline.plans.plan import Plan
from dubline.ports.translator import Translator
from dubline.quality.results import Translated
from dubline.stages.documents import Language, Lines
from dubline.stages.inputs import one
from dubline.stages.translate import routes

SECONDS_A_LINE, ROUTES = 3.0, 3
AS_DUBBED = "as it is dubbed"


def require_scores() -> None:
    """Scores come from sacrebleu, so that they can be compared with anybody's."""
    from importlib.util import find_spec

    if find_spec("sacrebleu") is None:
        raise Unavailable(
            "library_missing",
            "The quality bench scores with sacrebleu.",
            hint="Run: pip install 'dubline[bench]'",
        )


def reference_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Source and reference of every set: `en-es.en` and `en-es.es` hold a line each per line."""
    found = []
    for source in sorted(folder.glob("*-*.*")):
        spoken, target = source.stem.split("-", 1)
        reference = source.with_suffix(f".{target}")
        if source.suffix == f".{spoken}" and reference.is_file():
            found.append((source, reference))
    return found


def scored(shop: Workshop, source: Path, reference: Path) -> list[Translated]:
    """What the dub would say first, then every route by itself without any repair."""
    spoken, target = source.stem.split("-", 1)
    texts, people = (path.read_text("utf-8").splitlines() for path in (source, reference))
    engines = [engine for engine in shop.registry.all(Translator) if not engine.missing()]
    ways = routes(engines).alternatives(spoken, target, limit=ROUTES)
    if not ways:
        return []
    dubbed = _score(_as_dubbed(shop, texts, spoken, target), people)
    rows = [
        Translated(
            pair=source.stem, route=AS_DUBBED, lines=len(texts), chrf=dubbed[0], bleu=dubbed[1], default=True
        )
    ]
    for way in ways:
        chrf, bleu = _score(_by(shop, way, texts), people)
        rows.append(Translated(pair=source.stem, route=str(way), lines=len(texts), chrf=chrf, bleu=bleu))
    return rows


def _score(texts: Sequence[str], people: Sequence[str]) -> tuple[float, float]:
    import sacrebleu

    chrf = sacrebleu.corpus_chrf(list(texts), [list(people)], word_order=2).score
    return round(chrf, 2), round(sacrebleu.corpus_bleu(list(texts), [list(people)]).score, 2)


def _by(shop: Workshop, way: Route, texts: Sequence[str]) -> list[str]:
    said = list(texts)
    for hop in way.hops:
        said = shop.registry.engine(Translator, hop.engine).translate(said, hop.source, hop.target)
    return [unmarked(text) for text in said]


def _as_dubbed(shop: Workshop, texts: Sequence[str], spoken: str, target: str) -> list[str]:
    """Through the dub's own step, with sentences over several lines, repairs and all."""
    step = dub_plan((target,)).giver(f"translated@{target}")
    lines = [
        Line(
            id=f"L{at:04}",
            span=Span.of_seconds(at * SECONDS_A_LINE, (at + 1) * SECONDS_A_LINE - 0.1),
            speaker="S1",
            source_text=text,
        )
        for at, text in enumerate(texts)
    ]
    given = {
        "lines": shop.store.put_bytes(Lines(lines=tuple(lines)).model_dump_json().encode(), "json/lines"),
        "language": shop.store.put_bytes(
            Language(tag=spoken, confidence=1.0).model_dump_json().encode(), "json/language"
        ),
    }
    found = shop.runner.run(Plan([step], given=list(given)), DubSettings(), given, list(step.gives))
    translated = Lines.model_validate_json(shop.store.read(one(found, step.gives[0]))).lines
    return [line.text for line in translated]
