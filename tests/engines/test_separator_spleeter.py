"""Spleeter on real recordings whose voices and backgrounds are known."""

from __future__ import annotations

import tracemalloc
from importlib.metadata import entry_points

import numpy as np
import pytest

from dubline.engines.separator.spleeter import Spleeter
from dubline.sound import files
from dubline.sound.pcm import PROGRAMME_RATE, Sound, silence
from dubline.sound.resample import at_rate
from dubline.sound.room_tone import powers


@pytest.fixture(scope="module")
def separator(models):
    return Spleeter(models("spleeter-2stems"))


def stereo(path):
    sound = at_rate(files.read(path), PROGRAMME_RATE)
    samples = sound.samples if sound.channels == 2 else np.repeat(sound.samples.reshape(-1, 1), 2, axis=1)
    return samples.astype(np.float32)


@pytest.fixture(scope="module")
def talk(media_dir):
    """Ten seconds: one voice in a room, and the music played under it."""
    folder = media_dir / "f_composed"
    voice, music = (stereo(folder / f"jordi_music_en.{stem}.flac") for stem in ("speech", "background"))
    frames = min(len(voice), len(music))
    return voice[:frames], music[:frames]


def likeness(estimate, truth):
    """Scale-invariant signal to distortion, dB."""
    estimate, truth = estimate.ravel().astype(np.float64), truth.ravel().astype(np.float64)
    part = (estimate @ truth) / (truth @ truth) * truth
    return 10 * np.log10((part**2).sum() / ((estimate - part) ** 2).sum())


def level(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-14)


def programme(samples):
    return Sound(np.ascontiguousarray(samples, dtype=np.float32), PROGRAMME_RATE)


def test_it_is_found_by_its_name():
    (point,) = entry_points(group="dubline.separator", name="spleeter")
    assert point.load() is Spleeter


@pytest.mark.media
def test_voice_and_music_come_apart(separator, talk):
    voice, music = talk
    mix = voice + music
    background = separator.background(programme(mix)).samples
    assert background.shape == mix.shape
    assert likeness(mix, music) < -5
    assert likeness(background, music) > 7
    assert likeness(mix - background, voice) > 15


@pytest.mark.media
def test_nothing_changes_where_nobody_speaks(separator, talk):
    voice, music = talk
    mix = voice + music
    background = separator.background(programme(mix)).samples
    pause = slice(0, PROGRAMME_RATE)
    assert level(background[pause]) == pytest.approx(level(mix[pause]), abs=0.2)
    assert likeness(background[pause], mix[pause]) > 20


@pytest.mark.media
def test_above_the_network_everything_stays(separator, talk):
    mix = talk[0] + talk[1]
    taken = mix - separator.background(programme(mix)).samples
    spectrum = np.abs(np.fft.rfft(taken, axis=0))
    hertz = np.fft.rfftfreq(len(taken), 1 / PROGRAMME_RATE)
    assert (spectrum[hertz > 11_200] ** 2).sum() < 1e-6 * (spectrum**2).sum()


@pytest.mark.media
def test_music_alone_stays_whole(separator, media_dir):
    music = stereo(media_dir / "f_composed" / "vlog40_music_en.background.flac")[: 15 * PROGRAMME_RATE]
    assert likeness(separator.background(programme(music)).samples, music) > 30


@pytest.mark.media
def test_the_room_does_not_pump_under_a_voice_alone(separator, talk):
    voice, _ = talk
    sound = programme(voice)
    tone = 10 * np.log10(np.median(np.sort(powers(sound, 0.1))[:30]))
    levels = 10 * np.log10(powers(separator.background(sound), 0.1))
    assert np.abs(levels - tone).max() < 12
    assert levels.std() < 4


@pytest.mark.media
def test_a_quiet_recording_is_separated_as_well_as_a_loud_one(separator, talk):
    voice, music = talk
    quiet = (voice + music) * np.float32(0.1)
    assert likeness(separator.background(programme(quiet)).samples, music) > 7


@pytest.mark.media
def test_same_sound_same_background_and_the_input_untouched(separator, talk):
    mix = talk[0] + talk[1]
    before = mix.copy()
    first, second = (separator.background(programme(mix)).samples for _ in range(2))
    np.testing.assert_array_equal(mix, before)
    np.testing.assert_array_equal(first, second)


@pytest.mark.media
def test_channels_in_antiphase(separator, talk):
    voice = talk[0][:, :1]
    background = separator.background(programme(np.concatenate([voice, -voice], axis=1))).samples
    assert level(background) < level(voice) - 15
    # Not exactly opposite: to the network left and right are two different channels.
    assert level(background.sum(axis=1)) < level(background) - 25


@pytest.mark.media
@pytest.mark.parametrize("shape", [lambda mono: mono, lambda mono: mono[:, np.newaxis]])
def test_mono_is_the_same_as_twice_the_same_channel(separator, talk, shape):
    mono = (talk[0] + talk[1]).mean(axis=1)
    both = separator.background(programme(np.stack([mono, mono], axis=1))).samples
    one = separator.background(programme(shape(mono))).samples
    assert one.shape == shape(mono).shape
    np.testing.assert_allclose(one.reshape(-1), both[:, 0], atol=1e-6)


def test_silence_stays_silence(separator):
    assert not separator.background(silence(3 * PROGRAMME_RATE, PROGRAMME_RATE, 2)).samples.any()


@pytest.mark.parametrize("frames", [0, 1, 2_400, 47_999])
def test_short_sounds_keep_their_length(separator, frames):
    noise = np.random.default_rng(5).uniform(-0.1, 0.1, (frames, 2))
    background = separator.background(programme(noise)).samples
    assert background.shape == (frames, 2)
    assert np.isfinite(background).all()


@pytest.mark.media
def test_progress_rises_to_the_end(separator, talk):
    seen: list[float] = []
    separator.background(programme(np.tile(talk[0], (2, 1))), seen.append)
    assert len(seen) > 2
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


@pytest.mark.media
@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(separator, talk):
    long = programme(np.tile(talk[0] + talk[1], (18, 1)))
    separator.background(programme(talk[0]))
    tracemalloc.start()
    separator.background(long)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - long.samples.nbytes < 150 << 20
