"""The engine `tflm`: TensorFlow Lite Micro's own interpreter and kernels, the oracle for the arithmetic."""

from __future__ import annotations

import importlib.util

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Trace
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.engines.witness import check_scale_product, interpreted, missing_package
from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph
from sertool.graph.quantization import ScaleProduct
from sertool.tflite.locate import layer_tensors


class TflmEngine:
    """Runs a .tflite in the interpreter of the package `tflite-micro`, one clip at a time, in its own process.

    The interpreter keeps every tensor (`kPreserveAllTensors`): that changes where tensors lie in the arena, not
    what is computed, so each layer's output can be read after a run. `model` may be what `sertool.tflite.write`
    made of `graph`, the file that `graph` was read from, or either compressed by `sertool.tflite.lut`; layers
    that the file lacks are absent from the trace.
    """

    name = "tflm"

    def __init__(self, model: bytes, graph: IntegerGraph) -> None:
        if importlib.util.find_spec("tflite_micro") is None:
            raise missing_package(self.name, "tflite-micro")
        check_scale_product(self.name, graph, ScaleProduct.DOUBLE)
        self._graph = graph
        self._tensors = layer_tensors(model, graph)
        command = ("tflm", str(_arena(graph)))
        self._process = InterpreterProcess(
            "TensorFlow Lite Micro", command, model, list(self._tensors.values())
        )

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape)."""
        check_inputs(self.name, self._graph, inputs)
        return interpreted(self._process, self._graph, self._tensors, inputs)

    def __enter__(self) -> TflmEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.close()


def _arena(graph: IntegerGraph) -> int:
    """Bytes enough for all tensors at once, unpacked weights included, and the interpreter's own records."""
    activations = graph.input_bytes + sum(layer.output.bytes for layer in graph.layers)
    constants = sum(layer.weights.size + 64 * layer.outputs for layer in graph.weighted)
    return 2**20 + activations + constants
