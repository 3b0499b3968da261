"""Spleeter's two-stem checkpoint as one ONNX graph, mask included.

In: `magnitude` [pieces, 2, 512, 1024], the magnitudes of left and right, 512 frames, the lowest 1024 bins
of a 4096-point spectrum at 44.1 kHz. Out: `voices`, the share of each bin that is voice, same shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dubline.models.convert import tensorbundle

CHECKPOINT = "model"
FRAMES, BINS = 512, 1024
DEPTH = 6
EPSILON = 1e-10
BATCH_NORM_EPSILON = 1e-3
LEAK = 0.2
HALVE = {"strides": [2, 2], "kernel_shape": [5, 5], "pads": [1, 1, 2, 2]}
"""TensorFlow's "same" for a 5×5 kernel of stride 2 puts the odd row and column at the end."""
LAST = {"dilations": [2, 2], "kernel_shape": [4, 4], "pads": [3, 3, 3, 3]}
OPSET, IR_VERSION = 17, 8
"""Fixed, so that the bytes do not change with the installed `onnx`."""


def convert(source: Path, target: Path) -> None:
    """Reads the checkpoint in the folder `source` and writes `target/model.onnx`, always the same bytes."""
    weights = tensorbundle.read(source / CHECKPOINT)
    target.mkdir(parents=True, exist_ok=True)
    (target / "model.onnx").write_bytes(_graph(weights))


def _graph(weights: Mapping[str, tensorbundle.Tensor]) -> bytes:
    from onnx import TensorProto, helper

    drawing = _Drawing(weights)
    vocals = _unet(drawing, "vocals", 0)
    accompaniment = _unet(drawing, "accompaniment", 1)
    _share(drawing, vocals, accompaniment)
    shape: list[str | int | None] = ["pieces", 2, FRAMES, BINS]
    graph = helper.make_graph(
        drawing.nodes,
        "spleeter-2stems",
        [helper.make_tensor_value_info("magnitude", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("voices", TensorProto.FLOAT, shape)],
        drawing.constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="dubline"
    )
    return bytes(model.SerializeToString(deterministic=True))


class _Drawing:
    """A graph being drawn: every method adds one operation and gives the name of its result."""

    def __init__(self, weights: Mapping[str, tensorbundle.Tensor]) -> None:
        from onnx import NodeProto, TensorProto

        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    # An attribute is whatever the ONNX operation of that kind takes.
    def add(self, kind: str, inputs: Sequence[str], result: str, **attributes: Any) -> str:  # noqa: ANN401
        from onnx import helper

        self.nodes.append(helper.make_node(kind, list(inputs), [result], name=result, **attributes))
        return result

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Kept as half floats, computed with as full ones: half the file, no difference one could hear."""
        from onnx import numpy_helper

        half = np.ascontiguousarray(values, dtype=np.float16)
        self.constants.append(numpy_helper.from_array(half, f"{name}:half"))
        return self.add("Cast", [f"{name}:half"], name, to=1)

    def exact(self, name: str, values: npt.NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name))
        return name

    def convolve(self, layer: str, source: str, **attributes: list[int]) -> str:
        kernel = self.constant(f"{layer}/kernel", self.weights[f"{layer}/kernel"].transpose(3, 2, 0, 1))
        bias = self.exact(f"{layer}/bias", self.weights[f"{layer}/bias"])
        return self.add("Conv", [source, kernel, bias], layer, **attributes)

    def spread(self, layer: str, source: str) -> str:
        """A transposed convolution; its kernel lies as height, width, out, in."""
        kernel = self.constant(f"{layer}/kernel", self.weights[f"{layer}/kernel"].transpose(3, 2, 0, 1))
        bias = self.exact(f"{layer}/bias", self.weights[f"{layer}/bias"])
        return self.add("ConvTranspose", [source, kernel, bias], layer, **HALVE)

    def normalize(self, layer: str, source: str) -> str:
        kinds = ("gamma", "beta", "moving_mean", "moving_variance")
        learned = [self.exact(f"{layer}/{kind}", self.weights[f"{layer}/{kind}"]) for kind in kinds]
        return self.add("BatchNormalization", [source, *learned], layer, epsilon=BATCH_NORM_EPSILON)


def _unet(drawing: _Drawing, stem: str, order: int) -> str:
    """The magnitudes of one stem. TensorFlow numbered all layers through: the second net goes on counting."""
    normalized = order * 2 * DEPTH
    skips: list[str] = []
    at = "magnitude"
    for level in range(DEPTH):
        skips.append(drawing.convolve(_layer("conv2d", order * (DEPTH + 1) + level), at, **HALVE))
        if level < DEPTH - 1:
            at = drawing.normalize(_layer("batch_normalization", normalized + level), skips[-1])
            at = drawing.add("LeakyRelu", [at], f"{stem}/leaky_{level}", alpha=LEAK)
    at = skips.pop()
    for level in range(DEPTH):
        at = drawing.spread(_layer("conv2d_transpose", order * DEPTH + level), at)
        at = drawing.add("Relu", [at], f"{stem}/relu_{level}")
        at = drawing.normalize(_layer("batch_normalization", normalized + DEPTH + level), at)
        if skips:
            at = drawing.add("Concat", [skips.pop(), at], f"{stem}/concat_{level}", axis=1)
    at = drawing.convolve(_layer("conv2d", order * (DEPTH + 1) + DEPTH), at, **LAST)
    at = drawing.add("Sigmoid", [at], f"{stem}/sigmoid")
    return drawing.add("Mul", [at, "magnitude"], stem)


def _layer(kind: str, number: int) -> str:
    return f"{kind}_{number}" if number else kind


def _share(drawing: _Drawing, vocals: str, accompaniment: str) -> str:
    """(v² + ½ε) / (v² + a² + ε): silence is shared evenly instead of divided by zero."""
    half = drawing.exact("half_epsilon", np.array([EPSILON / 2]))
    whole = drawing.exact("epsilon", np.array([EPSILON]))
    v = drawing.add("Mul", [vocals, vocals], "vocals_power")
    a = drawing.add("Mul", [accompaniment, accompaniment], "accompaniment_power")
    both = drawing.add("Add", [v, a], "both_powers")
    top = drawing.add("Add", [v, half], "share_top")
    bottom = drawing.add("Add", [both, whole], "share_bottom")
    return drawing.add("Div", [top, bottom], "voices")
