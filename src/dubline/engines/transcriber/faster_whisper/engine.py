"""The adapter itself: windows in, one utterance per window out, the same ones every time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dubline.domain.errors import UserError
from dubline.domain.language import base
from dubline.domain.speech import Utterance, Word
from dubline.domain.time import Span, ticks
from dubline.engines.transcriber.faster_whisper import languages as known
from dubline.engines.transcriber.faster_whisper import short
from dubline.engines.transcriber.faster_whisper.levels import frame_levels, is_silent, raised
from dubline.engines.transcriber.faster_whisper.word_times import Heard, settle
from dubline.ports.engine import Need, library
from dubline.ports.transcriber import Transcriber
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

LONGEST_WINDOW = 30.0
SHORTEST_WINDOW = 0.1
BATCH = 4
BEAM = 5
"""Against 1: a quarter more time, and a quarter fewer wrong words in Spanish, German, French, Italian."""
MOST_WORKERS = 4
MODEL_BYTES = 400 << 20
DETECTION_PIECES = 3

NO_SPEECH = 0.6
DOUBTFUL_LOGPROB = -0.8
"""With a high no-speech probability, a text less likely than this was made up ("you", "Thank you.")."""
HOPELESS_LOGPROB = -1.4
"""A text less likely than this was made up whatever else the model says: hums, noise, music."""
LOOPING = 2.4
"""Compression ratio above which a text repeats itself instead of saying what was said."""


@dataclass(frozen=True)
class _Piece:
    """One window as the model gets it. `samples` are at the model's level."""

    window: Span
    samples: Samples


@dataclass(frozen=True)
class _Answer:
    words: tuple[Heard, ...]
    no_speech: float
    logprob: float
    repetition: float

    @property
    def loops(self) -> bool:
        return self.repetition > LOOPING

    @property
    def made_up(self) -> bool:
        doubtful = self.no_speech > NO_SPEECH and self.logprob < DOUBTFUL_LOGPROB
        return doubtful or self.logprob < HOPELESS_LOGPROB


class FasterWhisper(Transcriber):
    name: ClassVar[str] = "faster-whisper"
    version: ClassVar[str] = "1"
    summary: ClassVar[str] = "Whisper on CTranslate2, 8-bit, several windows at once"
    licence: ClassVar[str] = "MIT"
    default_model: ClassVar[str] = "base"

    def weights(self) -> tuple[str, ...]:
        return (f"whisper-{self.model}",)

    def needs(self) -> tuple[Need, ...]:
        return (library("faster_whisper", "faster-whisper"),)

    def languages(self) -> tuple[str, ...]:
        if self._english_only:
            return known.ENGLISH_ONLY
        return tuple(known.STANDARD_TAGS.get(name, name) for name in known.MULTILINGUAL)

    @property
    def _english_only(self) -> bool:
        return self.model.endswith(".en")

    def _transcribe(
        self,
        sound: Sound,
        windows: Sequence[Span],
        language: str | None,
        progress: Callable[[float], None],
    ) -> list[Utterance]:
        pieces = [piece for window in windows if (piece := _piece(sound, window)) is not None]
        empty = language or "und"
        found: dict[Span, Utterance] = {}
        if pieces:
            spoken = base(language) if language else self._detect([piece.samples for piece in pieces])[0]
            empty = spoken
            for piece, answer in zip(pieces, self._answers(pieces, spoken, progress), strict=True):
                found[piece.window] = _utterance(piece, answer, spoken)
        progress(1.0)
        return [
            found.get(window) or Utterance(span=window, words=(), language=empty, no_speech=1.0)
            for window in windows
        ]

    def _answers(
        self, pieces: Sequence[_Piece], language: str, progress: Callable[[float], None]
    ) -> list[_Answer]:
        name = self._whisper_name(language)
        with self._pipeline() as pipeline:
            answers: list[_Answer] = []
            for answer in _listen(pipeline, pieces, name, again=False):
                answers.append(answer)
                progress(len(answers) / len(pieces))
            looping = [place for place, answer in enumerate(answers) if answer.loops]
            second = _listen(pipeline, [pieces[place] for place in looping], name, again=True)
            for place, answer in zip(looping, second, strict=True):
                answers[place] = answer
        return answers

    def _whisper_name(self, language: str) -> str:
        name = known.WHISPER_NAMES.get(language, language)
        if language not in self.languages() and name not in known.MULTILINGUAL:
            raise UserError(
                "language_unsupported",
                f"{self.spec} cannot hear '{language}'.",
                hint=f"It hears: {', '.join(self.languages())}.",
            )
        return name

    def _hear(self, sound: Sound, language: str) -> str:
        piece = sound.samples
        if is_silent(frame_levels(piece, sound.rate)):
            return ""
        if sound.frames > short.LONGEST_SECONDS * SPEECH_RATE:
            return super()._hear(sound, language)
        with self.models.pool.use(self.spec, self._load, MODEL_BYTES) as model:
            text = short.heard(model, raised(piece, sound.rate), self._whisper_name(base(language)))
        return super()._hear(sound, language) if text is None else text

    def _detect_language(self, sound: Sound) -> tuple[str, float]:
        return self._detect([sound.samples])

    def _detect(self, samples: Sequence[Samples]) -> tuple[str, float]:
        """The mean opinion on the loudest half minutes, because an opening may be music or a greeting."""
        if self._english_only:
            return "en", 1.0
        pieces = _loudest(np.concatenate(samples))
        if not pieces:
            return "en", 0.0
        votes: dict[str, float] = {}
        with self._pipeline() as pipeline:
            for piece in pieces:
                for name, probability in _language_opinion(pipeline.model, piece):
                    votes[name] = votes.get(name, 0.0) + probability / len(pieces)
        name = max(sorted(votes), key=lambda language: votes[language])
        return known.STANDARD_TAGS.get(name, name), votes[name]

    def preload(self) -> None:
        with self._pipeline():
            pass

    @contextmanager
    def _pipeline(self) -> Iterator[BatchedInferencePipeline]:
        from faster_whisper import BatchedInferencePipeline

        with self.models.pool.use(self.spec, self._load, MODEL_BYTES) as model:
            # The pipeline is a thin coat with a memory of its own: calls that run side by side need one each.
            yield BatchedInferencePipeline(model)

    def _load(self) -> WhisperModel:
        """One thread a call and several calls at once: a second thread in one call wins next to nothing here,
        and its busy waiting costs tenfold as soon as anybody else wants the core."""
        from faster_whisper import WhisperModel

        folder = str(self.models.path(self.weights()[0]))
        workers = min(MOST_WORKERS, os.cpu_count() or 1)
        return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1, num_workers=workers)


