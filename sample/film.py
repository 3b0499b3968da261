"""The picture, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

import scene
from dialogue import DANCE
from dubline.sound.pcm import PROGRAMME_RATE, Samples
from people import PEOPLE, Mood, person
from speech import FRAME_RATE, Speech

CARD_SECONDS, FADE = 1.35, 0.4
Curve = npt.NDArray[np.float64]


def frames(speech: Speech) -> Iterator[bytes]:
    """RGB, 640 by 360."""
    count = speech.length * FRAME_RATE // PROGRAMME_RATE
    garden, card = scene.garden(), scene.title_card()
    moods = {name: _moods(track, count, place) for place, (name, track) in enumerate(speech.tracks.items())}
    shown = _dance_shown(speech, count)
    for frame in range(count):
        time = frame / FRAME_RATE
        picture = card
        if time >= CARD_SECONDS:
            picture = garden.copy()
            scene.flying_bees(picture, time)
            for name, looks in PEOPLE.items():
                person(picture, looks, moods[name][frame])
            if shown[frame] > 0.001:
                scene.dance_card(picture, float(shown[frame]), time)
            if time < CARD_SECONDS + FADE:
                part = np.float32((time - CARD_SECONDS) / FADE)
                picture = card + part * (picture - card)
        yield np.rint(picture).clip(0, 255).astype(np.uint8).tobytes()


def openings(track: Samples, count: int) -> Curve:
    """How far a mouth is open in each frame: the loudness of the voice then."""
    size = PROGRAMME_RATE // FRAME_RATE
    slices = np.square(track[: count * size].astype(np.float64)).reshape(count, size).mean(axis=1)
    loud = np.sqrt(slices)
    heard = loud[loud > 0.005]
    full = float(np.percentile(heard, 92)) if len(heard) else 1.0
    return np.clip(gaussian_filter1d(loud / full, 0.55), 0, 1) ** 0.8


def _moods(track: Samples, count: int, place: int) -> list[Mood]:
    mouth = openings(track, count)
    speaking = np.clip(uniform_filter1d((mouth > 0.08).astype(np.float64), 19) * 2.2, 0, 1)
    rounding = _rounding(track, count)
    random = np.random.default_rng(40 + place)
    blink = np.zeros(count)
    at = 30
    while at < count:
        blink[at : at + 3] = 1.0
        at += int(random.integers(60, 120))
    sway = np.sin(np.arange(count) / FRAME_RATE * 2 * np.pi * (0.21 + 0.04 * place) + place)
    return [
        Mood(*(float(curve[frame]) for curve in (mouth, rounding, blink, speaking, sway)))
        for frame in range(count)
    ]


def _rounding(track: Samples, count: int) -> Curve:
    """Dark vowels round the lips: the share of low frequencies in each frame."""
    size = PROGRAMME_RATE // FRAME_RATE
    parts = track[: count * size].astype(np.float64).reshape(count, size) * np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(parts, axis=1)))
    low, high = power[:, 3:30].sum(axis=1), power[:, 30:150].sum(axis=1)
    share = low / np.maximum(low + 6 * high, 1e-9)
    return np.clip((gaussian_filter1d(share, 1.0) - 0.35) / 0.6, 0, 1)


def _dance_shown(speech: Speech, count: int) -> Curve:
    first, last = (speech.spans[line] for line in DANCE)
    time = np.arange(count) / FRAME_RATE
    start, end = first[0] / PROGRAMME_RATE - 0.2, last[1] / PROGRAMME_RATE + 0.2
    part = np.clip(np.minimum(time - start, end - time) / 0.5, 0, 1)
    return part * part * (3 - 2 * part)
