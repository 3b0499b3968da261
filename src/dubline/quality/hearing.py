"""The finished mix listened to, as somebody at home would hear it: background, neighbours and all.

Listening is a step like any other, so a mix that did not change is not listened to again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from dubline.domain.language import base
from dubline.domain.script import Line
from dubline.domain.settings import DubSettings
from dubline.domain.speech import Utterance
from dubline.domain.time import Span, ticks
from dubline.plans.plan import Plan, node
from dubline.ports.transcriber import Transcriber
from dubline.quality.dubbing import Dubbed
from dubline.quality.words import NONE, WordErrors, word_errors
from dubline.sound.pcm import SPEECH_RATE
from dubline.sound.resample import at_rate
from dubline.stages.documents import Finished
from dubline.stages.inputs import one
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

AROUND, PAUSE, LONGEST = ticks(0.5), ticks(2.0), ticks(28.0)
"""Heard before and after a stretch of talk; the longest pause within one; the longest a recogniser takes at once."""


def listen(work: Work, inputs: Inputs) -> Outcome:
    transcriber, language = work.engine(Transcriber), base(work.target)
    mix = work.sound(one(inputs, "dub"))
    windows = talk_windows(work.read(one(inputs, "final"), Finished).script.lines, mix.frames)
    if language not in transcriber.languages() or not windows:
        return {"understood": work.write_list([], "utterances")}
    heard = transcriber.transcribe(at_rate(mix.mono(), SPEECH_RATE), windows, language)
    return {"understood": work.write_list(heard, "utterances")}


LISTEN = Stage("listen to the mix", "combination", 2, listen, engines=(Transcriber,))


def mix_errors(dubbed: Dubbed) -> WordErrors:
    """What is understood of the whole dub, against its lines. A stretch of talk at a time: a recogniser gives up on
    the rest of a long window when the voice changes, which is its fault and not the dub's."""
    lines = [line for line in dubbed.script.lines if line.fit and line.take]
    windows = talk_windows(lines, dubbed.dub.frames)
    understood, total = _understood(dubbed), NONE
    if not understood:
        return NONE
    for window, utterance in zip(windows, understood, strict=True):
        said = (line.text for line in sorted(lines, key=_start) if window.start <= _middle(line) < window.end)
        total += word_errors(" ".join(said), " ".join(word.text for word in utterance.words), dubbed.target)
    return total


def _understood(dubbed: Dubbed) -> list[Utterance]:
    """One utterance per window of talk, or none where the recogniser does not know the language."""
    step = replace(node(LISTEN, gives="understood", takes="dub final"), target=dubbed.target)
    given = {name: dubbed.blob(name) for name in step.takes}
    found = dubbed.shop.runner.run(Plan([step], given=step.takes), DubSettings(), given, step.gives)
    return TypeAdapter(list[Utterance]).validate_json(dubbed.shop.store.read(one(found, "understood")))


def talk_windows(lines: Sequence[Line], end: int) -> list[Span]:
    """Where dubbed lines sound, each with a little around it; outside of it the original speaks, in its own
    language. What one voice says is heard in one go as far as a recogniser takes it, because words alone are
    misheard; another voice starts a window of its own."""
    windows: list[Span] = []
    voice = ""
    for line in sorted((line for line in lines if line.fit and line.take), key=_start):
        span = Span(start=min(_start(line), end), end=min(_end(line), end))
        last = windows[-1] if windows else None
        if last and _together(last, span, voice == str(line.voice)):
            windows[-1] = Span(start=last.start, end=max(last.end, span.end))
        else:
            windows.append(
                Span(start=max(span.start, last.end if last else 0), end=max(span.end, span.start))
            )
        voice = str(line.voice)
    return _widened([window for window in windows if window.length], end)


def _together(window: Span, span: Span, one_voice: bool) -> bool:
    if max(window.end, span.end) - window.start > LONGEST:
        return False
    return span.start < window.end or (one_voice and span.start - window.end <= PAUSE)


def _widened(windows: Sequence[Span], end: int) -> list[Span]:
    """Each with some of the pause on either side, and never more than half of it."""
    ends = [0, *(window.end for window in windows)]
    starts = [*(window.start for window in windows), end]
    room = [min(AROUND, max(0, start - before) // 2) for before, start in zip(ends, starts, strict=True)]
    return [
        Span(start=window.start - room[at], end=window.end + room[at + 1])
        for at, window in enumerate(windows)
    ]


def _start(line: Line) -> int:
    return line.fit.span.start if line.fit else line.span.start


def _end(line: Line) -> int:
    return line.fit.span.end if line.fit else line.span.end


def _middle(line: Line) -> int:
    return (line.fit.span.start + line.fit.span.end) // 2 if line.fit else line.span.start
