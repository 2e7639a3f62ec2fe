"""The engine `tflite`: TensorFlow Lite's reference kernels, the second witness."""

from __future__ import annotations

import importlib.util

import numpy as np
from numpy.typing import NDArray

from sertool.engines.base import Trace
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.engines.witness import check_scale_product, interpreted
from sertool.errors import SertoolError
from sertool.graph.checks import check_inputs
from sertool.graph.graph import IntegerGraph
from sertool.graph.quantization import Rounding, ScaleProduct
from sertool.tflite.locate import layer_tensors

#: The package whose reference kernels round as a graph asks: import name, name for pip, hint.
_PACKAGES = {
    Rounding.DOUBLE: (
        "tflite_runtime",
        "tflite-runtime 2.14",
        "pip install 'sertool[verify]' with Python < 3.12, or leave this engine out: tflm is the oracle",
    ),
    Rounding.SINGLE: (
        "ai_edge_litert",
        "ai-edge-litert",
        "pip install ai-edge-litert, or leave this engine out",
    ),
}
#: How those packages multiply scales.
SCALE_PRODUCTS = {Rounding.DOUBLE: ScaleProduct.SINGLE, Rounding.SINGLE: ScaleProduct.DOUBLE}


class TfliteEngine:
    """Runs a .tflite with the kernels of the resolver BUILTIN_REF, one clip at a time, in its own process.

    `experimental_preserve_all_tensors` changes where tensors lie, not what is computed. The runtime follows the
    graph's rounding, because another one's answer would prove nothing: the kernels of `tflite-runtime` 2.14
    round twice, those of `ai-edge-litert` 2.3 once; the former round the product of scales to float32, the
    latter do not; the softmax of both is the graph's. The default resolvers are no witnesses: their optimized
    kernels round the last ties upwards.
    """

    name = "tflite"

    def __init__(self, model: bytes, graph: IntegerGraph) -> None:
        module, package, hint = _PACKAGES[graph.rounding]
        if importlib.util.find_spec(module) is None:
            raise SertoolError(
                f"the engine {self.name!r} needs the package {package} for {graph.rounding.value} rounding",
                hint=hint,
            )
        check_scale_product(self.name, graph, SCALE_PRODUCTS[graph.rounding])
        self._graph = graph
        self._tensors = layer_tensors(model, graph)
        command = ("tflite", f"{module}.interpreter", "BUILTIN_REF")
        self._process = InterpreterProcess("TensorFlow Lite", command, model, list(self._tensors.values()))

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape)."""
        check_inputs(self.name, self._graph, inputs)
        return interpreted(self._process, self._graph, self._tensors, inputs)

    def __enter__(self) -> TfliteEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.close()
