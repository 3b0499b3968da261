"""Who speaks when, in two steps so that a long video needs no more memory than a short one.

`listen` runs per chunk and keeps only what tells voices apart; `assign` sees all chunks at once, so a speaker
has one name from the first minute to the last.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from dubline.domain.speech import Turn
from dubline.domain.time import Span
from dubline.ports.engine import Engine
from dubline.ports.voice_encoder import Embeddings
from dubline.sound.pcm import Sound


@dataclass(frozen=True)
class VoicePrints:
    """Windows of speech and how each sounds: row i of `embeddings` belongs to `windows[i]`."""

    speech: tuple[Span, ...]
    windows: tuple[Span, ...]
    embeddings: Embeddings


class Diarizer(Engine):
    capability = "diarizer"

    def listen(self, sound: Sound, speech: Sequence[Span]) -> VoicePrints:
        """Voice prints of one chunk of 16 kHz mono sound; spans are on that sound's own timeline."""
        return self._call(lambda: self._listen(sound, speech))

    @abstractmethod
    def _listen(self, sound: Sound, speech: Sequence[Span]) -> VoicePrints: ...

    def assign(self, prints: VoicePrints, speakers: int | None) -> list[Turn]:
        """Turns of speakers named S1, S2, … by first appearance. `speakers` is a hint people may give."""
        return self._call(lambda: self._assign(prints, speakers))

    @abstractmethod
    def _assign(self, prints: VoicePrints, speakers: int | None) -> list[Turn]: ...
