"""The GE2E speaker encoder as an ONNX graph, from the PyTorch file its package carries.

The graph takes power-mel windows [windows, frames, bands] and gives a unit-length voice print for the first
`frames` of each window at every length asked for in `ends`: an LSTM has passed through every shorter window
on its way to the end of a longer one, so those prints cost next to nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dubline.models.convert.pickle_weights import Tensor, read_tensors

SOURCE_FILE, MODEL_FILE = "pretrained.pt", "model.onnx"
BANDS, HIDDEN, LAYERS = 40, 256, 3
OPSET, IR_VERSION = 17, 8


def convert(source: Path, target: Path) -> None:
    """Write `target`/model.onnx from `source`/pretrained.pt; the same bytes every time."""
    graph = _graph(read_tensors(source / SOURCE_FILE, "model_state"))
    target.mkdir(parents=True, exist_ok=True)
    (target / MODEL_FILE).write_bytes(graph)


def _graph(weights: dict[str, Tensor]) -> bytes:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    constants: dict[str, Tensor | np.ndarray[tuple[int], np.dtype[np.int64]]] = {
        "one": np.array([1], dtype=np.int64),
        "linear.weight": np.ascontiguousarray(weights["linear.weight"].T),
        "linear.bias": weights["linear.bias"],
        "tiny": np.array([1e-12], dtype=np.float32),
    }
    nodes = [helper.make_node("Transpose", ["mel"], ["frames_first"], perm=[1, 0, 2])]
    flow = "frames_first"
    for layer in range(LAYERS):
        constants |= _lstm_constants(weights, layer)
        names = [f"lstm{layer}.{kind}" for kind in "WRB"]
        nodes += [
            helper.make_node("LSTM", [flow, *names], [f"lstm{layer}"], hidden_size=HIDDEN),
            helper.make_node("Squeeze", [f"lstm{layer}", "one"], [f"flow{layer}"]),
        ]
        flow = f"flow{layer}"
    nodes += [
        helper.make_node("Sub", ["ends", "one"], ["last_frames"]),
        helper.make_node("Gather", [flow, "last_frames"], ["states"], axis=0),
        helper.make_node("MatMul", ["states", "linear.weight"], ["projected"]),
        helper.make_node("Add", ["projected", "linear.bias"], ["shifted"]),
        helper.make_node("Relu", ["shifted"], ["raw"]),
        helper.make_node("ReduceL2", ["raw"], ["length"], axes=[2], keepdims=1),
        helper.make_node("Max", ["length", "tiny"], ["safe_length"]),
        helper.make_node("Div", ["raw", "safe_length"], ["prints"]),
    ]
    graph = helper.make_graph(
        nodes,
        "ge2e",
        [
            helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["windows", "frames", BANDS]),
            helper.make_tensor_value_info("ends", TensorProto.INT64, ["ends"]),
        ],
        [helper.make_tensor_value_info("prints", TensorProto.FLOAT, ["ends", "windows", HIDDEN])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph,
        producer_name="dubline",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def _lstm_constants(weights: dict[str, Tensor], layer: int) -> dict[str, Tensor]:
    def gates(name: str) -> Tensor:
        return _onnx_gates(weights[f"lstm.{name}_l{layer}"])

    bias = np.concatenate([gates("bias_ih"), gates("bias_hh")])
    return {
        f"lstm{layer}.W": gates("weight_ih")[None],
        f"lstm{layer}.R": gates("weight_hh")[None],
        f"lstm{layer}.B": bias[None],
    }


def _onnx_gates(stacked: Tensor) -> Tensor:
    """PyTorch stacks the gates input, forget, cell, output; ONNX wants input, output, forget, cell."""
    enter, forget, cell, leave = np.split(stacked, 4)
    return np.concatenate([enter, leave, forget, cell])
