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
from dubline.sound.room_tone import powers, room_tone
from dubline.sound.spectrum import Frames, Spectra

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = "spleeter-2stems"
LOADED_BYTES = 320 << 20
RATE = 44_100
SPECTRUM = Frames(size=4096, hop=1024)
SEGMENT = 512
"""Frames the network sees at once, 12 s."""
STEP = SEGMENT // 2
BINS = 1024
"""Lowest bins the network knows, up to 11 kHz."""
PIECE = 1 << 18
"""Samples of the programme taken at a time, 5 s."""
HOME_LEVEL = 0.08
"""−22 dBFS, the level of loud passages at which the network works best: at −58 it misses half of a voice."""
MOST_GAIN, LEAST_GAIN = 16.0, 0.25
"""More would lift the noise of a programme without voices to where the network takes it for one."""

MOST_RAISE = np.float32(1.41)
"""3 dB; more would raise what is left of the voice, too."""
BANDS = np.array([0, 4, 8, 12, 16, 20, *(round(24 * 2 ** (step / 4)) for step in range(22)), BINS])


class Spleeter(Separator):
    name = "spleeter"
    version = "2"
    summary = "Two-stem network of Deezer: voices apart from music and noise, any language"
    licence = "MIT"

    def weights(self) -> tuple[str, ...]:
        return (WEIGHTS,)

    def _background(self, sound: Sound, progress: Callable[[float], None]) -> Sound:
        programme = Sound(_stereo(sound), sound.rate)
        background = programme.samples.copy()
        with self.models.pool.use(WEIGHTS, self._load, LOADED_BYTES) as session:
            at = 0
            for voices in _Listener(session, programme).voices():
                piece = background[at : at + len(voices)]
                piece -= voices[: len(piece)]
                at += len(piece)
                progress(at / max(1, len(background)))
        return Sound(background[:, : sound.channels].reshape(sound.samples.shape), sound.rate)

    def _load(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = self.models.path(WEIGHTS) / "model.onnx"
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class _Listener:
    """One programme on its way through the network."""

    def __init__(self, session: InferenceSession, programme: Sound) -> None:
        self._session = session
        self._programme = programme
        self._gain = _gain(programme)
        self._room_tone = room_tone(programme, RATE, SPECTRUM)[:, np.newaxis, :BINS]

    def voices(self) -> Iterator[Samples]:
        """Piece by piece at the programme's own rate, together no shorter than the programme."""
        samples, rate = self._programme.samples, self._programme.rate
        pieces = (samples[at : at + PIECE] for at in range(0, len(samples), PIECE))
        heard = _spectra(piecewise(pieces, 2, rate, RATE))
        return piecewise(_samples(self._only_voices(heard)), 2, RATE, rate)

    def _only_voices(self, blocks: Iterator[Spectra]) -> Iterator[Spectra]:
        """Every block is heard twice, as the second and as the first half of a segment, and faded from one to
        the other: a network's judgement is weak at the edges of what it sees, and switching would be audible.
        """
        rise: Samples = ((np.arange(STEP, dtype=np.float32) + np.float32(0.5)) / np.float32(STEP))[
            :, np.newaxis
        ]
        held = next(blocks)[..., :BINS]
        before: Samples | None = None
        for block in blocks:
            first, second = self._share(held, block[..., :BINS])
            share = first if before is None else before + (first - before) * rise
            yield held * self._leave_room_tone(held, _leave_level(held, share))
            held, before = block[..., :BINS], second
        if before is None:
            before, _ = self._share(held, np.zeros_like(held))
        yield held * self._leave_room_tone(held, _leave_level(held, before))

    def _share(self, first: Spectra, second: Spectra) -> tuple[Samples, Samples]:
        magnitude = np.abs(np.concatenate([first, second], axis=1)) * self._gain
        share = self._session.run(None, {"magnitude": magnitude[np.newaxis]})[0][0]
        return share[:, :STEP], share[:, STEP:]

    def _leave_room_tone(self, heard: Spectra, share: Samples) -> Samples:
        """Under a voice the network leaves a hole, 20 dB deeper than the room in the pauses, and the
        background pumps. So never take more than what stands out above the room tone.
        """
        above = 1 - self._room_tone / np.maximum(np.abs(heard), np.float32(1e-12))
        return np.minimum(share, np.maximum(above, 0))


def _leave_level(heard: Spectra, share: Samples) -> Samples:
    """The share is one of power, and taking it from the sound leaves the background softer than it was, the more
    the two overlap. So what is left is raised, band by band, towards the power it should have, a little at most.
    """
    left = np.maximum(1 - share, 0)
    power = np.square(np.abs(heard)) * left
    wanted, found = _in_bands(power), _in_bands(power * left)
    gain = np.sqrt(wanted / found)
    raised = np.repeat(np.minimum(gain, MOST_RAISE), np.diff(BANDS), axis=2)
    return np.asarray(1 - np.minimum(1, left * np.maximum(raised, 1)), dtype=np.float32)


def _in_bands(power: Samples) -> Samples:
    """Bands of a quarter of an octave, smoothed over a fifth of a second."""
    from scipy.ndimage import uniform_filter1d

    bands = np.add.reduceat(power, BANDS[:-1], axis=2)
    return np.maximum(uniform_filter1d(bands, 9, axis=1, mode="nearest"), np.float32(1e-20))


def _stereo(sound: Sound) -> Samples:
    if sound.channels == 1:
        return np.repeat(sound.samples.reshape(-1, 1), 2, axis=1)
    return np.ascontiguousarray(sound.samples)


def _gain(programme: Sound) -> np.float32:
    """Brings the loud passages to the level the network was trained at; a programme of silence stays."""
    loud = float(np.sqrt(np.quantile(powers(programme, 1.0), 0.95))) if programme.frames else 0.0
    return np.float32(np.clip(HOME_LEVEL / loud, LEAST_GAIN, MOST_GAIN) if loud > 0 else 1.0)


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
