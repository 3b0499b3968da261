"""Engines without models, found by entry point like anybody's: quick and deterministic, for tests of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dubline.domain.speech import Gender, Turn, Utterance, Voice, Word
from dubline.domain.time import Span, ticks
from dubline.ports.diarizer import Diarizer, VoicePrints
from dubline.ports.separator import Separator
from dubline.ports.synthesizer import Synthesizer
from dubline.ports.transcriber import Transcriber
from dubline.ports.translator import Pair, Translator
from dubline.ports.voice_activity import VoiceActivity
from dubline.ports.voice_encoder import Embeddings, VoiceEncoder
from dubline.sound.pcm import Sound

WORDS = ("red", "blue", "green", "white", "black")
SPANISH = {"red": "rojo", "blue": "azul", "green": "verde", "white": "blanco", "black": "negro"}


class StubSeparator(Separator):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "halves everything"

    def _background(self, sound: Sound, progress: Callable[[float], None]) -> Sound:
        progress(0.5)
        return Sound(sound.samples * np.float32(0.25), sound.rate)


class StubVoiceActivity(VoiceActivity):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "loud is speech"

    def _speech(self, sound: Sound) -> list[Span]:
        block = sound.rate // 10
        count = sound.frames // block
        levels = np.abs(sound.samples[: count * block]).reshape(count, block).max(axis=1) > 0.02
        edges = np.flatnonzero(np.diff(np.concatenate([[0], levels.astype(int), [0]])))
        return [Span.of_seconds(a / 10, b / 10) for a, b in edges.reshape(-1, 2)]


class StubDiarizer(Diarizer):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "speakers take turns"

    def _listen(self, sound: Sound, speech: Sequence[Span]) -> VoicePrints:
        return VoicePrints(tuple(speech), tuple(speech), np.ones((len(speech), 4), dtype=np.float32))

    def _assign(self, prints: VoicePrints, speakers: int | None) -> list[Turn]:
        return [Turn(speaker=f"S{1 + place % 2}", span=span) for place, span in enumerate(prints.windows)]


class StubVoiceEncoder(VoiceEncoder):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "how often the wave crosses zero"

    def _embed(self, sound: Sound, windows: Sequence[Span]) -> Embeddings:
        crossings = [float(np.mean(np.diff(np.sign(sound.cut(window).samples)) != 0)) for window in windows]
        angles = np.pi * np.array(crossings, dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


class StubTranscriber(Transcriber):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "three words a second"

    def languages(self) -> tuple[str, ...]:
        return ("en", "es")

    def _transcribe(
        self, sound: Sound, windows: Sequence[Span], language: str | None, progress: Callable[[float], None]
    ) -> list[Utterance]:
        progress(0.5)
        return [
            Utterance(span=window, words=self._words(sound, window), language=language or "en")
            for window in windows
        ]

    def _words(self, sound: Sound, window: Span) -> tuple[Word, ...]:
        words = []
        for place, span in enumerate(StubVoiceActivity(self.models)._speech(sound)):
            if not span.overlap(window):
                continue
            count = max(1, round(span.duration * 3))
            step = span.length // count
            for number in range(count):
                end = "." if number == count - 1 else ""
                start = span.start + number * step
                text = f" {WORDS[(place + number) % len(WORDS)]}{end}"
                words.append(Word(text=text, span=Span(start=start, end=start + step)))
        return tuple(words)

    def _detect_language(self, sound: Sound) -> tuple[str, float]:
        return "en", 1.0


class StubTranslator(Translator):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "knows five colours"

    def pairs(self) -> tuple[Pair, ...]:
        return (Pair("en", "es", 0.9),)

    def _translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        return [" ".join(SPANISH.get(word.strip("."), word) for word in text.split()) + "." for text in texts]


class StubSynthesizer(Synthesizer):
    name, version, licence, summary = "stub", "1", "Apache-2.0", "hums"
    native_rates = (0.9, 1.2)

    def languages(self) -> tuple[str, ...]:
        return ("es",)

    def voices(self, language: str) -> tuple[Voice, ...]:
        if language != "es":
            return ()
        return tuple(
            Voice(engine="stub", name=name, language="es", gender=Gender.UNKNOWN, pitch=pitch)
            for name, pitch in (("low", 110.0), ("high", 220.0))
        )

    def _speak(self, text: str, voice: Voice, rate: float) -> Sound:
        frames = ticks(0.07 * len(text) / rate) // 2
        pitch = voice.pitch or 100.0
        wave = 0.2 * np.sin(2 * np.pi * pitch * np.arange(frames) / 24_000)
        return Sound(wave.astype(np.float32), 24_000)


class StubCloner(StubSynthesizer):
    name, summary, clones = "stub-cloner", "would sound like whoever it heard", True
