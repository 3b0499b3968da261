"""Voice prints of windows of any length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dubline.domain.time import Span
from dubline.engines.speaker.ge2e.listening import frames_of, starts
from dubline.engines.speaker.ge2e.network import BANDS, FULL, WEIGHTS, WIDTH, network, unit
from dubline.ports.voice_encoder import Embeddings, VoiceEncoder
from dubline.sound.mel import power_mel
from dubline.sound.pcm import Sound

STEP = 80
"""Frames between the parts a long window is heard in."""


class Ge2eEncoder(VoiceEncoder):
    name = "ge2e"
    version = "1"
    summary = "GE2E speaker encoder, 256 numbers a voice"
    licence = "Apache-2.0"

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def _embed(self, sound: Sound, windows: Sequence[Span]) -> Embeddings:
        if not windows:
            return np.zeros((0, WIDTH), dtype=np.float32)
        parts = [starts(*frames_of(window), FULL, STEP) for window in windows]
        mel = power_mel(sound.samples.reshape(-1), BANDS)
        with network(self.models) as net:
            prints = net.prints(mel, np.concatenate(parts), FULL)
        borders = np.cumsum([0, *map(len, parts)])[:-1]
        return unit(np.add.reduceat(prints, borders, axis=0))
