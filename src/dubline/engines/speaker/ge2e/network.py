"""Runs the network: mel spectra in, voice prints out."""

from __future__ import annotations

from collections.abc import Iterator
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

LEVEL = 0.009
"""Mean power of a window: what speech at −30 dBFS has, the level of the recordings the network learned from."""

RUMBLE_BANDS, VOICE_BANDS, MOST_RUMBLE = 2, 8, 25.0
"""Below 200 Hz nothing may be 25 times as strong as the voice above: that is a thump on the microphone."""

WINDOWS_PER_CALL = 16
"""From 4 to 32 windows a call cost the same per window; more fall out of the processor's cache."""

SESSION_BYTES = 16 << 20


class Network:
    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def prints(self, mel: Mel, starts: npt.NDArray[np.int64], frames: int) -> Embeddings:
        """[len(starts), WIDTH]: of so many frames after each start; silence follows the last."""
        padded = np.concatenate([mel, np.zeros((frames, BANDS), dtype=np.float32)])
        views = np.lib.stride_tricks.sliding_window_view(padded, frames, axis=0)
        found = np.empty((len(starts), WIDTH), dtype=np.float32)
        for first in range(0, len(starts), WINDOWS_PER_CALL):
            batch = views[starts[first : first + WINDOWS_PER_CALL]].transpose(0, 2, 1)
            feed = {"mel": levelled(batch), "ends": np.array([frames], dtype=np.int64)}
            found[first : first + len(batch)] = self._session.run(None, feed)[0][0]
        return found

    def prints_of(self, mel: Mel, windows: npt.NDArray[np.int64]) -> Embeddings:
        """One row per window, each given by its first frame and its length."""
        found = np.empty((len(windows), WIDTH), dtype=np.float32)
        for length in np.unique(windows[:, 1]).tolist():
            same = windows[:, 1] == length
            found[same] = self.prints(mel, windows[same, 0], length)
        return found


def levelled(windows: Mel) -> Mel:
    """Windows as loud as each other: the network hears power, and would hear a step back as another person."""
    lows, voice = windows[:, :, :RUMBLE_BANDS], windows[:, :, RUMBLE_BANDS:VOICE_BANDS]
    most = MOST_RUMBLE * voice.mean(axis=(1, 2), keepdims=True)
    quiet = np.concatenate([np.minimum(lows, most), windows[:, :, RUMBLE_BANDS:]], axis=2)
    means = quiet.mean(axis=(1, 2), keepdims=True)
    return np.asarray(quiet * (LEVEL / np.maximum(means, 1e-12)), dtype=np.float32)


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
