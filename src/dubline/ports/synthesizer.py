"""Text to speech."""

from __future__ import annotations

from abc import abstractmethod

from dubline.domain.speech import Voice
from dubline.ports.engine import Engine
from dubline.sound.pcm import Sound


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

    def speaks(self, language: str) -> bool:
        return bool(self.voices(language))

    def speak(self, text: str, voice: Voice, rate: float = 1.0) -> Sound:
        """Mono speech without silence at either end. Rate 1.2 is a fifth faster than normal."""
        return self._call(lambda: self._speak(text, voice, rate))

    @abstractmethod
    def _speak(self, text: str, voice: Voice, rate: float) -> Sound: ...
