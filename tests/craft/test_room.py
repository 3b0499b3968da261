"""The dub in the original's room: the room is heard from speech alone, and a take rings on without being changed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import fftconvolve, lfilter
from tests.recordings import recording

from dubline.craft.mix.decay import decay_of
from dubline.craft.mix.mixing import AROUND, Bed, Piece, mix, reach
from dubline.craft.mix.room import CLEARLY, MOST_TAIL, TAIL, heard, in_room, room_of
from dubline.domain.time import Span
from dubline.sound.loudness import loudness
from dubline.sound.pcm import PROGRAMME_RATE, SPEECH_RATE, Samples, Sound

ROOMS = (0.2, 0.4, 0.7)
DRY = (
    "a_speech/en_lj_0001.flac",
    "a_speech/en_jfk.flac",
    "a_speech/es_mls_13697_11991.opus",
    "d_video/nasa_webb_narration.mp4",
    "b_conversation/en_ami_dev00.flac",
)


def babble(seconds: float, rate: int, seed: int = 1, drawled: float = 0.0) -> Samples:
    """Something like speech: bursts of noise of a vowel's colour that begin and end within 30 ms, a pause now and
    then, and a little noise of the recording. A share of them may die away slowly."""
    random = np.random.default_rng(seed)
    out = 1e-4 * random.standard_normal(round(seconds * rate))
    start = rate // 10
    while start < len(out) - rate // 2:
        drawl = random.random() < drawled
        length = int(rate * (0.45 if drawl else random.uniform(0.06, 0.22)))
        hertz = random.uniform(300, 2500)
        burst = lfilter(
            [1], [1, -1.8 * np.cos(2 * np.pi * hertz / rate), 0.81], random.standard_normal(length)
        )
        ease = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / (0.03 * rate))
        if drawl:
            ease *= 10 ** (-np.arange(length) / length)
        out[start : start + length] += random.uniform(0.02, 0.08) * burst * ease**2
        start += length + int(rate * random.choice([0.02, 0.08, 0.4]))
    return out.astype(np.float32)


def put_in(voice: Samples, seconds: float, rate: int = SPEECH_RATE) -> Sound:
    """With as much ringing as voice."""
    time = np.arange(int(1.2 * seconds * rate)) / rate
    ringing = np.random.default_rng(7).standard_normal(len(time)) * 10 ** (-3 * time / seconds)
    ringing /= np.sqrt(np.square(ringing).sum())
    ringing[0] = 1.0
    return Sound(fftconvolve(voice, ringing).astype(np.float32), rate)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rooms_are_told_apart_by_speech_alone(seed: int) -> None:
    voice = babble(15, SPEECH_RATE, seed)
    found = [decay_of(put_in(voice, room)) for room in ROOMS]
    assert found == pytest.approx(ROOMS, rel=0.35)
    assert all(
        shorter < longer for shorter, longer in pairwise([decay_of(Sound(voice, SPEECH_RATE)), *found])
    )


def test_only_what_clearly_rings_has_a_room() -> None:
    voice = babble(15, SPEECH_RATE)
    assert room_of(Sound(voice, SPEECH_RATE)) == 0
    assert room_of(put_in(voice, 0.15)) == 0
    assert room_of(put_in(voice, 0.6)) > CLEARLY


def test_a_voice_that_often_dies_away_slowly_is_no_room() -> None:
    assert room_of(Sound(babble(30, SPEECH_RATE, drawled=0.5), SPEECH_RATE)) == 0


@pytest.mark.media
@pytest.mark.parametrize("clip", DRY)
def test_recordings_close_to_the_mouth_are_dry_until_they_are_put_into_a_room(
    media_dir: Path, clip: str
) -> None:
    voice = recording(media_dir / clip)
    assert room_of(voice) == 0
    assert room_of(put_in(voice.samples, 0.6)) == pytest.approx(0.6, rel=0.3)


def test_too_little_speech_has_no_room() -> None:
    scrap = babble(0.9, SPEECH_RATE)
    for samples in (np.zeros(0), np.zeros(16_000), scrap, put_in(scrap, 0.7).samples):
        assert room_of(Sound(np.asarray(samples, dtype=np.float32), SPEECH_RATE)) == 0


def test_steady_noise_has_no_room() -> None:
    noise = 0.1 * np.random.default_rng(3).standard_normal(20 * SPEECH_RATE)
    assert room_of(Sound(noise.astype(np.float32), SPEECH_RATE)) == 0


def test_a_few_decays_among_much_noise_are_no_room() -> None:
    noise = 0.005 * np.random.default_rng(3).standard_normal(55 * SPEECH_RATE)
    ringing = put_in(babble(3, SPEECH_RATE), 0.6).samples
    assert room_of(Sound(ringing, SPEECH_RATE)) > 0
    assert room_of(Sound(np.concatenate([ringing, noise]).astype(np.float32), SPEECH_RATE)) == 0


@given(st.floats(0.01, 1.0))
@settings(max_examples=10, deadline=None)
def test_how_loud_it_is_recorded_does_not_matter(level: float) -> None:
    voice = put_in(babble(8, SPEECH_RATE), 0.5).samples
    assert decay_of(Sound(voice * np.float32(level), SPEECH_RATE)) == pytest.approx(
        decay_of(Sound(voice, SPEECH_RATE)), abs=0.03
    )


def test_a_dry_original_leaves_the_take_as_it_is() -> None:
    take = Sound(babble(1, PROGRAMME_RATE), PROGRAMME_RATE)
    assert in_room(take, 0.0) is take
    nothing = Sound(np.zeros(0, dtype=np.float32), PROGRAMME_RATE)
    assert in_room(nothing, 0.5).frames == 0


@given(st.floats(CLEARLY, 1.0), st.integers(50, 60_000))
@settings(max_examples=15, deadline=None)
def test_a_take_begins_and_goes_on_as_before_and_rings_out_softly(room: float, frames: int) -> None:
    take = Sound(babble(2, PROGRAMME_RATE)[5_000 : 5_000 + frames].copy(), PROGRAMME_RATE)
    rung = in_room(take, room).samples
    assert take.frames < len(rung) <= take.frames + TAIL
    assert loudness(Sound(rung[: take.frames], take.rate)) == pytest.approx(loudness(take), abs=0.05)
    assert np.abs(rung[-480:]).max() < 1e-3 * np.abs(take.samples).max()


@given(st.floats(CLEARLY, 1.0))
@settings(max_examples=15, deadline=None)
def test_the_ringing_stays_well_under_the_voice_and_falls(room: float) -> None:
    take = Sound(babble(3, PROGRAMME_RATE, 4), PROGRAMME_RATE)
    rung = in_room(take, room).samples
    same = rung[: take.frames] @ take.samples / (take.samples @ take.samples)
    ringing = rung.copy()
    ringing[: take.frames] -= same * take.samples
    assert np.square(ringing).sum() < 10 ** (-11 / 10) * np.square(same * take.samples).sum()


def test_a_room_that_rings_longer_is_heard_more() -> None:
    click = np.zeros(PROGRAMME_RATE, dtype=np.float32)
    click[100] = 0.5
    short, long = (in_room(Sound(click, PROGRAMME_RATE), room).samples for room in (0.3, 0.7))
    late = slice(100 + PROGRAMME_RATE // 5, None)
    assert np.square(long[late]).sum() > 10 * np.square(short[late]).sum()
    assert np.abs(long[:100]).max() < 1e-8
    assert np.abs(long[100 + round(MOST_TAIL * PROGRAMME_RATE) :]).max() < 1e-6


def test_an_abrupt_take_does_not_click_when_the_room_takes_over() -> None:
    take = Sound(np.full(24_000, 0.3, dtype=np.float32), PROGRAMME_RATE)
    rung = in_room(take, 0.6).samples
    assert np.abs(np.diff(rung[20_000:])).max() < 0.01


@given(st.lists(st.integers(1, 2 * PROGRAMME_RATE - 1), max_size=4, unique=True))
@settings(max_examples=8, deadline=None)
def test_the_tail_is_the_same_wherever_the_mix_is_cut(cuts: list[int]) -> None:
    """Each stretch hears only the pieces that are heard near it."""
    length = 2 * PROGRAMME_RATE
    take, room = Sound(babble(1, PROGRAMME_RATE), PROGRAMME_RATE), 0.6
    span = Span(start=20_000, end=20_000 + take.frames)

    def mixed(start: int, end: int) -> Samples:
        own = Span(start=start, end=end)
        around = reach(own, length)
        empty = Sound(np.zeros((around.length, 2), dtype=np.float32), PROGRAMME_RATE)
        near = Span(start=max(0, start - AROUND), end=end + AROUND)
        pieces = [Piece(span.start, in_room(take, room))] if heard(span, room).overlap(near) else []
        return mix(own, Bed(around, empty, empty), pieces, []).samples

    borders = [0, *sorted(cuts), length]
    assert (
        np.concatenate([mixed(*pair) for pair in pairwise(borders)]).tobytes() == mixed(0, length).tobytes()
    )


@given(st.floats())
@settings(max_examples=15, deadline=None)
def test_any_room_in_an_edited_script_can_be_played(room: float) -> None:
    take = Sound(babble(0.8, PROGRAMME_RATE), PROGRAMME_RATE)
    rung = in_room(take, room)
    assert np.isfinite(rung.samples).all()
    assert rung.frames <= heard(Span(start=0, end=take.frames), room).end


def test_what_does_not_ring_is_not_heard_longer() -> None:
    span = Span(start=10, end=20)
    assert heard(span, 0.0) == span
    assert heard(span, 0.4) == Span(start=10, end=20 + TAIL)
