"""Text to speech."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from dubline.domain.speech import Voice
from dubline.ports.engine import Engine
from dubline.ports.voice_encoder import Embeddings
from dubline.sound.pcm import Sound


@dataclass(frozen=True)
class Likenesses:
    """How voices sound, measured once: one row of `prints` per voice, by the encoder that is named."""

    encoder: str
    """Engine and version: prints of another one live in another space."""
    voices: tuple[Voice, ...]
    prints: Embeddings


class Synthesizer(Engine):
    capability = "synthesizer"
    preference: float = 0.5
    """Which of several able engines is taken by default: the highest."""
    native_rates: tuple[float, float] = (1.0, 1.0)
    """Slowest and fastest rate at which the speech stays as easy to understand as at 1.0."""

    @abstractmethod
    def languages(self) -> tuple[str, ...]:
        """Tags it can speak, best first where it has dialects."""

    @abstractmethod
    def voices(self, language: str) -> tuple[Voice, ...]:
        """Voices for a language, the best first; empty where it cannot speak it."""

    def voice(self, name: str, language: str) -> Voice | None:
        """A voice by its name or by engine and name; none where the language has no such voice."""
        return next((one for one in self.voices(language) if name in (one.name, str(one))), None)

    def likenesses(self, language: str) -> Likenesses | None:
        """Its voices for a language and how they sound, also voices that are too many to be listed; none where
        nobody measured them."""
        return None

    def neighbours(self, of: Sequence[Voice]) -> tuple[Voice, ...]:
        """Voices that sound like something between these, where voices can be mixed; nearest first."""
        return ()

    def sample(self, language: str) -> str:
        """A sentence or two by which voices are compared; empty where there is none."""
        return ""

    def speaks(self, language: str) -> bool:
        return bool(self.voices(language))

    def speak(self, text: str, voice: Voice, rate: float = 1.0) -> Sound:
        """Mono speech without silence at either end. Rate 1.2 is a fifth faster than normal."""
        return self._call(lambda: self._speak(text, voice, rate))

    @abstractmethod
    def _speak(self, text: str, voice: Voice, rate: float) -> Sound: ...
