"""The takes: first which ones are worth making, then each of them, a step of its own."""

from __future__ import annotations

from dubline.craft.duration import predict
from dubline.craft.fitting import Order, plan_orders
from dubline.domain.errors import EngineError
from dubline.domain.language import base
from dubline.domain.script import Line, Script
from dubline.domain.speech import Voice
from dubline.domain.time import TICKS_PER_SECOND
from dubline.ports.synthesizer import Synthesizer
from dubline.sound.loudness import loudness
from dubline.sound.pcm import silence
from dubline.stages.documents import Assignment, Recorded, TakeOrder
from dubline.stages.inputs import one
from dubline.stages.separate import programme_span
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

UNSPEAKABLE = "text_unspeakable"


def order(work: Work, inputs: Inputs) -> Outcome:
    script = work.read(one(inputs, "script"), Script)
    registry = work.registry

    def native_rates(voice: Voice) -> tuple[float, float]:
        return registry.engine(Synthesizer, voice.engine).native_rates

    def expected(text: str, voice: Voice, rate: float) -> float:
        return predict(text, base(voice.language), rate)

    duration = programme_span(script.media, script.trim).length
    planned = plan_orders(script.lines, expected, duration, native_rates)
    settled = {line.id: line for line in script.lines if line.rate is not None}
    chosen = {
        line: [_again(work, settled[line])]
        if line in settled
        else [_take_order(work, each) for each in asked]
        for line, asked in planned.items()
    }
    orders = [order for orders in chosen.values() for order in orders]
    place = iter(range(len(orders)))
    assignment = Assignment(
        orders={line: tuple(next(place) for _ in asked) for line, asked in chosen.items()}
    )
    return {
        "orders": tuple(work.write(order, "take-order") for order in orders),
        "assignment": work.write(assignment, "assignment"),
    }


def _again(work: Work, line: Line) -> TakeOrder:
    """The take a line was rendered with before: the same wording at the same rate."""
    if line.voice is None or line.rate is None:
        raise TypeError(f"line {line.id} was never rendered")
    engine = work.registry.engine(Synthesizer, line.voice.engine)
    return TakeOrder(text=line.text, voice=line.voice, rate=line.rate, engine=engine.identity())


def _take_order(work: Work, order: Order) -> TakeOrder:
    engine = work.registry.engine(Synthesizer, order.voice.engine)
    return TakeOrder(text=order.text, voice=order.voice, rate=order.rate, engine=engine.identity())


def speak(work: Work, inputs: Inputs) -> Outcome:
    """A text that cannot be spoken gives an empty take that says why; the line is then flagged, not lost."""
    order = work.read(one(inputs, "orders"), TakeOrder)
    engine = work.registry.engine(Synthesizer, order.voice.engine)
    engine.require()
    try:
        sound = engine.speak(order.text, order.voice, order.rate)
    except EngineError as error:
        if error.code != UNSPEAKABLE:
            raise
        recording = Recorded(order=order, failure=error.code)
        return {
            "recordings": work.write(recording, "recording"),
            "takes": work.write_sound(silence(1, 24_000)),
        }
    length = sound.frames * TICKS_PER_SECOND // sound.rate
    recording = Recorded(order=order, length=length, loudness=loudness(sound))
    return {"recordings": work.write(recording, "recording"), "takes": work.write_sound(sound)}


ORDER = Stage("order takes", "synthesis", 1, order, engines=(Synthesizer,), pace=0.0005)
SPEAK = Stage("speak", "synthesis", 1, speak, pace=0.35, warmup=1.0)
