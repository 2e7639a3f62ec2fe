"""The sum of two tensors in C."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import Constants, Lowered, Lowering, Place
from sertool.graph.operators import Add
from sertool.graph.quantization import Rounding


def _lower(layer: Add, place: Place) -> Lowered:
    left, right, whole = layer.factors
    zero_point = layer.output_quantization.zero_point
    constants = Constants(
        "ser_add",
        fields={
            "size": layer.output.size,
            "left_multiplier": left.multiplier,
            "right_multiplier": right.multiplier,
            "multiplier": whole.multiplier,
            "left_shift": left.shift,
            "right_shift": right.shift,
            "shift": whole.shift,
            "left_zero_point": layer.left_quantization.zero_point,
            "right_zero_point": layer.right_quantization.zero_point,
            "output_zero_point": zero_point,
            "lowest": layer.activation_min - zero_point,
            "highest": layer.activation_max - zero_point,
        },
    )
    arguments = ", ".join((place.data, *place.reads, place.output))
    return Lowered(f"ser_add_int8({arguments})", constants)


def _files(layer: Add, rounding: Rounding) -> Sequence[str]:
    return ("add_int8.c", "rescale.h", f"rescale_{rounding.value}.c", "fixed_point.h")


LOWERING = Lowering(_lower, _files, headers=("ser_add.h",))
