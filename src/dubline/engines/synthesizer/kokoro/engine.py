"""Kokoro-82M on onnxruntime, with phonemes from espeak-ng."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import ClassVar

import numpy as np

from dubline.domain.errors import EngineError, Unavailable
from dubline.domain.speech import Voice
from dubline.engines.synthesizer.kokoro import blending, chinese, espeak_ipa, japanese, network, voices
from dubline.engines.synthesizer.kokoro.breaths import Breath, breaths
from dubline.engines.synthesizer.kokoro.espeak_ipa import PROGRAM
from dubline.engines.synthesizer.kokoro.measured import likenesses, measured
from dubline.engines.synthesizer.kokoro.network import Network
from dubline.engines.synthesizer.kokoro.phonemes import ESPEAK, spoken
from dubline.engines.synthesizer.kokoro.samples import sample
from dubline.ports.engine import Need, program
from dubline.ports.synthesizer import Likenesses, Synthesizer
from dubline.sound.pcm import Samples, Sound, silence
from dubline.sound.trim import trim

WEIGHTS = "kokoro-v1.0"
LOUDEST = 0.95


class Kokoro(Synthesizer):
    name: ClassVar[str] = voices.ENGINE
    version: ClassVar[str] = "2"
    summary: ClassVar[str] = "natural voices in nine languages, about a quarter of real time on one core"
    licence: ClassVar[str] = "Apache-2.0; phonemes by espeak-ng (GPL-3.0, its own process)"
    # Beyond these the word error rate of a recogniser that listens again starts to climb.
    native_rates = (0.9, 1.2)
    preference = 0.9

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def needs(self) -> tuple[Need, ...]:
        return (program(PROGRAM, "espeak-ng"),)

    def identity(self) -> str:
        """With the phonemizer's own version: another one reads words otherwise."""
        return f"{super().identity()}+{espeak_ipa.program_version()}"

    def needs_for(self, language: str) -> tuple[Need, ...]:
        """What a language needs beside the engine's own needs."""
        return {"ja": (japanese.NEED,), "zh": (chinese.NEED,)}.get(language, ())

    def languages(self) -> tuple[str, ...]:
        ready = (tag for tag in ("ja", "zh") if all(need.met() for need in self.needs_for(tag)))
        return (*ESPEAK, *ready)

    def voices(self, language: str) -> tuple[Voice, ...]:
        return tuple(voice for voice in voices.voices_for(language) if voice.language in self.languages())

    def voice(self, name: str, language: str) -> Voice | None:
        """Also any mixture that a name describes."""
        bare = name.removeprefix(f"{self.name}:")
        found = measured(bare) or blending.named(bare)
        return found if found is not None and voices.spoken_in(language, [found]) else None

    def likenesses(self, language: str) -> Likenesses | None:
        return likenesses(language)

    def neighbours(self, of: Sequence[Voice]) -> tuple[Voice, ...]:
        return blending.neighbours(of)

    def sample(self, language: str) -> str:
        return sample(language)

    def _speak(self, text: str, voice: Voice, rate: float) -> Sound:
        if not blending.parts(voice.name):
            raise EngineError("voice_unknown", f"Kokoro has no voice called {voice.name}.")
        self._require(voice.language)
        phrases = spoken(text, voice.language)
        with self._network() as net:
            said = breaths(phrases, lambda phonemes: len(net.tokens(phonemes)))
            parts = [self._breath(net, breath, voice.name, rate) for breath in said]
        if not any(part.size for part in parts):
            raise EngineError("text_unspeakable", f"There is nothing to say in '{text[:60]}'.")
        return Sound(_joined(parts, [breath.pause / rate for breath in said]), network.RATE)

    def preload(self) -> None:
        with self._network():
            pass

    @contextmanager
    def _network(self) -> Iterator[Network]:
        folder = self.models.path(WEIGHTS)
        with self.models.pool.use(f"{self.name}:{folder}", lambda: Network(folder), network.SIZE) as net:
            yield net

    def _require(self, language: str) -> None:
        for need in self.needs_for(language):
            if not need.met():
                raise Unavailable(
                    "engine_missing",
                    f"Kokoro needs {need.what} to speak {language}.",
                    hint=f"Run: {need.fix}",
                )

    def _breath(self, net: Network, breath: Breath, voice: str, rate: float) -> Samples:
        return trim(Sound(net.say(net.tokens(breath.phonemes), voice, rate), network.RATE)).samples


def _joined(parts: Sequence[Samples], pauses: Sequence[float]) -> Samples:
    """Breath, pause, breath …, without a pause at the end, and without clipping."""
    gaps = [silence(round(pause * network.RATE), network.RATE).samples for pause in pauses]
    whole = np.concatenate(list(chain.from_iterable(zip(parts, gaps, strict=True)))[:-1])
    peak = float(np.abs(whole).max())
    return whole if peak <= LOUDEST else np.asarray(whole * np.float32(LOUDEST / peak), dtype=np.float32)
