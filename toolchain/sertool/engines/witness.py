"""What engines over interpreters of .tflite files have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.engines.interpreter_process import InterpreterProcess
from sertool.errors import SertoolError
from sertool.graph.graph import IntegerGraph
from sertool.graph.quantization import ScaleProduct


def missing_package(engine: str, package: str) -> SertoolError:
    """Make the error for an engine whose package is not installed."""
    return SertoolError(
        f"the engine {engine!r} needs the package {package}", hint="pip install 'sertool[verify]'"
    )


def check_scale_product(engine: str, graph: IntegerGraph, product: ScaleProduct) -> None:
    """Raise SertoolError where a runtime that multiplies scales by `product` runs other multipliers."""
    if graph.scale_product not in (None, product):
        raise SertoolError(
            f"the engine {engine!r} would run other integers: it multiplies scales in {product.value} "
            f"precision, this model's multipliers come from {graph.scale_product.value} precision",
            where=f"engine {engine!r}",
            allowed="models whose scales give one multiplier either way, as all that sertool writes",
            hint="leave this engine out",
        )


def interpreted(
    process: InterpreterProcess,
    graph: IntegerGraph,
    tensors: Mapping[str, int],
    inputs: Sequence[NDArray[np.int8]],
) -> dict[str, NDArray[Any]]:
    """Run `inputs`: the outputs of the layers in `tensors`, which holds their numbers.

    They are (clips, *shape), of the type of the layer's output.
    """
    trace: dict[str, NDArray[Any]] = {
        layer.name: layer.output.empty(len(inputs[0])) for layer in graph.layers if layer.name in tensors
    }
    if len(inputs[0]):
        outputs = process.run(inputs)
        for layer, number in tensors.items():
            trace[layer][:] = outputs[number].reshape(trace[layer].shape)
    return trace
