"""Waveforms for the editor, in the form of BBC's audiowaveform (.dat, version 2; JSON), which players read.

One pair of lowest and highest sample for each slice of time. A three-hour programme fits in 2 MB.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dubline.media.place import whole_file
from dubline.media.viewing import PEAK_RATE, Seen, plain_samples

HEADER = struct.Struct("<iIiiIi")
VERSION, EIGHT_BITS, MONO = 2, 1, 1

ZOOMS = (80, 20, 5, 1)
"""Pairs per second."""

FINEST = ZOOMS[0]
MOST_BYTES = 2_000_000
BYTES_OF_PAIR = {"dat": 2, "json": 10}
"""In JSON at most: two numbers of up to four letters, each with a comma."""

BLOCK = 1 << 16
"""Slices looked at together."""

Pairs = npt.NDArray[np.int8]


def draw(seen: Seen, out: Path, cancelled: Callable[[], bool]) -> None:
    """Write the finest zoom; the others follow from it."""
    with whole_file(out) as folder, tempfile.TemporaryDirectory(dir=out.parent) as beside:
        samples = Path(beside) / "samples"
        plain_samples(seen, samples, cancelled=cancelled)
        pairs = _pairs(samples)
        (folder / "peaks").write_bytes(encoded(pairs, FINEST))


def _pairs(samples: Path) -> Pairs:
    """The last slice may be shorter than the others."""
    step = PEAK_RATE // FINEST
    # An empty file cannot be mapped.
    wave = np.memmap(samples, "<i2", "r") if samples.stat().st_size else np.zeros(0, "<i2")
    found = [
        np.stack([np.minimum.reduceat(block, starts), np.maximum.reduceat(block, starts)], axis=1) >> 8
        for first in range(0, len(wave), BLOCK * step)
        if len(starts := np.arange(0, len(block := wave[first : first + BLOCK * step]), step))
    ]
    return np.concatenate(found).astype(np.int8) if found else np.zeros((0, 2), np.int8)


def read(path: Path) -> Pairs:
    return np.fromfile(path, dtype=np.int8, offset=HEADER.size).reshape(-1, 2)


def coarser(pairs: Pairs, zoom: int) -> Pairs:
    if not len(pairs):
        return pairs
    starts = np.arange(0, len(pairs), FINEST // zoom)
    lowest, highest = np.minimum.reduceat(pairs[:, 0], starts), np.maximum.reduceat(pairs[:, 1], starts)
    return np.stack([lowest, highest], axis=1)


def fitting(pairs: Pairs, form: str) -> list[int]:
    """The zooms at which it is small enough, the finest first."""
    most = MOST_BYTES // BYTES_OF_PAIR[form]
    return [zoom for zoom in ZOOMS if len(pairs) * zoom // FINEST <= most] or [ZOOMS[-1]]


def encoded(pairs: Pairs, zoom: int) -> bytes:
    head = HEADER.pack(VERSION, EIGHT_BITS, PEAK_RATE, PEAK_RATE // zoom, len(pairs), MONO)
    return head + pairs.tobytes()


def document(pairs: Pairs, zoom: int) -> dict[str, object]:
    return {
        "version": VERSION,
        "channels": MONO,
        "sample_rate": PEAK_RATE,
        "samples_per_pixel": PEAK_RATE // zoom,
        "bits": 8,
        "length": len(pairs),
        "data": pairs.reshape(-1).tolist(),
    }
