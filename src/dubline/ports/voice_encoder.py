"""A voice as a point in space: near points sound alike."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dubline.domain.time import Span
from dubline.ports.engine import Engine
from dubline.sound.pcm import Sound

Embeddings = npt.NDArray[np.float32]


class VoiceEncoder(Engine):
    capability = "voice-encoder"

    @property
    def space(self) -> str:
        """Where its prints live: those of another engine or version cannot be compared with them."""
        return f"{self.spec}@{self.version}"

    def embed(self, sound: Sound, windows: Sequence[Span]) -> Embeddings:
        """One unit-length row per window of 16 kHz mono sound."""
        return self._call(lambda: self._embed(sound, windows))

    @abstractmethod
    def _embed(self, sound: Sound, windows: Sequence[Span]) -> Embeddings: ...
