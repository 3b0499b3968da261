"""Where somebody speaks."""

from __future__ import annotations

from abc import abstractmethod

from dubline.domain.time import Span
from dubline.ports.engine import Engine
from dubline.sound.pcm import Sound


class VoiceActivity(Engine):
    capability = "voice-activity"

    def speech(self, sound: Sound) -> list[Span]:
        """Spans of speech in 16 kHz mono sound, in order, not padded."""
        return self._call(lambda: self._speech(sound))

    @abstractmethod
    def _speech(self, sound: Sound) -> list[Span]: ...
