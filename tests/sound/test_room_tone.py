"""The quietest moments of a programme, and its levels."""

from __future__ import annotations

import numpy as np
import pytest

from dubline.sound.pcm import Sound, silence
from dubline.sound.resample import at_rate, piecewise
from dubline.sound.room_tone import powers, room_tone
from dubline.sound.spectrum import Frames

FRAMES = Frames(4096, 1024)


def noise(seconds, level, seed=0):
    return (level * np.random.default_rng(seed).standard_normal((int(seconds * 48_000), 2))).astype(
        np.float32
    )


def test_room_tone_is_that_of_the_pauses_not_of_the_speech():
    quiet, loud = noise(2, 0.001), noise(8, 0.1, seed=1)
    tone = room_tone(Sound(np.concatenate([loud, quiet]), 48_000), 44_100, FRAMES)
    alone = room_tone(Sound(quiet, 48_000), 44_100, FRAMES)
    assert tone.shape == (2, FRAMES.bins)
    assert np.median(tone) == pytest.approx(np.median(alone), rel=0.2)


def test_digital_silence_between_words_is_no_room_tone():
    sound = Sound(np.concatenate([np.zeros((48_000 * 5, 2), np.float32), noise(5, 0.01)]), 48_000)
    assert room_tone(sound, 44_100, FRAMES).min() > 0


@pytest.mark.parametrize("frames", [0, 1, 2_400, 48_000])
def test_silent_or_short_programmes_have_none(frames):
    assert not room_tone(silence(frames, 48_000, 2), 44_100, FRAMES).any()


def test_powers():
    sound = Sound(np.repeat(np.float32([[0.5, 0.5], [0.1, 0.3]]), 100, axis=0), 100)
    np.testing.assert_allclose(powers(sound, 1.0), [0.25, 0.05], rtol=1e-5)
    np.testing.assert_allclose(powers(sound, 60.0), [0.15], rtol=1e-5)


@pytest.mark.parametrize("frames", [0, 1, 100, 50_001])
@pytest.mark.parametrize(("rate", "target"), [(48_000, 44_100), (44_100, 48_000), (8_000, 16_000)])
def test_resampled_piece_by_piece_is_resampled_whole(frames, rate, target):
    sound = Sound(noise(2, 0.1)[:frames], rate)
    pieces = (sound.samples[at : at + 7_001] for at in range(0, frames, 7_001))
    joined = np.concatenate(list(piecewise(pieces, 2, rate, target)))
    whole = at_rate(sound, target).samples if frames else sound.samples
    np.testing.assert_allclose(joined, whole, atol=1e-7)
