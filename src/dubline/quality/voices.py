"""The dub's voices beside the originals: how near in sound and pitch, how far from each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import log2

import numpy as np

from dubline.craft.voices.likeness import likeness, sounds
from dubline.craft.voices.traits import traits
from dubline.domain.script import Line
from dubline.domain.time import Span
from dubline.ports.voice_encoder import VoiceEncoder
from dubline.quality import who
from dubline.quality.dubbing import Dubbed
from dubline.quality.sounding import cut_together, played, true_voice
from dubline.sound.pcm import SPEECH_RATE, Sound
from dubline.sound.resample import at_rate

ENCODER = "ge2e"
WINDOW, STEP = 1.6, 0.8
ENOUGH = 30.0
"""Seconds of a voice that are looked at."""


def figures(dubbed: Dubbed) -> dict[str, float | None]:
    originals, dubs = _originals(dubbed), _dubs(dubbed)
    prints = {name: _print(dubbed, sound) for name, sound in dubs.items()}
    pairs = {name: (originals[name], dubs[name]) for name in dubs if name in originals}
    alike = {name: who.cosine(_print(dubbed, one), prints[name]) for name, (one, _) in pairs.items()}
    return {
        "who.nearest_voices": who.nearest_pair(prints),
        "who.similarity": _by_length(alike, dubs),
        "who.likeness": _by_length(_second(pairs), dubs),
        "who.pitch_off": _by_length(_pitches(pairs), dubs),
        "who.range_off": _by_length(_ranges(pairs), dubs),
    }


def _by_length(values: Mapping[str, float], sounds: Mapping[str, Sound]) -> float | None:
    """Speakers count by how long they are heard."""
    whole = sum(sounds[name].duration for name in values)
    return sum(value * sounds[name].duration for name, value in values.items()) / whole if whole else None


def _originals(dubbed: Dubbed) -> dict[str, Sound]:
    """Each speaker's own voice: from the stems where there are any, else as it was separated."""
    voice = true_voice(dubbed.clip.truth, SPEECH_RATE) or dubbed.voices
    spans: dict[str, list[Span]] = defaultdict(list)
    for line in dubbed.script.lines:
        spans[line.speaker].append(line.span)
    return {name: _enough(cut_together(voice, said)) for name, said in spans.items()}


def _dubs(dubbed: Dubbed) -> dict[str, Sound]:
    spoken: dict[str, list[Line]] = defaultdict(list)
    for line in dubbed.script.lines:
        if line.take and line.fit:
            spoken[line.speaker].append(line)
    return {name: _enough(_heard(dubbed, lines)) for name, lines in spoken.items()}


def _heard(dubbed: Dubbed, lines: list[Line]) -> Sound:
    """The lines as they are heard, one after the other: what was done to the takes for the mix is in them."""
    wanted = {(line.fit.span.start, line.take.sound.digest) for line in lines if line.fit and line.take}
    pieces = [piece for piece in dubbed.pieces if (piece.span.start, piece.take.digest) in wanted]
    sounds = [at_rate(played(dubbed, piece), SPEECH_RATE).samples for piece in pieces]
    return Sound(np.concatenate(sounds) if sounds else np.zeros(0, dtype=np.float32), SPEECH_RATE)


def _enough(sound: Sound) -> Sound:
    return Sound(sound.samples[: int(ENOUGH * sound.rate)], sound.rate)


def _print(dubbed: Dubbed, sound: Sound) -> who.Vector:
    """The middle of the voice's prints over its whole length."""
    encoder = dubbed.shop.registry.engine(VoiceEncoder, ENCODER)
    starts = np.arange(0.0, max(sound.duration - WINDOW, 0.0) + 1e-6, STEP)
    windows = [Span.of_seconds(float(start), float(start) + WINDOW) for start in starts]
    return who.mean_vector(encoder.embed(sound, windows))


def _second(pairs: Mapping[str, tuple[Sound, Sound]]) -> dict[str, float]:
    """By a measure that has nothing to do with the encoder by which voices are chosen."""
    heard = {name: (sounds(one), sounds(other)) for name, (one, other) in pairs.items()}
    return {name: likeness(one, other) for name, (one, other) in heard.items() if one and other}


def _pitches(pairs: Mapping[str, tuple[Sound, Sound]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, (one, other) in pairs.items():
        before, after = traits(one).pitch, traits(other).pitch
        if before and after:
            found[name] = who.semitones(after, before)
    return found


def _ranges(pairs: Mapping[str, tuple[Sound, Sound]]) -> dict[str, float]:
    """Whoever says too little to tell is left out."""
    found: dict[str, float] = {}
    for name, (one, other) in pairs.items():
        before, after = traits(one).swing, traits(other).swing
        if before and after:
            found[name] = abs(log2(after / before))
    return found
