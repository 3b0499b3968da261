"""Reads the tensors of a legacy PyTorch file without PyTorch and without trusting the file.

A pickle may name any function of the machine and have it called. This reader knows three names, all of them
replaced by harmless ones of ours, and refuses the file at the first other name.

Layout: four pickles (magic number, protocol, facts on the writer, the object itself), a pickled list of
storage keys, and then for each key a 64-bit count of elements and the elements, little-endian.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from dubline.domain.errors import EngineError

Tensor = npt.NDArray[np.float32]

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
_FLOAT_STORAGE = "float32"


@dataclass(frozen=True)
class _Storage:
    key: str
    count: int


@dataclass(frozen=True)
class _Lazy:
    """A tensor whose numbers come later in the file."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    def of(self, storages: Mapping[str, Tensor]) -> Tensor:
        numbers = storages[self.storage.key][self.offset :]
        needed = 1 + sum((size - 1) * step for size, step in zip(self.shape, self.stride, strict=True))
        if any(step < 0 for step in self.stride) or needed > numbers.size:
            raise _refusal("a tensor reaches beyond its numbers")
        strides = tuple(step * numbers.itemsize for step in self.stride)
        return np.lib.stride_tricks.as_strided(numbers, self.shape, strides).copy()


def _rebuild(
    storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> _Lazy:
    return _Lazy(storage, offset, shape, stride)


_KNOWN: Mapping[tuple[str, str], Callable[..., object] | str] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch", "FloatStorage"): _FLOAT_STORAGE,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Callable[..., object] | str:
        known = _KNOWN.get((module, name))
        if known is None:
            raise _refusal(f"it names {module}.{name}")
        return known

    def persistent_load(self, reference: object) -> _Storage:
        match reference:
            case ("storage", "float32", str(key), str(), int(count), None):
                return _Storage(key, count)
            case _:
                raise _refusal("it refers to something that is no float32 tensor")


def read_tensors(path: Path, entry: str) -> dict[str, Tensor]:
    """The tensors of the state dictionary stored under `entry`, by name."""
    try:
        with path.open("rb") as file:
            return _read(file, entry)
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _refusal("it is damaged or of another kind") from error


def _read(file: IO[bytes], entry: str) -> dict[str, Tensor]:
    magic, protocol, _writer = (_Reader(file).load() for _ in range(3))
    if (magic, protocol) != (MAGIC, PROTOCOL):
        raise _refusal("it is no legacy PyTorch file")
    state = _Reader(file).load()[entry]
    keys = _Reader(file).load()
    storages = {str(key): _numbers(file) for key in keys}
    return {name: lazy.of(storages) for name, lazy in state.items() if isinstance(lazy, _Lazy)}


def _numbers(file: IO[bytes]) -> Tensor:
    count = int.from_bytes(file.read(8), "little")
    raw = file.read(4 * count)
    if len(raw) != 4 * count:
        raise _refusal("it is cut short")
    return np.frombuffer(raw, dtype="<f4")


def _refusal(why: str) -> EngineError:
    return EngineError(
        "weights_refused",
        f"The weight file was not read because {why}.",
        hint="Fetch it again with: dubline models pull.",
    )
