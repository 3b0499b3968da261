"""The Kokoro network: phonemes and a voice's style in, samples out."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dubline.domain.errors import EngineError
from dubline.engines.synthesizer.kokoro.blending import parts
from dubline.sound.pcm import Samples

RATE = 24_000
LIMIT = 510
"""Tokens the network takes at once, without the padding at both ends."""
STYLE_WIDTH = 256
SIZE = 400 << 20
"""Measured: what a process grows by when the session is loaded and has spoken a long line."""

_PAD = 0


class _Session(Protocol):
    def run(
        self, outputs: list[str] | None, feed: dict[str, npt.NDArray[np.generic]]
    ) -> list[npt.NDArray[np.float32]]: ...


class Network:
    def __init__(self, folder: Path) -> None:
        self._voices = folder / "voices"
        self._vocabulary = _vocabulary(folder / "vocab.json")
        self._session = _session(folder / "model.onnx")

    def tokens(self, phonemes: str) -> list[int]:
        """Ids of the phonemes the network knows; an accented letter it does not know loses its accent."""
        known = (
            char if char in self._vocabulary else unicodedata.normalize("NFD", char) for char in phonemes
        )
        return [self._vocabulary[char] for chars in known for char in chars if char in self._vocabulary]

    def say(self, tokens: list[int], voice: str, rate: float) -> Samples:
        feed: dict[str, npt.NDArray[np.generic]] = {
            "tokens": np.array([[_PAD, *tokens, _PAD]], dtype=np.int64),
            "style": self._style(voice, len(tokens)),
            "speed": np.array([rate], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, feed)[0], dtype=np.float32).reshape(-1)

    def _style(self, voice: str, length: int) -> npt.NDArray[np.float32]:
        """The first half of a style is its timbre, the second its manner: a mixture has its shares in each."""
        style = np.zeros((1, STYLE_WIDTH))
        for part in parts(voice):
            shares = np.repeat([part.timbre, part.manner], STYLE_WIDTH // 2)
            style += shares * self._plain_style(part.name, length)
        return style.astype(np.float32)

    def _plain_style(self, voice: str, length: int) -> npt.NDArray[np.float32]:
        """A voice's style depends on the length of what it says: one row per number of tokens."""
        row = min(length, LIMIT) - 1
        style = np.fromfile(
            self._voices / f"{voice}.bin", dtype="<f4", count=STYLE_WIDTH, offset=row * STYLE_WIDTH * 4
        )
        if style.size != STYLE_WIDTH:
            raise EngineError(
                "voice_damaged", f"The voice {voice} is incomplete.", hint="dubline models verify"
            )
        return np.asarray(style.reshape(1, STYLE_WIDTH), dtype=np.float32)


def _vocabulary(path: Path) -> dict[str, int]:
    content: dict[str, dict[str, int]] = json.loads(path.read_text(encoding="utf-8"))
    return content["vocab"]


def _session(path: Path) -> _Session:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread each, so that lines spoken side by side share the cores and the sums never change.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session: _Session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session
