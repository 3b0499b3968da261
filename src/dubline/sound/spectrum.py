"""Sound as frames of frequencies, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dubline.sound.pcm import Samples

Spectra = npt.NDArray[np.complex64]


@dataclass(frozen=True)
class Frames:
    """How sound is cut: windows of `size` samples (periodic Hann), a new one every `hop`.

    `hop` divides `size` at least three times; only then do overlapping windows add up evenly.
    """

    size: int
    hop: int

    def __post_init__(self) -> None:
        if self.size % self.hop or self.size < 3 * self.hop:
            raise ValueError(f"windows of {self.size} every {self.hop} samples do not add up evenly")

    @property
    def bins(self) -> int:
        return self.size // 2 + 1

    def length(self, frames: int) -> int:
        """How many samples a number of frames covers."""
        return (frames - 1) * self.hop + self.size

    @cached_property
    def window(self) -> Samples:
        turns = np.arange(self.size, dtype=np.float64) / self.size
        return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * turns), dtype=np.float32)

    @cached_property
    def _inverse_window(self) -> Samples:
        """Analysis and synthesis window together add up to one."""
        total = np.square(self.window, dtype=np.float64).sum() / self.hop
        return np.asarray(self.window / total, dtype=np.float32)

    def spectra(self, samples: Samples) -> Spectra:
        """[…, samples] → […, frames, bins]; only whole windows count, so pad first what must not be lost."""
        from scipy import fft

        windows = np.lib.stride_tricks.sliding_window_view(samples, self.size, axis=-1)[..., :: self.hop, :]
        return np.asarray(fft.rfft(windows * self.window), dtype=np.complex64)

    def samples(self, spectra: Spectra) -> Samples:
        """[…, frames, bins] → […, samples]: overlapped and added. Missing upper bins count as silence.

        The first and last `size − hop` samples lack neighbours to overlap with and fade; whoever works piece
        by piece adds the end of one piece to the beginning of the next.
        """
        from scipy import fft

        pieces = np.asarray(fft.irfft(spectra, self.size), dtype=np.float32) * self._inverse_window
        *outer, frames, _ = pieces.shape
        overlap = self.size // self.hop
        rows = pieces.reshape(*outer, frames, overlap, self.hop)
        added = np.zeros((*outer, frames + overlap - 1, self.hop), dtype=np.float32)
        for shift in range(overlap):
            added[..., shift : shift + frames, :] += rows[..., shift, :]
        return added.reshape(*outer, self.length(frames))
