"""Every line in the target language, by the best route over the translators that are there."""

from __future__ import annotations

from collections.abc import Sequence

from dubline.craft.lines.segmentation import sentences
from dubline.craft.paraphrase import with_lengths
from dubline.craft.translating.routing import Hop, Routes
from dubline.craft.translating.translation import Wordings, translate_lines
from dubline.domain.errors import UserError
from dubline.domain.language import base
from dubline.domain.script import Candidate, Line
from dubline.domain.settings import DubSettings, fixed_terms
from dubline.ports.translator import Context, Translator
from dubline.stages.documents import Language, Lines
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

UNTRANSLATED = "untranslated_words"
TERM_MISSED = "glossary_term_missed"
NAME_MISSED = "kept_name_missed"
NUMBERS_DIFFER = "numbers_differ"
FORMALITY_UNSURE = "formality_unsure"
SAME_LANGUAGE = "same language"

NEIGHBOURS = 3
"""Lines before and after that an engine is shown with each line."""
CHARACTERS_PER_SECOND = 17.0
"""About what a voice says in a second without hurry: a wish told to engines that can keep to a length."""


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
        Hop(engine.spec, pair.source, pair.target, pair.quality, engine.uses_context)
        for engine in engines
        for pair in engine.pairs()
    )


def _translated(work: Work, lines: tuple[Line, ...], spoken: str) -> list[Line]:
    engines = work.engines(Translator)
    by_spec = {engine.spec: engine for engine in engines}

    def ask(engine: str, texts: list[str], source: str, target: str) -> list[str]:
        work.progress(0.5)
        return by_spec[engine].translate(texts, source, target)

    def ask_in_context(engine: str, places: list[int], source: str, target: str) -> list[tuple[str, ...]]:
        work.progress(0.5)
        texts = [lines[place].source_text for place in places]
        contexts = [_context(lines, place, work.settings) for place in places]
        return by_spec[engine].wordings(texts, source, target, contexts)

    wordings = translate_lines(
        ask,
        [line.source_text for line in lines],
        sentences(lines),
        routes(engines),
        source=spoken,
        target=work.target,
        glossary=work.settings.glossary,
        keep=work.settings.do_not_translate,
        formality=work.settings.formality,
        soften=work.settings.soften_profanity,
        ask_in_context=ask_in_context,
    )
    worded = (_worded(line, wording) for line, wording in zip(lines, wordings, strict=True))
    return [_with_lengths(line, work.target, fixed_terms(work.settings)) for line in worded]


def _context(lines: Sequence[Line], place: int, settings: DubSettings) -> Context:
    line = lines[place]
    return Context(
        before=tuple(other.source_text for other in lines[max(0, place - NEIGHBOURS) : place]),
        after=tuple(other.source_text for other in lines[place + 1 : place + 1 + NEIGHBOURS]),
        speaker=line.speaker,
        glossary=settings.glossary,
        keep=settings.do_not_translate,
        formality=settings.formality,
        mild=settings.soften_profanity,
        characters=round(line.span.duration * CHARACTERS_PER_SECOND),
    )


def _worded(line: Line, wordings: Wordings) -> Line:
    text = wordings.candidates[0].text if wordings.candidates else ""
    flags = (*line.flags, *_flags(wordings))
    return line.model_copy(update={"candidates": wordings.candidates, "text": text, "flags": flags})


def _with_lengths(line: Line, target: str, fixed: Sequence[str]) -> Line:
    """Shorter and longer wordings beside those of the translator, for the timing to choose from."""
    return line.model_copy(update={"candidates": with_lengths(line.candidates, target, fixed)})


def _flags(wordings: Wordings) -> list[str]:
    found = {
        UNTRANSLATED: wordings.untranslated,
        TERM_MISSED: wordings.missed_terms,
        NAME_MISSED: wordings.missed_names,
        NUMBERS_DIFFER: wordings.numbers_lost,
        FORMALITY_UNSURE: wordings.address_unsure,
    }
    return [flag for flag, reason in found.items() if reason]


def _as_is(line: Line) -> Line:
    """Dubbing into the language that is spoken gives every speaker another voice for the same words."""
    candidate = Candidate(text=line.source_text, route=SAME_LANGUAGE)
    return line.model_copy(update={"candidates": (candidate,), "text": line.source_text})


TRANSLATE = Stage(
    "translate",
    "translation",
    4,
    run,
    settings=("glossary", "do_not_translate", "formality", "soften_profanity"),
    engines=(Translator,),
    pace=0.015,
    warmup=0.5,
)
