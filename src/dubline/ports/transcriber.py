"""Speech to words with times."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from dubline.domain.speech import Utterance
from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.engine import Engine
from dubline.sound.pcm import Sound


class Transcriber(Engine):
    capability = "transcriber"

    @abstractmethod
    def languages(self) -> tuple[str, ...]:
        """Base tags it can hear."""

    def transcribe(
        self,
        sound: Sound,
        windows: Sequence[Span],
        language: str | None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> list[Utterance]:
        """One utterance per window, in order; times are on the sound's own timeline. Sound is 16 kHz mono.

        Windows are at most 30 s. `language` None: detect it once for the whole sound.
        """
        return self._call(lambda: self._transcribe(sound, windows, language, progress))

    @abstractmethod
    def _transcribe(
        self,
        sound: Sound,
        windows: Sequence[Span],
        language: str | None,
        progress: Callable[[float], None],
    ) -> list[Utterance]: ...

    def hear(self, sound: Sound, language: str) -> str:
        """What is understood of one short utterance, without times."""
        return self._call(lambda: self._hear(sound, language))

    def _hear(self, sound: Sound, language: str) -> str:
        """An engine that is quicker at short sounds than at half minutes says so here."""
        span = Span(start=0, end=sound.frames * TICKS_PER_SECOND // sound.rate)
        heard = self._transcribe(sound, [span], language, lambda _: None)
        return "".join(word.text for utterance in heard for word in utterance.words).strip()

    def detect_language(self, sound: Sound) -> tuple[str, float]:
        """The language most likely spoken and how sure that is, 0 to 1."""
        return self._call(lambda: self._detect_language(sound))

    @abstractmethod
    def _detect_language(self, sound: Sound) -> tuple[str, float]: ...
