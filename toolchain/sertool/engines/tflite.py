"""The engine `tflite`: TensorFlow Lite's reference kernels, the second witness."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Trace
from sertool.engines.witness import check_inputs, empty_trace
from sertool.errors import SertoolError
from sertool.graph.model import IntegerGraph
from sertool.graph.quantization import Rounding
from sertool.tflite.locate import layer_tensors

#: The package whose reference kernels round as a graph asks: import name, name for pip, hint.
_PACKAGES = {
    Rounding.DOUBLE: (
        "tflite_runtime.interpreter",
        "tflite-runtime 2.14",
        "pip install 'sertool[verify]' with Python < 3.12, or leave this engine out: tflm is the oracle",
    ),
    Rounding.SINGLE: (
        "ai_edge_litert.interpreter",
        "ai-edge-litert",
        "pip install ai-edge-litert, or leave this engine out",
    ),
}


class TfliteEngine:
    """Runs a .tflite with the kernels of the resolver BUILTIN_REF, all clips as one batch.

    Batching and `experimental_preserve_all_tensors` change where tensors lie, not what a kernel computes for
    a row. The runtime follows the graph's rounding, because another one's answer would prove nothing: the
    kernels of `tflite-runtime` 2.14 round twice, those of `ai-edge-litert` 2.3 once; the softmax of both is
    the graph's. The default resolvers are no witnesses: their optimized kernels round some ties another way.
    """

    name = "tflite"

    def __init__(self, model: bytes, graph: IntegerGraph) -> None:
        module, package, hint = _PACKAGES[graph.rounding]
        try:
            interpreter = importlib.import_module(module)
        except ImportError as error:
            raise SertoolError(
                f"the engine {self.name!r} needs the package {package} for {graph.rounding.value} rounding",
                hint=hint,
            ) from error
        self._graph = graph
        self._tensors = layer_tensors(model, graph)
        try:
            self._interpreter: Any = interpreter.Interpreter(
                model_content=model,
                num_threads=1,
                experimental_op_resolver_type=interpreter.OpResolverType.BUILTIN_REF,
                experimental_preserve_all_tensors=True,
            )
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise SertoolError(
                f"TensorFlow Lite refuses the model: {error}", where=f"engine {self.name!r}"
            ) from error
        self._input = self._interpreter.get_input_details()[0]["index"]

    def run(self, inputs: NDArray[np.int8]) -> Trace:
        """Run int8 `inputs` (clips, features)."""
        check_inputs(self.name, self._graph, inputs)
        trace = empty_trace(self._graph, self._tensors, len(inputs))
        if len(inputs):
            self._interpreter.resize_tensor_input(self._input, inputs.shape)
            self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(self._input, inputs)
            self._interpreter.invoke()
            for layer, number in self._tensors.items():
                trace[layer][:] = self._interpreter.get_tensor(number).reshape(len(inputs), -1)
        return trace

    def __enter__(self) -> TfliteEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self._interpreter = None
