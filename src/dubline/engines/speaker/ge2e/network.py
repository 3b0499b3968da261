"""Runs the network: mel spectra in, voice prints out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dubline.models.catalogue import Models
from dubline.ports.voice_encoder import Embeddings
from dubline.sound.mel import Mel

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = "ge2e"
BANDS, WIDTH = 40, 256

FULL = 160
"""Frames of a full window, 1.6 s: what the network was trained on."""

WINDOWS_PER_CALL = 16
"""From 4 to 32 windows a call cost the same per window; more fall out of the processor's cache."""

SESSION_BYTES = 16 << 20


class Network:
    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def prints(self, mel: Mel, starts: npt.NDArray[np.int64], ends: Sequence[int]) -> Embeddings:
        """[len(ends), len(starts), WIDTH]: the first `end` frames after each start; silence after the last.

        Shorter ends come with the longest at no cost, because the network hears frame after frame.
        """
        frames = max(ends)
        padded = np.concatenate([mel, np.zeros((frames, BANDS), dtype=np.float32)])
        views = np.lib.stride_tricks.sliding_window_view(padded, frames, axis=0)
        found = np.empty((len(ends), len(starts), WIDTH), dtype=np.float32)
        for first in range(0, len(starts), WINDOWS_PER_CALL):
            batch = views[starts[first : first + WINDOWS_PER_CALL]].transpose(0, 2, 1)
            feed = {"mel": np.ascontiguousarray(batch), "ends": np.array(ends, dtype=np.int64)}
            found[:, first : first + len(batch)] = self._session.run(None, feed)[0]
        return found


@contextmanager
def network(models: Models) -> Iterator[Network]:
    """The one copy in this process, whoever asks."""

    def load() -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = models.path(WEIGHTS) / "model.onnx"
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    with models.pool.use(f"speaker/{WEIGHTS}", load, SESSION_BYTES) as session:
        yield Network(session)


def unit(vectors: Embeddings) -> Embeddings:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
