"""What is left of a voice in the background goes; what is heard there anyway stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dubline.craft.mix.leftovers import cleaned
from dubline.domain.time import Span
from dubline.sound.pcm import Samples

RATE = 48_000
SECONDS = 12
SPOKEN = [Span.of_seconds(2, 4), Span.of_seconds(5, 7.5), Span.of_seconds(9, 11)]


def noise(seconds: float, level: float, seed: int) -> Samples:
    wave = np.random.default_rng(seed).standard_normal((int(seconds * RATE), 2))
    return (level * wave).astype(np.float32)


def level(samples: Samples, spans: Sequence[Span]) -> float:
    """dB."""
    parts = np.concatenate([samples[span.start : span.end] for span in spans])
    return 10 * float(np.log10(np.square(parts).mean()))


def with_syllables(background: Samples, loud: float) -> Samples:
    """Bursts of an eighth of a second in the middle of each quarter of speech, as a hiss would leave them."""
    added = background.copy()
    for span in SPOKEN:
        for start in range(span.start, span.end - RATE // 4, RATE // 4):
            part = slice(start + RATE // 16, start + 3 * RATE // 16)
            added[part] += noise(1 / 8, loud, start)[: RATE // 8]
    return added


def test_leftovers_go_where_the_pauses_are_quiet() -> None:
    room = noise(SECONDS, 0.0005, 1)
    before = with_syllables(room, 0.02)
    after = cleaned(before, SPOKEN)
    assert level(before, SPOKEN) - level(room, SPOKEN) > 25
    assert level(after, SPOKEN) - level(room, SPOKEN) < 7
    assert after.shape == before.shape


def test_what_is_heard_in_the_pauses_too_stays() -> None:
    music = noise(SECONDS, 0.05, 2) * (1 + 0.5 * np.sin(np.arange(SECONDS * RATE) / 3000))[:, None]
    done = cleaned(music.astype(np.float32), SPOKEN)
    assert np.abs(level(done, SPOKEN) - level(music, SPOKEN)) < 0.3


def test_music_that_sets_in_under_a_voice_stays() -> None:
    samples = noise(SECONDS, 0.0005, 3)
    samples[int(5.5 * RATE) :] += noise(SECONDS - 5.5, 0.05, 4)
    done = cleaned(samples, [Span.of_seconds(1, 4.8), Span.of_seconds(5, 11.9)])
    settled = [Span.of_seconds(7, 11)]
    assert np.abs(level(done, settled) - level(samples, settled)) < 0.5


def test_a_laugh_between_two_sentences_is_untouched() -> None:
    samples = noise(SECONDS, 0.0005, 5)
    samples[int(7.8 * RATE) :][: int(0.9 * RATE)] += noise(0.9, 0.1, 6)
    done = cleaned(samples, SPOKEN)
    between = slice(int(7.75 * RATE), int(8.75 * RATE))
    assert (done[between] == samples[between]).all()


def test_without_pauses_nothing_is_known_and_nothing_is_done() -> None:
    samples = with_syllables(noise(SECONDS, 0.0005, 7), 0.02)
    assert cleaned(samples, [Span.of_seconds(0, SECONDS)]) is samples
