""".tflite files as others make them: any scales and biases, weights with one scale or one an output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sertool.graph import TensorScale
from sertool.tflite import flatbuffer
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL, Activation, TensorType

_CODES = {"dense": (9, 4), "softmax": (25, 2), "argmax": (56, 2)}


def foreign_model(
    codes: ArrayLike,
    scales: ArrayLike,
    bias: ArrayLike,
    source: TensorScale,
    output: TensorScale,
    *,
    activation: Activation = Activation.NONE,
    ends: Sequence[str] = (),
) -> bytes:
    """One layer of int8 `codes` (outputs, inputs) and int32 `bias`; `scales` are one or one an output.

    `ends` may name `softmax` and `argmax`. Tensors: 0 input, 1 weights, 2 bias, 3 outputs, 4 and up the ends.
    """
    weights, steps = np.asarray(codes, np.int8), np.atleast_1d(np.asarray(scales, np.float32))
    zeros = np.zeros(len(steps), np.int64)
    buffers: list[dict[str, Any]] = [{}]
    tensors: list[dict[str, Any]] = []

    def add(name: str, kind: TensorType, shape: Sequence[int], quantization: Any, data: Any = None) -> None:
        tensors.append({"shape": shape, "type": kind, "buffer": 0, "name": name})
        if quantization is not None:
            tensors[-1]["quantization"] = dict(zip(("scale", "zero_point"), quantization, strict=True))
        if data is not None:
            tensors[-1]["buffer"] = len(buffers)
            buffers.append({"data": np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)})

    def affine(q: TensorScale) -> tuple[list[float], list[int]]:
        return [q.scale], [q.zero_point]

    add("x", TensorType.INT8, [1, weights.shape[1]], affine(source))
    add("w", TensorType.INT8, weights.shape, (steps, zeros), weights)
    products = np.float32(source.scale) * steps
    integers = np.atleast_1d(np.asarray(bias, "<i4"))
    add("b", TensorType.INT32, [len(weights)], (products, zeros), integers)
    add("y", TensorType.INT8, [1, len(weights)], affine(output))
    kinds = ["dense", *ends]
    options = {"fused_activation_function": activation}
    operators: list[dict[str, Any]] = [{"inputs": [0, 1, 2], "outputs": [3], "builtin_options": (8, options)}]
    for end in ends:
        if end == "softmax":
            add("p", TensorType.INT8, [1, len(weights)], ([1 / 256], [-128]))
            operators.append(
                {"inputs": [3], "outputs": [len(tensors) - 1], "builtin_options": (9, {"beta": 1.0})}
            )
        else:
            add("axis", TensorType.INT32, [1], None, np.array([1], "<i4"))
            add("class", TensorType.INT32, [1], None)
            kind = (40, {"output_type": TensorType.INT32})
            operators.append(
                {"inputs": [3, len(tensors) - 2], "outputs": [len(tensors) - 1], "builtin_options": kind}
            )
    results = [operator["outputs"][0] for operator in operators[1:] or operators]
    subgraph = {
        "tensors": tensors,
        "inputs": [0],
        "outputs": results,
        "operators": [{**operator, "opcode_index": index} for index, operator in enumerate(operators)],
        "name": "main",
    }
    codes_used = [_CODES[kind] for kind in kinds]
    model = {
        "version": 3,
        "operator_codes": [
            {"deprecated_builtin_code": code, "version": version, "builtin_code": code}
            for code, version in codes_used
        ],
        "subgraphs": [subgraph],
        "buffers": buffers,
    }
    return flatbuffer.encode(MODEL, model, FILE_IDENTIFIER)
