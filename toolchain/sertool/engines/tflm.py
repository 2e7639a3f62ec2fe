"""The engine `tflm`: TensorFlow Lite Micro's own interpreter and kernels, the oracle for the arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Trace
from sertool.engines.witness import check_inputs, empty_trace, missing_package
from sertool.errors import SertoolError
from sertool.graph.model import IntegerGraph
from sertool.tflite.locate import layer_tensors


class TflmEngine:
    """Runs a .tflite in the interpreter of the package `tflite-micro`, one clip at a time.

    The interpreter keeps every tensor (`kPreserveAllTensors`): that changes where tensors lie in the arena, not
    what is computed, so each layer's output can be read after a run. `model` may be what `sertool.tflite.write`
    made of `graph`, the file that `graph` was read from, or either compressed by `sertool.tflite.lut`; layers
    that the file lacks are absent from the trace.
    """

    name = "tflm"

    def __init__(self, model: bytes, graph: IntegerGraph) -> None:
        try:
            from tflite_micro.python.tflite_micro import runtime
        except ImportError as error:
            raise missing_package(self.name, "tflite-micro") from error
        self._graph = graph
        self._tensors = layer_tensors(model, graph)
        try:
            self._interpreter: Any = runtime.Interpreter.from_bytes(
                model,
                arena_size=_arena(graph),
                intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors,
            )
        except RuntimeError as error:
            raise SertoolError(
                f"TensorFlow Lite Micro refuses the model: {error}",
                where=f"engine {self.name!r}",
                hint="what it printed to standard error says why",
            ) from error

    def run(self, inputs: NDArray[np.int8]) -> Trace:
        """Run int8 `inputs` (clips, features)."""
        check_inputs(self.name, self._graph, inputs)
        trace = empty_trace(self._graph, self._tensors, len(inputs))
        for clip in range(len(inputs)):
            self._interpreter.set_input(inputs[clip : clip + 1], 0)
            self._interpreter.invoke()
            for layer, number in self._tensors.items():
                trace[layer][clip] = self._interpreter.GetTensor(number, 0)["tensor_data"].reshape(-1)
        return trace

    def __enter__(self) -> TflmEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self._interpreter = None


def _arena(graph: IntegerGraph) -> int:
    """Bytes enough for all tensors at once, unpacked weights included, and the interpreter's own records."""
    return 2**20 + sum(layer.weights.size + 64 * layer.outputs for layer in graph.dense)
