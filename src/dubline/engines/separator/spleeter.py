"""Spleeter's two-stem network: estimates the voices and takes them out of the programme.

The network hears 44.1 kHz up to 11 kHz. Only its estimate of the voices is brought to the programme's rate
and subtracted, so whatever it does not take for a voice stays in the background bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from dubline.ports.separator import Separator
from dubline.sound.pcm import Samples, Sound
from dubline.sound.resample import piecewise
from dubline.sound.spectrum import Frames, Spectra

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = "spleeter-2stems"
LOADED_BYTES = 500 << 20
RATE = 44_100
SPECTRUM = Frames(size=4096, hop=1024)
SEGMENT = 512
"""Frames the network sees at once, 12 s."""
STEP = SEGMENT // 2
PIECE = 1 << 18
"""Samples of the programme taken at a time, 5 s."""
BINS = 1024
"""Lowest bins the network knows, up to 11 kHz."""


class Spleeter(Separator):
    name = "spleeter"
    version = "1"
    summary = "Two-stem network of Deezer: voices apart from music and noise, any language"
    licence = "MIT"

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def _background(self, sound: Sound, progress: Callable[[float], None]) -> Sound:
        stereo = sound.samples if sound.channels == 2 else np.repeat(sound.samples.reshape(-1, 1), 2, axis=1)
        with self.models.pool.use(WEIGHTS, self._load, LOADED_BYTES) as session:
            background = stereo.copy()
            at = 0
            for voices in _voices(session, stereo, sound.rate):
                piece = background[at : at + len(voices)]
                piece -= voices[: len(piece)]
                at += len(piece)
                progress(at / len(background))
        return Sound(background if sound.samples.ndim == 2 else background[:, 0], sound.rate)

    def _load(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = self.models.path(WEIGHTS) / "model.onnx"
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _voices(session: InferenceSession, stereo: Samples, rate: int) -> Iterator[Samples]:
    """The voices piece by piece at the programme's own rate, together no shorter than the programme."""
    programme = (stereo[at : at + PIECE] for at in range(0, len(stereo), PIECE))
    heard = _spectra(piecewise(programme, 2, rate, RATE))
    return piecewise(_samples(_only_voices(session, heard)), 2, RATE, rate)


def _spectra(pieces: Iterable[Samples]) -> Iterator[Spectra]:
    """Blocks of STEP frames: a window of silence in front, enough of it behind to fill the last block."""
    whole, stride = SPECTRUM.length(STEP), STEP * SPECTRUM.hop
    padding = np.zeros((SPECTRUM.size, 2), dtype=np.float32)
    waiting = np.zeros((2, 0), dtype=np.float32)
    for piece in chain([padding], pieces, [padding]):
        waiting = np.concatenate([waiting, piece.T], axis=1)
        while waiting.shape[1] >= whole:
            yield SPECTRUM.spectra(waiting[:, :whole])
            waiting = waiting[:, stride:]
    yield SPECTRUM.spectra(np.pad(waiting, ((0, 0), (0, whole - waiting.shape[1]))))


def _only_voices(session: InferenceSession, blocks: Iterator[Spectra]) -> Iterator[Spectra]:
    """Every block is heard twice, as the second and as the first half of a segment, and faded from one to the
    other: a network's judgement is weak at the edges of what it sees, and switching over would be audible.
    """
    rise = ((np.arange(STEP, dtype=np.float32) + 0.5) / STEP)[:, np.newaxis]
    held = next(blocks)
    before: Samples | None = None
    for block in blocks:
        first, second = _share_of_voices(session, held, block)
        share = first if before is None else before + (first - before) * rise
        yield held[..., :BINS] * share
        held, before = block, second
    if before is None:
        before, _ = _share_of_voices(session, held, np.zeros_like(held))
    yield held[..., :BINS] * before


def _share_of_voices(session: InferenceSession, first: Spectra, second: Spectra) -> tuple[Samples, Samples]:
    magnitude = np.abs(np.concatenate([first[..., :BINS], second[..., :BINS]], axis=1))
    share = session.run(None, {"magnitude": magnitude[np.newaxis]})[0][0]
    return share[:, :STEP], share[:, STEP:]


def _samples(blocks: Iterable[Spectra]) -> Iterator[Samples]:
    """The inverse of `_spectra`, without the window of silence in front."""
    stride = STEP * SPECTRUM.hop
    skip = SPECTRUM.size
    tail = np.zeros((2, SPECTRUM.size - SPECTRUM.hop), dtype=np.float32)
    for block in blocks:
        added = SPECTRUM.samples(block)
        added[:, : tail.shape[1]] += tail
        tail = added[:, stride:]
        yield np.ascontiguousarray(added[:, skip:stride].T)
        skip = 0
