"""Reads TensorFlow checkpoints (the TensorBundle format) without TensorFlow.

`PREFIX.index` is a LevelDB table: sorted entries of name → where the tensor lies. The tensors themselves lie
raw and little-endian in `PREFIX.data-SSSSS-of-NNNNN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dubline.domain.errors import EngineError

Tensor = npt.NDArray[np.generic]
Fields = dict[int, list[int | bytes]]

TABLE_MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48
UNCOMPRESSED = 0
MORE = 0x80
"""The bit of a varint's byte that says another one follows."""
DTYPES: Mapping[int, np.dtype[np.generic]] = {
    1: np.dtype("<f4"),
    2: np.dtype("<f8"),
    3: np.dtype("<i4"),
    9: np.dtype("<i8"),
    19: np.dtype("<f2"),
}
"""TensorFlow's numbers for the types a checkpoint of weights can hold."""


@dataclass(frozen=True)
class _Place:
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int


def read(prefix: Path) -> Mapping[str, Tensor]:
    """Every numeric tensor of a checkpoint by its name; `prefix` is the path without `.index`."""
    try:
        table = prefix.with_name(prefix.name + ".index").read_bytes()
        shards, places = _catalogue(table)
        data = [
            np.memmap(prefix.with_name(f"{prefix.name}.data-{i:05d}-of-{shards:05d}"), np.uint8, "r")
            for i in range(shards)
        ]
        return {name: _tensor(data[place.shard], place) for name, place in places.items()}
    except (OSError, ValueError, IndexError, KeyError) as error:
        raise EngineError(
            "weights_damaged",
            f"The checkpoint {prefix.name} cannot be read: {error}.",
            hint="Fetch the model again with: dubline models pull.",
        ) from error


def _tensor(shard: npt.NDArray[np.uint8], place: _Place) -> Tensor:
    raw = shard[place.offset : place.offset + place.size]
    if len(raw) != place.size:
        raise ValueError("it ends early")
    return raw.view(place.dtype).reshape(place.shape)


def _catalogue(table: bytes) -> tuple[int, dict[str, _Place]]:
    """How many data files there are, and where in them each tensor lies."""
    if len(table) < FOOTER_BYTES or int.from_bytes(table[-8:], "little") != TABLE_MAGIC:
        raise ValueError("its index is no table")
    _, at = _handle(table, len(table) - FOOTER_BYTES)
    index, _ = _handle(table, at)
    entries = dict(
        entry
        for _, handle in _entries(_block(table, index))
        for entry in _entries(_block(table, _handle(handle, 0)[0]))
    )
    header = _fields(entries.pop(b""))
    shards = _number(header, 1, 1)
    return shards, {name.decode(): place for name, value in entries.items() if (place := _place(value))}


def _place(value: bytes) -> _Place | None:
    """BundleEntryProto; None for a type that holds no numbers."""
    entry = _fields(value)
    dtype = DTYPES.get(_number(entry, 1, 0))
    if dtype is None:
        return None
    dimensions = [dim for shape in entry.get(2, []) for dim in _fields(_raw(shape)).get(2, [])]
    shape = tuple(_number(_fields(_raw(dim)), 1, 0) for dim in dimensions)
    return _Place(dtype, shape, _number(entry, 3, 0), _number(entry, 4, 0), _number(entry, 5, 0))


def _block(table: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    if table[offset + size] != UNCOMPRESSED:
        raise ValueError("its index is compressed")
    return table[offset : offset + size]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a LevelDB block. A key repeats only what differs from the one before it."""
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 * (restarts + 1)
    at, key = 0, b""
    while at < end:
        shared, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + unshared]
        at += unshared
        yield key, block[at : at + length]
        at += length


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & ~MORE) << shift
        at, shift = at + 1, shift + 7
        if not byte & MORE:
            return value, at


def _fields(message: bytes) -> Fields:
    """The fields of a protobuf message by number; nested messages stay bytes."""
    found: Fields = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value: int | bytes
        match tag & 7:
            case 0:
                value, at = _varint(message, at)
            case 1:
                value, at = message[at : at + 8], at + 8
            case 2:
                length, at = _varint(message, at)
                value, at = message[at : at + length], at + length
            case 5:
                value, at = message[at : at + 4], at + 4
            case kind:
                raise ValueError(f"an entry has a field of unknown kind {kind}")
        found.setdefault(tag >> 3, []).append(value)
    return found


def _number(fields: Fields, number: int, default: int) -> int:
    value = fields.get(number, [default])[0]
    if not isinstance(value, int):
        raise ValueError(f"field {number} holds no number")
    return value


def _raw(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a nested entry holds a number")
    return value
