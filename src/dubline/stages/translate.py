"""Every line in the target language, by the best route over the translators that are there."""

from __future__ import annotations

from dubline.craft.routing import Hop, Routes
from dubline.craft.segmentation import sentences
from dubline.craft.translation import Wordings, translate_lines
from dubline.domain.errors import UserError
from dubline.domain.language import base
from dubline.domain.script import Candidate, Line
from dubline.ports.translator import Translator
from dubline.stages.documents import Language, Lines
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

UNTRANSLATED = "untranslated_words"
TERM_MISSED = "glossary_term_missed"
SAME_LANGUAGE = "same language"


def run(work: Work, inputs: Inputs) -> Outcome:
    lines = work.read(one(inputs, "lines"), Lines).lines
    spoken = work.read(one(inputs, "language"), Language).tag
    if not lines:
        return {"translated": work.write(Lines(lines=()), "lines")}
    if spoken == "und":
        raise UserError(
            "language_unclear",
            "It is not clear which language is spoken.",
            hint="Say it with --from, for example --from en.",
        )
    if base(spoken) == base(work.target):
        translated = [_as_is(line) for line in lines]
    else:
        translated = _translated(work, lines, spoken)
    return {"translated": work.write(Lines(lines=tuple(translated)), "lines")}


def routes(engines: list[Translator]) -> Routes:
    return Routes(
        Hop(engine.spec, pair.source, pair.target, pair.quality)
        for engine in engines
        for pair in engine.pairs()
    )


def _translated(work: Work, lines: tuple[Line, ...], spoken: str) -> list[Line]:
    engines = work.engines(Translator)
    by_spec = {engine.spec: engine for engine in engines}

    def ask(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        work.progress(0.5)
        return by_spec[engine].translate(texts, source, target)

    wordings = translate_lines(
        ask,
        [line.source_text for line in lines],
        sentences(lines),
        routes(engines),
        source=spoken,
        target=work.target,
        glossary=work.settings.glossary,
    )
    return [_worded(line, wording) for line, wording in zip(lines, wordings, strict=True)]


def _worded(line: Line, wordings: Wordings) -> Line:
    flags = list(line.flags)
    flags += [UNTRANSLATED] if wordings.untranslated else []
    flags += [TERM_MISSED] if wordings.missed_terms else []
    text = wordings.candidates[0].text if wordings.candidates else ""
    return line.model_copy(update={"candidates": wordings.candidates, "text": text, "flags": tuple(flags)})


def _as_is(line: Line) -> Line:
    """Dubbing into the language that is spoken gives every speaker another voice for the same words."""
    candidate = Candidate(text=line.source_text, route=SAME_LANGUAGE)
    return line.model_copy(update={"candidates": (candidate,), "text": line.source_text})


TRANSLATE = Stage(
    "translate",
    "translation",
    1,
    run,
    settings=("glossary",),
    engines=(Translator,),
    pace=0.01,
    warmup=0.5,
)