def _piece(sound: Sound, window: Span) -> _Piece | None:
    """The samples of a window, or None where there is nothing to hear."""
    samples = sound.cut(window).samples[: int(LONGEST_WINDOW * SPEECH_RATE)]
    if len(samples) < SHORTEST_WINDOW * SPEECH_RATE or is_silent(frame_levels(samples, sound.rate)):
        return None
    return _Piece(window, raised(samples, sound.rate))


def _listen(
    pipeline: BatchedInferencePipeline, pieces: Sequence[_Piece], language: str, *, again: bool
) -> Iterator[_Answer]:
    """One answer per piece, in order. `again` forbids repeated phrases.

    The library rounds a clip's start down to 10 ms, so the pieces are laid end to end on whole seconds.
    """
    if not pieces:
        return
    lengths = [-(-len(piece.samples) // SPEECH_RATE) for piece in pieces]
    starts = [sum(lengths[:place]) for place in range(len(pieces))]
    joined = np.zeros(sum(lengths) * SPEECH_RATE, dtype=np.float32)
    for piece, start in zip(pieces, starts, strict=True):
        joined[start * SPEECH_RATE : start * SPEECH_RATE + len(piece.samples)] = piece.samples
    clips = [
        {"start": float(start), "end": start + len(piece.samples) / SPEECH_RATE}
        for piece, start in zip(pieces, starts, strict=True)
    ]
    segments, _ = pipeline.transcribe(
        joined,
        language=language,
        clip_timestamps=clips,
        batch_size=BATCH,
        beam_size=BEAM,
        temperature=0.0,
        word_timestamps=True,
        vad_filter=False,
        condition_on_previous_text=False,
        no_repeat_ngram_size=3 if again else 0,
    )
    for segment, start in zip(segments, starts, strict=True):
        words = tuple(
            Heard(word.word, float(word.start) - start, float(word.end) - start, float(word.probability))
            for word in segment.words or ()
        )
        yield _Answer(words, segment.no_speech_prob, segment.avg_logprob, segment.compression_ratio)


def _utterance(piece: _Piece, answer: _Answer, language: str) -> Utterance:
    if answer.made_up or answer.loops:
        return Utterance(span=piece.window, words=(), language=language, no_speech=answer.no_speech)
    levels = frame_levels(piece.samples, SPEECH_RATE)
    words = settle(answer.words, levels, len(piece.samples) / SPEECH_RATE)
    start = piece.window.start
    return Utterance(
        span=piece.window,
        words=tuple(
            Word(
                text=word.text,
                span=Span(start=start + ticks(word.start), end=start + ticks(word.end)),
                confidence=round(word.confidence, 4),
            )
            for word in words
        ),
        language=language,
        no_speech=round(answer.no_speech, 4),
    )


def _loudest(samples: Samples) -> list[Samples]:
    """Up to three half minutes that can be heard, the loudest ones, in order of time."""
    size = int(LONGEST_WINDOW * SPEECH_RATE)
    pieces = [samples[at : at + size] for at in range(0, len(samples), size)]
    audible = [piece for piece in pieces if not is_silent(frame_levels(piece, SPEECH_RATE))]
    powers = [float(np.square(piece).sum()) for piece in audible]
    chosen = sorted(range(len(audible)), key=lambda place: (-powers[place], place))[:DETECTION_PIECES]
    return [raised(audible[place], SPEECH_RATE) for place in sorted(chosen)]


def _language_opinion(model: WhisperModel, samples: Samples) -> list[tuple[str, float]]:
    _, _, opinion = model.detect_language(audio=samples)
    return [(str(name), float(probability)) for name, probability in opinion]
