"""Softmax in C."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import Constants, Lowered, Lowering, Place
from sertool.graph.operators import Softmax
from sertool.graph.operators.softmax import softmax_parameters
from sertool.graph.quantization import Rounding


def _lower(layer: Softmax, place: Place) -> Lowered:
    parameters = softmax_parameters(layer.input_quantization.scale)
    constants = Constants(
        "ser_softmax",
        fields={
            "multiplier": parameters.multiplier,
            "lowest_difference": parameters.diff_min,
            "size": layer.size,
            "shift": parameters.left_shift,
        },
    )
    arguments = ", ".join((place.data, *place.reads, place.output))
    return Lowered(f"ser_softmax_int8({arguments})", constants)


def _files(layer: Softmax, rounding: Rounding) -> Sequence[str]:
    return ("softmax_int8.c", "fixed_point.h", "argmax_int8.c")


LOWERING = Lowering(_lower, _files)
