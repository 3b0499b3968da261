"""Silero's voice activity network, from the file faster-whisper ships, run on PCM directly.

The whole sound goes through the network in a few calls: one row per 32 ms frame, each with the last 4 ms of
the frame before it, the recurrent state handed from call to call.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.ports.engine import Need
from dubline.ports.voice_activity import VoiceActivity
from dubline.sound.pcm import SPEECH_RATE, Samples, Sound

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Probabilities = npt.NDArray[np.float32]

ASSET = "silero_vad_v6.onnx"
SESSION_BYTES = 8 << 20

FRAME, CONTEXT, STATE = 512, 64, 128
FRAMES_PER_CALL = 4096

ENTER, STAY = 0.5, 0.2
"""Speech begins where it is likely and lasts while it is possible: distant voices hover between the two."""

SHORTEST_SILENCE, SHORTEST_SPEECH = 0.25, 0.12

LEVEL, MOST_GAIN, SILENCE = 0.1, 1000.0, 1e-6
"""Loud frames are brought to −20 dBFS, by at most 60 dB; below −120 dBFS there is nothing to bring up."""


class Silero(VoiceActivity):
    name = "silero"
    version = "2"
    summary = "Silero VAD v6, 32 ms frames"
    licence = "MIT"

    def needs(self) -> tuple[Need, ...]:
        fix = "pip install 'faster-whisper>=1.2'"
        return (Need(f"faster-whisper with {ASSET}", lambda: _asset() is not None, fix),)

    def identity(self) -> str:
        """The weights come with a library, so their digest is taken here and not from the catalogue."""
        return super().identity() + _digest(self._weights_file())

    def _speech(self, sound: Sound) -> list[Span]:
        samples = sound.samples.reshape(-1)
        gain = _gain(samples)
        if not gain:
            return []
        with self.models.pool.use(f"{self.capability}/{self.name}", self._load, SESSION_BYTES) as session:
            likely = _probabilities(session, samples, gain)
        return _spans(likely, sound.frames)

    def _load(self) -> InferenceSession:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return InferenceSession(str(self._weights_file()), options, providers=["CPUExecutionProvider"])

    def _weights_file(self) -> Path:
        path = _asset()
        if path is None:
            self.require()
            raise AssertionError("unreachable")
        return path


def _asset() -> Path | None:
    """Found without importing the library, which would take half a second and a recogniser with it."""
    spec = importlib.util.find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "assets" / ASSET
    return path if path.is_file() else None


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _gain(samples: Samples) -> float:
    """What brings the loud frames to a level the network was made for; 0 for digital silence."""
    whole = samples[: samples.size // FRAME * FRAME]
    powers = np.square(whole.reshape(-1, FRAME)).mean(axis=1) if whole.size else np.square(samples)
    loud = float(np.sqrt(np.percentile(powers, 95))) if powers.size else 0.0
    if loud < SILENCE:
        loud = float(np.sqrt(powers.max(initial=0.0)))
    return min(LEVEL / loud, MOST_GAIN) if loud >= SILENCE else 0.0


def _probabilities(session: InferenceSession, samples: Samples, gain: float) -> Probabilities:
    """How likely each frame is speech."""
    hidden = cell = np.zeros((1, 1, STATE), dtype=np.float32)
    parts: list[Probabilities] = []
    block = FRAMES_PER_CALL * FRAME
    for first in range(0, samples.size, block):
        rows = _rows(samples, first, min(first + block, samples.size), gain)
        likely, hidden, cell = session.run(None, {"input": rows, "h": hidden, "c": cell})
        parts.append(likely.reshape(-1))
    return np.concatenate(parts)


def _rows(samples: Samples, first: int, last: int, gain: float) -> Samples:
    """The frames of a block, each behind the end of the one before it."""
    count = -(-(last - first) // FRAME)
    padded = np.zeros(CONTEXT + count * FRAME, dtype=np.float32)
    before = min(CONTEXT, first)
    padded[CONTEXT - before : CONTEXT + last - first] = samples[first - before : last]
    np.clip(padded * np.float32(gain), -1.0, 1.0, out=padded)
    return np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + FRAME)[::FRAME]


def _spans(likely: Probabilities, frames: int) -> list[Span]:
    """Runs of possible speech with a likely frame in them, short gaps closed, blips dropped."""
    runs = [run for run in _runs(likely >= STAY) if likely[run[0] : run[1]].max() >= ENTER]
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        if joined and (first - joined[-1][1]) * FRAME < SHORTEST_SILENCE * SPEECH_RATE:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    tick = TICKS_PER_SECOND // SPEECH_RATE
    return [
        Span(start=first * FRAME * tick, end=min(last * FRAME, frames) * tick)
        for first, last in joined
        if (last - first) * FRAME >= SHORTEST_SPEECH * SPEECH_RATE
    ]


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
