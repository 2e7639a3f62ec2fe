"""From the integer graph to a .tflite that stock TFLite Micro and TFLite run unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.checks import check_graph
from sertool.graph.graph import IntegerGraph
from sertool.graph.operators import ArgMax, FullyConnected, Softmax
from sertool.graph.operators.softmax import PROBABILITIES
from sertool.graph.quantization import ScaleProduct
from sertool.graph.scales import alike, multipliers
from sertool.graph.tensors import TensorScale
from sertool.tflite import flatbuffer
from sertool.tflite.activations import activation_of
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL, SCHEMA_VERSION, Operator, TensorType

#: Name of the metadata buffer: JSON with sorted keys.
METADATA_NAME = "sertool"
#: Its `format`: a reader refuses another.
METADATA_FORMAT = 2
#: The versions that TFLite's `op_version.cc` gives int8 operators of these kinds (per-channel weights too).
_VERSIONS = {Operator.FULLY_CONNECTED: 4, Operator.SOFTMAX: 2, Operator.ARG_MAX: 2}


def write(graph: IntegerGraph, metadata: Mapping[str, object] | None = None) -> bytes:
    """Write `graph` as a .tflite: one int8 input (1, features); outputs are what no layer reads.

    That is `probabilities` and `label` for a classifier. Tensors bear the names of their layers; weights are
    int8 codes with a scale for each output channel, or one where all are equal. Every runtime derives the
    graph's multipliers from the scales, however it multiplies. The JSON buffer `sertool` holds `metadata`, its
    `format` and, from the graph, `labels`, `plan` and `rounding`. The same graph and metadata give the same
    bytes. Raises SertoolError where the graph is not well-formed, where .tflite cannot express a layer or
    runtimes would run it differently, or where the metadata is no JSON.
    """
    check_graph(graph)
    own = {
        "format": METADATA_FORMAT,
        "labels": list(graph.labels),
        "plan": [str(width) for width in graph.plan],
        "rounding": graph.rounding.value,
    }
    sheet = _Sheet()
    sheet.activation(graph.input_name, graph.input_size, graph.input_quantization)
    for layer in graph.layers:
        match layer:
            case FullyConnected():
                sheet.fully_connected(layer)
            case Softmax():
                sheet.activation(layer.name, layer.size, PROBABILITIES)
                sheet.operator(Operator.SOFTMAX, [layer.input], layer.name, (9, {"beta": 1.0}))
            case ArgMax():
                axis = sheet.constant(f"{layer.name}/axis", TensorType.INT32, np.array([1], np.int32))
                sheet.tensors.append(_tensor(layer.name, TensorType.INT32, [1], 0))
                options = (40, {"output_type": TensorType.INT32})
                sheet.operator(Operator.ARG_MAX, [layer.input, axis], layer.name, options)
    read = {name for layer in graph.layers for name in layer.reads}
    outputs = [layer.name for layer in graph.layers if layer.name not in read]
    model = sheet.model(graph.input_name, outputs, _json({**(metadata or {}), **own}))
    return flatbuffer.encode(MODEL, model, FILE_IDENTIFIER)


def _json(metadata: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(metadata, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise SertoolError(
            f"the model's metadata is not JSON: {error}",
            where=f"metadata {METADATA_NAME!r}",
            allowed="text, finite numbers, booleans, null, lists and objects with text keys",
        ) from error


class _Sheet:
    """Tensors, buffers and operators as they gather; tensors are referred to by name."""

    def __init__(self) -> None:
        # Buffer 0 is empty by convention: tensors without constant data refer to it.
        self.buffers: list[dict[str, Any]] = [{}]
        self.tensors: list[dict[str, Any]] = []
        self.codes: list[Operator] = []
        self.operators: list[tuple[Operator, list[str], str, tuple[int, dict[str, Any]]]] = []

    def activation(self, name: str, size: int, q: TensorScale) -> None:
        tensor = _tensor(name, TensorType.INT8, [1, size], 0)
        self.tensors.append(tensor | {"quantization": {"scale": [q.scale], "zero_point": [q.zero_point]}})

    def constant(self, name: str, kind: TensorType, values: NDArray[Any], **extra: object) -> str:
        self.tensors.append(_tensor(name, kind, values.shape, len(self.buffers)) | extra)
        self.buffers.append(
            {"data": np.frombuffer(values.astype(values.dtype.newbyteorder("<")).tobytes(), "<u1")}
        )
        return name

    def operator(
        self, code: Operator, inputs: list[str], output: str, options: tuple[int, dict[str, Any]]
    ) -> None:
        if code not in self.codes:
            self.codes.append(code)
        self.operators.append((code, inputs, output, options))

    def fully_connected(self, layer: FullyConnected) -> None:
        scales = layer.weight_scales if _per_channel(layer) else layer.weight_scales[:1]
        zeros = np.zeros(len(scales), np.int64)
        bias_scales = np.float32(layer.input_quantization.scale) * scales
        inputs = [
            layer.input,
            self.constant(
                f"{layer.name}/weights",
                TensorType.INT8,
                layer.weights,
                quantization={"scale": scales, "zero_point": zeros, "quantized_dimension": 0},
            ),
            self.constant(
                f"{layer.name}/bias",
                TensorType.INT32,
                layer.bias,
                quantization={"scale": bias_scales, "zero_point": zeros, "quantized_dimension": 0},
            ),
        ]
        self.activation(layer.name, layer.outputs, layer.output_quantization)
        options = {"fused_activation_function": activation_of(layer)}
        self.operator(Operator.FULLY_CONNECTED, inputs, layer.name, (8, options))

    def model(self, input_name: str, outputs: list[str], metadata: bytes) -> dict[str, Any]:
        index = {tensor["name"]: number for number, tensor in enumerate(self.tensors)}
        operators = [
            {
                "opcode_index": self.codes.index(code),
                "inputs": [index[name] for name in inputs],
                "outputs": [index[output]],
                "builtin_options": options,
            }
            for code, inputs, output, options in self.operators
        ]
        return {
            "version": SCHEMA_VERSION,
            "operator_codes": [
                {"deprecated_builtin_code": code, "version": _VERSIONS[code], "builtin_code": code}
                for code in self.codes
            ],
            "subgraphs": [
                {
                    "tensors": self.tensors,
                    "inputs": [index[input_name]],
                    "outputs": [index[name] for name in outputs],
                    "operators": operators,
                    "name": "main",
                }
            ],
            "description": METADATA_NAME,
            "buffers": [*self.buffers, {"data": np.frombuffer(metadata, "<u1")}],
            "metadata": [{"name": METADATA_NAME, "buffer": len(self.buffers)}],
        }


def _tensor(name: str, kind: TensorType, shape: Any, buffer: int) -> dict[str, Any]:
    return {"shape": list(shape), "type": kind, "buffer": buffer, "name": name}


def _per_channel(layer: FullyConnected) -> bool:
    """Whether weights take a scale for each channel: not where all are equal, and runtimes multiply it alike.

    With one scale for the tensor look-up tables are one for the tensor, too.
    """
    scales = (layer.input_quantization, layer.weight_scales, layer.output_quantization)
    multiplier, shift = multipliers(layer.name, *scales, ScaleProduct.DOUBLE)
    if np.array_equal(multiplier, layer.multiplier) and np.array_equal(shift, layer.shift):
        if np.all(layer.weight_scales == layer.weight_scales[0]) and alike(*scales).all():
            return False
        if layer.outputs > 1:
            return True
    raise SertoolError(
        "the multipliers are not those that every runtime would derive from the scales",
        where=f"layer {layer.name!r}",
        allowed="multiplier and shift of input scale * weight scale / output scale, the product rounded or not",
        hint="make the layer with sertool.graph.fully_connected",
    )
