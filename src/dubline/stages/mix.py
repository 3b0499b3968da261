"""The dubbed programme: stretch by stretch from its cue sheets, then as one file."""

from __future__ import annotations

from dubline.craft.mix import mixing
from dubline.craft.mix.colour import coloured
from dubline.craft.mix.contour import swelled
from dubline.craft.mix.ducking import gains
from dubline.craft.mix.room import in_room
from dubline.craft.stretch import time_stretch
from dubline.domain.time import Span
from dubline.sound import files
from dubline.sound.loudness import true_peak, weighted_powers
from dubline.sound.pcm import PROGRAMME_RATE, Sound
from dubline.sound.resample import at_rate
from dubline.stages.documents import CueSheet, MixLevels, Piece
from dubline.stages.inputs import one, series
from dubline.stages.stage import Inputs, Outcome, Stage
from dubline.stages.work import Work

BLOCK_SECONDS = 20.0


def mix(work: Work, inputs: Inputs) -> Outcome:
    sheet = work.read(one(inputs, "cues"), CueSheet)
    path = work.path(one(inputs, "programme"))
    heard = mixing.reach(sheet.span, files.frames(path))
    programme = files.read(path, heard)
    softer = gains(heard.start, heard.length, sheet.ducked)
    background = _background(work, sheet, heard, programme).samples * softer[:, None]
    bed = mixing.Bed(heard, programme, Sound(background, programme.rate))
    pieces = [played(work.sound(piece.take), piece) for piece in sheet.pieces]
    mixed = mixing.mix(sheet.span, bed, pieces, sheet.replaced)
    first = sheet.span.start - heard.start
    original = Sound(programme.samples[first : first + sheet.span.length], programme.rate)
    levels = MixLevels(
        original=tuple(weighted_powers(original).tolist()),
        dub=tuple(weighted_powers(mixed).tolist()),
        peak=true_peak(mixed),
    )
    return {"mixed": work.write_sound(mixed), "levels": work.write(levels, "levels")}


def _background(work: Work, sheet: CueSheet, heard: Span, programme: Sound) -> Sound:
    """The background; beyond its chunk's own edges, where it is not known, the programme."""
    known = Span(start=max(heard.start, sheet.chunk.start), end=min(heard.end, sheet.chunk.end))
    samples = programme.samples.copy()
    kept = files.read(work.path(sheet.background), known.shifted(-sheet.chunk.start))
    samples[known.start - heard.start : known.end - heard.start] = kept.samples
    return Sound(samples, programme.rate)


def played(take: Sound, piece: Piece) -> mixing.Piece:
    """A take as it is heard in its place."""
    stretched = time_stretch(take, piece.span.length * take.rate / PROGRAMME_RATE / take.frames)
    sound = swelled(coloured(at_rate(stretched, PROGRAMME_RATE), piece.colour), piece.swell)
    return mixing.Piece(piece.span.start, in_room(sound, piece.room), piece.gain, piece.pan)


def join(work: Work, inputs: Inputs) -> Outcome:
    """All chunks in one file, without a gap."""
    out = work.scratch / "dub.flac"
    chunks = series(inputs, "mixed")
    with files.writer(out, PROGRAMME_RATE, 2) as writer:
        for done, blob in enumerate(chunks):
            for block in files.blocks(work.path(blob), BLOCK_SECONDS):
                writer.append(block.samples)
            work.progress((done + 1) / len(chunks))
    return {"dub": work.store.put(out, "sound/flac")}


MIX = Stage("mix", "combination", 5, mix, pace=0.03)
JOIN = Stage("join", "combination", 1, join, pace=0.006)
