"""The ONNX graph computes what the original network computes, and no pickle can make us run anything."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from dubline.domain.errors import EngineError
from dubline.models.catalogue import Models
from dubline.models.convert.ge2e import BANDS, HIDDEN, LAYERS, convert
from dubline.models.convert.pickle_weights import MAGIC, PROTOCOL, Tensor, read_tensors

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def legacy_file(path: Path, entry: str, tensors: dict[str, Tensor]) -> Path:
    """What torch.save wrote before version 1.6, opcode by opcode."""
    body = [_text(entry), b"}("]
    for index, (name, tensor) in enumerate(tensors.items()):
        shape = b"(" + b"".join(_number(size) for size in tensor.shape) + b"t"
        strides = [stride // 4 for stride in tensor.strides]
        stride = b"(" + b"".join(_number(step) for step in strides) + b"t"
        storage = (
            b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text(str(index)) + _text("cpu")
            + _number(tensor.size) + b"NtQ"
        )  # fmt: skip
        flags = b"\x89ccollections\nOrderedDict\n)R"
        body.append(
            _text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + _number(0) + shape + stride + flags
            + b"tR"
        )  # fmt: skip
    state = b"\x80\x02}(" + b"".join(body) + b"uu."
    keys = pickle.dumps([str(index) for index in range(len(tensors))], protocol=2)
    raw = b"".join(t.size.to_bytes(8, "little") + t.astype("<f4").tobytes() for t in tensors.values())
    path.write_bytes(_head() + state + keys + raw)
    return path


def _head() -> bytes:
    return b"".join(pickle.dumps(part, protocol=2) for part in (MAGIC, PROTOCOL, {"little_endian": True}))


def _text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + len(raw).to_bytes(4, "little") + raw


def _number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def random_weights() -> dict[str, Tensor]:
    random = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {"linear.weight": (HIDDEN, HIDDEN), "linear.bias": (HIDDEN,)}
    for layer in range(LAYERS):
        width = HIDDEN if layer else BANDS
        for kind, shape in zip(KINDS, ((width,), (HIDDEN,), (), ()), strict=True):
            shapes[f"lstm.{kind}_l{layer}"] = (4 * HIDDEN, *shape)
    return {name: random.normal(0, 0.08, shape).astype(np.float32) for name, shape in shapes.items()}


def reference(weights: dict[str, Tensor], mel: Tensor) -> Tensor:
    """The network as its paper has it, step by step, gates in PyTorch's order."""
    flow = list(mel.transpose(1, 0, 2).astype(np.float64))
    for layer in range(LAYERS):
        w_in, w_back, b_in, b_back = (weights[f"lstm.{kind}_l{layer}"].astype(np.float64) for kind in KINDS)
        hidden = cell = np.zeros((len(mel), HIDDEN))
        for step, frame in enumerate(flow):
            gates = frame @ w_in.T + hidden @ w_back.T + b_in + b_back
            enter, forget, new, leave = np.split(gates, 4, axis=1)
            cell = _sigmoid(forget) * cell + _sigmoid(enter) * np.tanh(new)
            hidden = _sigmoid(leave) * np.tanh(cell)
            flow[step] = hidden
    raw = np.maximum(0, hidden @ weights["linear.weight"].T.astype(np.float64) + weights["linear.bias"])
    return raw / np.linalg.norm(raw, axis=1, keepdims=True)


def _sigmoid(values: Tensor) -> Tensor:
    return 1 / (1 + np.exp(-values))


def run(folder: Path, mel: Tensor, ends: Iterable[int]) -> Tensor:
    from onnxruntime import InferenceSession

    session = InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    return session.run(None, {"mel": mel, "ends": np.array(list(ends), dtype=np.int64)})[0]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    legacy_file(source / "pretrained.pt", "model_state", random_weights())
    convert(source, target)
    return target


def test_computes_what_the_network_computes(converted: Path) -> None:
    mel = np.random.default_rng(4).random((3, 30, BANDS), dtype=np.float32)
    found = run(converted, mel, [20, 30])
    assert np.allclose(found[1], reference(random_weights(), mel), atol=1e-5)
    assert np.allclose(found[0], reference(random_weights(), mel[:, :20]), atol=1e-5)


def test_same_bytes_every_time(converted: Path, tmp_path: Path) -> None:
    legacy_file(tmp_path / "pretrained.pt", "model_state", random_weights())
    convert(tmp_path, tmp_path / "again")
    assert (tmp_path / "again/model.onnx").read_bytes() == (converted / "model.onnx").read_bytes()


def test_the_real_weights_tell_noise_from_noise(models: Callable[..., Models]) -> None:
    folder = models("ge2e").path("ge2e")
    mel = np.random.default_rng(5).random((2, 160, BANDS), dtype=np.float32)
    found = run(folder, mel, [160])[0]
    assert found.shape == (2, HIDDEN)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


class Call:
    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def test_a_pickle_that_calls_is_refused_before_it_calls(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    evil = pickle.dumps({"model_state": Call(os.mkdir, str(touched))}, protocol=2)
    for bytes_ in (evil, _head() + evil):
        (tmp_path / "evil.pt").write_bytes(bytes_)
        with pytest.raises(EngineError) as refusal:
            read_tensors(tmp_path / "evil.pt", "model_state")
        assert refusal.value.code == "weights_refused"
        assert "mkdir" in refusal.value.message
    assert not touched.exists()


@pytest.mark.parametrize("keep", [0, 1, 40, 200, -4])
def test_a_damaged_file_is_refused(tmp_path: Path, keep: int) -> None:
    path = legacy_file(tmp_path / "pretrained.pt", "model_state", {"x": np.ones((2, 3), np.float32)})
    path.write_bytes(path.read_bytes()[: keep or None] if keep else b"")
    with pytest.raises(EngineError, match="weight file"):
        read_tensors(path, "model_state")


def test_reads_tensors_and_refuses_those_that_reach_too_far(tmp_path: Path) -> None:
    tensor = np.arange(6, dtype=np.float32).reshape(2, 3)
    path = legacy_file(tmp_path / "a.pt", "state", {"x": tensor})
    assert np.array_equal(read_tensors(path, "state")["x"], tensor)
    grown = path.read_bytes().replace(_number(2) + _number(3) + b"t", _number(9) + _number(3) + b"t")
    path.write_bytes(grown)
    with pytest.raises(EngineError, match="beyond"):
        read_tensors(path, "state")
