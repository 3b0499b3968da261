"""Cut into frames of frequencies and put together again, sound is what it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dubline.sound.spectrum import Frames


@settings(max_examples=30, deadline=None)
@given(
    shape=st.sampled_from([(512, 128), (4096, 1024), (1024, 256), (480, 160), (800, 100)]),
    frames=st.integers(8, 30),
    seed=st.integers(0, 2**32 - 1),
)
def test_there_and_back(shape, frames, seed):
    cut = Frames(*shape)
    samples = np.random.default_rng(seed).uniform(-1, 1, (2, cut.length(frames))).astype(np.float32)
    spectra = cut.spectra(samples)
    assert spectra.shape == (2, frames, cut.bins)
    back = cut.samples(spectra)
    assert back.dtype == np.float32
    inner = slice(cut.size, back.shape[1] - cut.size)
    np.testing.assert_allclose(back[:, inner], samples[:, inner], atol=2e-6)


def test_pieces_add_up_to_the_whole():
    cut = Frames(512, 128)
    samples = np.random.default_rng(3).uniform(-1, 1, cut.length(20)).astype(np.float32)
    spectra = cut.spectra(samples)
    added = np.zeros(cut.length(20), dtype=np.float32)
    for first in range(0, 20, 5):
        piece = cut.samples(spectra[first : first + 5])
        added[first * cut.hop : first * cut.hop + len(piece)] += piece
    np.testing.assert_allclose(added, cut.samples(spectra), atol=1e-6)


def test_a_tone_stands_in_its_bin():
    cut = Frames(4096, 1024)
    turns = np.arange(cut.length(3)) * 100 / cut.size
    magnitude = np.abs(cut.spectra(np.sin(2 * np.pi * turns).astype(np.float32)))
    assert (magnitude.argmax(axis=-1) == 100).all()
    np.testing.assert_allclose(magnitude[:, 100], cut.window.sum() / 2, rtol=1e-4)


def test_missing_upper_bins_are_silence():
    cut = Frames(512, 128)
    samples = np.random.default_rng(4).uniform(-1, 1, cut.length(9)).astype(np.float32)
    spectra = cut.spectra(samples)
    zeroed = spectra.copy()
    zeroed[:, 100:] = 0
    np.testing.assert_allclose(cut.samples(spectra[:, :100]), cut.samples(zeroed), atol=1e-6)


@pytest.mark.parametrize(("size", "hop"), [(512, 256), (500, 128), (512, 512)])
def test_windows_that_do_not_add_up_are_refused(size, hop):
    with pytest.raises(ValueError, match="do not add up"):
        Frames(size, hop)
