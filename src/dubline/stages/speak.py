"""The takes: which one of each line to make first, each of them made and listened to, then which others to make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dubline.craft.duration import learned, predict
from dubline.craft.fitting import (
    MANNERS,
    MISHEARD,
    Order,
    Recording,
    Studio,
    plan_orders,
    plan_retakes,
    standing,
    wordings,
)
from dubline.craft.speakable import speakable
from dubline.craft.takes import Listened, nudged, tries, wrong_words
from dubline.craft.voices.pitch import shift
from dubline.domain.errors import EngineError
from dubline.domain.language import base
from dubline.domain.media import programme_span
from dubline.domain.script import Blob, Line, Script
from dubline.domain.speech import Voice
from dubline.domain.time import TICKS_PER_SECOND, seconds
from dubline.ports.registry import Registry
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.sound.loudness import loudness
from dubline.sound.pcm import SPEECH_RATE, Sound, silence
from dubline.sound.resample import at_rate
from dubline.stages.documents import Assignment, Recorded, TakeOrder
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

UNSPEAKABLE = "text_unspeakable"


def order(work: Work, inputs: Inputs) -> Outcome:
    """One take of each line: the likeliest, or the one the line was rendered with before."""
    script = work.read(one(inputs, "script"), Script)
    duration = programme_span(script.media, script.trim).length
    planned = plan_orders(_heard(script), _studio(work.registry, {}), duration)
    asked = [_as_before(line, planned[line.id]) for line in script.lines if line.id in planned]
    return _orders(work, script, asked)


def retake(work: Work, inputs: Inputs) -> Outcome:
    """Now that takes have a length, and each voice a pace: the others that would serve the timing better."""
    script = work.read(one(inputs, "script"), Script)
    takes = [work.read(blob, Recorded) for blob in series(inputs, "recordings")]
    lines = work.read(one(inputs, "assignment"), Assignment).lines
    duration = programme_span(script.media, script.trim).length
    asked = plan_retakes(
        _heard(script),
        recordings(script, [(lines, takes)]),
        _studio(work.registry, _paces(takes)),
        duration,
        MANNERS[work.settings.isochrony],
    )
    return _orders(work, script, asked)


def _heard(script: Script) -> list[Line]:
    """Everybody who is heard, be it in no words."""
    return [*script.lines, *standing(script.wordless)]


def recordings(
    script: Script, rounds: Sequence[tuple[Sequence[str], Sequence[Recorded]]]
) -> dict[str, list[Recording]]:
    """Per line the takes there are of it, as the timing weighs them."""
    found: dict[str, list[Recording]] = {}
    costs = {line.id: wordings(line) for line in script.lines}
    for lines, takes in rounds:
        for line, take in zip(lines, takes, strict=True):
            if not take.failure:
                wrong = MISHEARD * _wrong(take)
                penalty = costs[line].get(take.text, 0.0) + wrong
                found.setdefault(line, []).append(Recording(take.text, take.rate, take.length, penalty))
    return found


def _wrong(take: Recorded) -> float:
    language = take.order.voice.language
    return 0.0 if take.heard is None else min(1.0, wrong_words(take.text, take.heard, language))


def _paces(takes: Sequence[Recorded]) -> Mapping[str, float]:
    return learned(
        (str(take.order.voice), _predicted(take.text, take.order.voice, take.rate), seconds(take.length))
        for take in takes
        if not take.failure
    )


def _predicted(text: str, voice: Voice, rate: float) -> float:
    language = base(voice.language)
    return predict(speakable(text, language), language, rate)


def _studio(registry: Registry, paces: Mapping[str, float]) -> Studio:
    def native_rates(voice: Voice) -> tuple[float, float]:
        return registry.engine(Synthesizer, voice.engine).native_rates

    def expected(text: str, voice: Voice, rate: float) -> float:
        return paces.get(str(voice), 1.0) * _predicted(text, voice, rate)

    return Studio(expected, native_rates)


def _as_before(line: Line, planned: Order) -> Order:
    """A line that was rendered before and is unchanged gets the same take: the same wording at the same rate."""
    return planned if line.rate is None else Order(line.id, line.text, planned.voice, line.rate)


def _orders(work: Work, script: Script, asked: Sequence[Order]) -> Outcome:
    numbers = {line.id: line.take_number for line in script.lines}
    documents = (
        TakeOrder(
            text=order.text,
            voice=order.voice,
            rate=order.rate,
            engine=work.registry.engine(Synthesizer, order.voice.engine).identity(),
            number=numbers[order.line],
        )
        for order in asked
    )
    return {
        "orders": tuple(work.write(document, "take-order") for document in documents),
        "assignment": work.write(Assignment(lines=tuple(order.line for order in asked)), "assignment"),
    }


def speak(work: Work, inputs: Inputs) -> Outcome:
    """A take that comes out wrong is made again in another way, and the best is kept. A text that cannot be
    spoken gives an empty take that says why; the line is then flagged, not lost."""
    order = work.read(one(inputs, "orders"), TakeOrder)
    engine = work.registry.engine(Synthesizer, order.voice.engine)
    engine.require()
    made: list[tuple[float, Recorded, Sound]] = []
    wanted = nudged(order.rate, order.number, engine.native_rates)
    for text, rate in tries(order.text, wanted, engine.native_rates):
        work.progress(0.5)
        try:
            said = engine.speak(speakable(text, order.voice.language), order.voice, rate)
        except EngineError as error:
            if error.code != UNSPEAKABLE:
                raise
            return _recorded(work, Recorded(order=order, rate=rate, failure=error.code), silence(1, 24_000))
        sound = shift(said, order.voice.shift)
        take, badness = _listened(work, order, rate, sound)
        made.append((badness, take, sound))
        if badness == 0:
            break
    _, take, sound = min(made, key=lambda each: each[0])
    return _recorded(work, take.model_copy(update={"tries": len(made)}), sound)


def _listened(work: Work, order: TakeOrder, rate: float, sound: Sound) -> tuple[Recorded, float]:
    language = base(order.voice.language)
    ear = work.engine(Transcriber)
    heard = ear.hear(at_rate(sound, SPEECH_RATE), language) if language in ear.languages() else None
    level = loudness(sound)
    expected = _predicted(order.text, order.voice, rate)
    listened = Listened(order.text, language, sound.duration, expected, level, heard)
    length = sound.frames * TICKS_PER_SECOND // sound.rate
    take = Recorded(order=order, rate=rate, length=length, loudness=level, heard=heard)
    return take, listened.badness


def _recorded(work: Work, take: Recorded, sound: Sound) -> dict[str, Blob]:
    return {"recordings": work.write(take, "recording"), "takes": work.write_sound(sound)}


ORDER = Stage("order takes", "synthesis", 5, order, engines=(Synthesizer,), pace=0.0005)
SPEAK = Stage("speak", "synthesis", 4, speak, engines=(Transcriber,), pace=0.4, warmup=1.0)
RETAKE = Stage(
    "order retakes", "synthesis", 4, retake, settings=("isochrony",), engines=(Synthesizer,), pace=0.001
)
