"""The conversion of Spleeter's checkpoint, on the real checkpoint where it lies, and on a small one made here."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from dubline.domain.errors import EngineError
from dubline.models.convert import spleeter, tensorbundle


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def entry(key: bytes, before: bytes, value: bytes) -> bytes:
    shared = next((i for i, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), len(before))
    shared = min(shared, len(key))
    rest = key[shared:]
    return varint(shared) + varint(len(rest)) + varint(len(value)) + rest + value


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    body, before = b"", b""
    for key, value in entries:
        body += entry(key, before, value)
        before = key
    return body + (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def place(dtype: int, shape: tuple[int, ...], offset: int, size: int) -> bytes:
    dims = b"".join(
        b"\x12" + varint(len(dim)) + dim for dim in (b"\x08" + varint(length) for length in shape)
    )
    return (
        b"\x08" + varint(dtype) + b"\x12" + varint(len(dims)) + dims
        + b"\x20" + varint(offset) + b"\x28" + varint(size) + b"\x35" + b"\0\0\0\0"
    )  # fmt: skip


def write_bundle(folder, tensors):
    """A checkpoint as TensorFlow would write it: float32 tensors, one data file, one index block."""
    data, entries = b"", [(b"", b"\x08\x01")]
    for name in sorted(tensors):
        raw = np.ascontiguousarray(tensors[name], dtype="<f4").tobytes()
        entries.append((name.encode(), place(1, tensors[name].shape, len(data), len(raw))))
        data += raw
    (folder / "model.data-00000-of-00001").write_bytes(data)
    content = block(entries)
    index = block([(b"~", varint(0) + varint(len(content)))])
    table = content + b"\0" * 5 + index + b"\0" * 5
    handles = varint(0) + varint(0) + varint(len(content) + 5) + varint(len(index))
    table += handles.ljust(40, b"\0") + tensorbundle.TABLE_MAGIC.to_bytes(8, "little")
    (folder / "model.index").write_bytes(table)


def small_checkpoint():
    """Every tensor the network has, with fewer channels."""
    rng = np.random.default_rng(7)
    widths = [2, 2, 3, 3, 4, 4, 5]
    tensors = {}

    def layer(kind, number, **shapes):
        name = f"{kind}_{number}" if number else kind
        for part, shape in shapes.items():
            tensors[f"{name}/{part}"] = rng.random(shape, dtype=np.float32) * 0.2

    def norm(number, width):
        layer(
            "batch_normalization", number, gamma=width, beta=width, moving_mean=width, moving_variance=width
        )

    for stem in range(2):
        for i in range(6):
            layer("conv2d", stem * 7 + i, kernel=(5, 5, widths[i], widths[i + 1]), bias=(widths[i + 1],))
            norm(stem * 12 + i, (widths[i + 1],))
        for i in range(6):
            out = widths[5 - i] if i < 5 else 1
            into = widths[6] if i == 0 else 2 * widths[6 - i]
            layer("conv2d_transpose", stem * 6 + i, kernel=(5, 5, out, into), bias=(out,))
            norm(stem * 12 + 6 + i, (out,))
        layer("conv2d", stem * 7 + 6, kernel=(4, 4, 1, 2), bias=(2,))
    return tensors


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    write_bundle(folder, small_checkpoint())
    return folder


def test_a_checkpoint_reads_back_as_written(source):
    read = tensorbundle.read(source / "model")
    written = small_checkpoint()
    assert set(read) == set(written)
    for name, values in written.items():
        np.testing.assert_array_equal(read[name], values)


def test_graph_takes_magnitudes_and_gives_shares(source, tmp_path):
    import onnxruntime

    spleeter.convert(source, tmp_path / "out")
    model = onnx.load(tmp_path / "out" / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    magnitude = np.abs(np.random.default_rng(1).normal(size=(1, 2, 512, 1024))).astype(np.float32)
    (share,) = session.run(["voices"], {"magnitude": magnitude})
    assert share.shape == (1, 2, 512, 1024)
    assert 0 <= share.min() < share.max() <= 1
    (silent,) = session.run(["voices"], {"magnitude": np.zeros_like(magnitude)})
    np.testing.assert_allclose(silent, 0.5)


def test_same_checkpoint_same_bytes(source, tmp_path):
    for target in ("one", "two"):
        spleeter.convert(source, tmp_path / target)
    assert (tmp_path / "one" / "model.onnx").read_bytes() == (tmp_path / "two" / "model.onnx").read_bytes()


@pytest.mark.parametrize("damage", ["truncate-data", "truncate-index", "no-data", "garbage"])
def test_damaged_checkpoint_is_said_to_be_damaged(source, tmp_path, damage):
    index, data = source / "model.index", source / "model.data-00000-of-00001"
    if damage == "truncate-data":
        data.write_bytes(data.read_bytes()[:-1])
    elif damage == "truncate-index":
        index.write_bytes(index.read_bytes()[:-20])
    elif damage == "no-data":
        data.unlink()
    else:
        index.write_bytes(b"\xff" * 1000 + index.read_bytes()[-48:])
    with pytest.raises(EngineError) as caught:
        spleeter.convert(source, tmp_path / "out")
    assert caught.value.code == "weights_damaged"
    assert not (tmp_path / "out" / "model.onnx").exists()


def test_real_graph_has_two_whole_networks(models):
    model = onnx.load(models("spleeter-2stems").path("spleeter-2stems") / "model.onnx")
    kinds = [node.op_type for node in model.graph.node]
    assert (kinds.count("Conv"), kinds.count("ConvTranspose")) == (14, 12)
    kernels = {c.name: tuple(c.dims) for c in model.graph.initializer if "kernel" in c.name}
    assert kernels["conv2d_5/kernel:half"] == (512, 256, 5, 5)
    assert kernels["conv2d_transpose_1/kernel:half"] == (512, 128, 5, 5)
    assert kernels["conv2d_13/kernel:half"] == (2, 1, 4, 4)
