"""Sound files of our own making. Files from outside go through `media` instead."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from dubline.domain.time import TICKS_PER_SECOND, Span
from dubline.sound.pcm import Samples, Sound

FULL = 1 << 20
"""Free bytes under which a write that failed is taken to have failed for want of room."""


def read(path: Path, span: Span | None = None) -> Sound:
    """A whole file, or only the span that is asked for."""
    with soundfile.SoundFile(path) as file:
        start, stop = 0, file.frames
        if span is not None:
            start = min(span.start * file.samplerate // TICKS_PER_SECOND, file.frames)
            stop = min(span.end * file.samplerate // TICKS_PER_SECOND, file.frames)
        file.seek(start)
        samples = file.read(stop - start, dtype="float32", always_2d=False)
        return Sound(np.asarray(samples, dtype=np.float32), int(file.samplerate))


def write(path: Path, sound: Sound) -> None:
    """FLAC or WAV by the file's suffix, 16 bits a sample."""
    with _full_disk_named(path):
        soundfile.write(path, np.clip(sound.samples, -1.0, 1.0), sound.rate, subtype="PCM_16")


def frames(path: Path) -> int:
    return int(soundfile.info(path).frames)


def blocks(path: Path, seconds: float) -> Iterator[Sound]:
    """The file piece by piece, so that a long one never sits in memory whole."""
    with soundfile.SoundFile(path) as file:
        size = int(seconds * file.samplerate)
        while len(block := file.read(size, dtype="float32")):
            yield Sound(np.asarray(block, dtype=np.float32), int(file.samplerate))


class Writer:
    """Takes samples in order and writes them as they come."""

    def __init__(self, file: soundfile.SoundFile) -> None:
        self._file = file

    def append(self, samples: Samples) -> None:
        self._file.write(np.clip(samples, -1.0, 1.0))


@contextmanager
def writer(path: Path, rate: int, channels: int) -> Iterator[Writer]:
    with (
        _full_disk_named(path),
        soundfile.SoundFile(path, "w", samplerate=rate, channels=channels, subtype="PCM_16") as file,
    ):
        yield Writer(file)


@contextmanager
def _full_disk_named(path: Path) -> Iterator[None]:
    """The library says of a full disk only that it wrote less than it should have."""
    try:
        yield
    except (AssertionError, soundfile.LibsndfileError) as error:
        if shutil.disk_usage(path.parent).free < FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise
