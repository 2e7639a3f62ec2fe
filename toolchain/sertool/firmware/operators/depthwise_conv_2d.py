"""A convolution of each channel by itself in C: the codes of all rows follow each other bit by bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool.firmware.lowering import WORD, Array, Constants, Lowered, Lowering, Place
from sertool.firmware.windows import window_fields
from sertool.graph.operators import DepthwiseConv2d
from sertool.graph.quantization import Rounding, Width
from sertool.graph.weights import check_codes


def bit_stream(codes: NDArray[np.int8], width: Width) -> NDArray[np.uint8]:
    """Pack codes (outputs, inputs) without gaps, bit 0 first, and a byte more, which a kernel may load.

    They are stored as code + largest code; for 1 bit, -1 as 0 and +1 as 1.
    """
    wide = codes.ravel().astype(np.int64)
    stored = (wide + 1) // 2 if width.bits == 1 else wide + width.largest_code
    bits = (stored[:, np.newaxis] >> np.arange(width.bits)) & 1
    return np.append(np.packbits(bits.astype(np.uint8).ravel(), bitorder="little"), np.uint8(0))


def _scratch(layer: DepthwiseConv2d) -> int:
    return -(-layer.inputs // WORD) * WORD


def _lower(layer: DepthwiseConv2d, place: Place) -> Lowered:
    check_codes(layer.name, layer.rows, layer.width)
    zero_point = layer.output_quantization.zero_point
    arguments = ", ".join((place.data, *place.reads, place.scratch_words, place.output))
    constants = Constants(
        "ser_depthwise_conv_2d",
        fields={
            **window_fields(layer.window, layer.image),
            "outputs_a_channel": layer.outputs_a_channel,
            "bits": layer.width.bits,
            "input_zero_point": layer.input_quantization.zero_point,
            "output_zero_point": zero_point,
            "lowest": layer.activation_min - zero_point,
            "highest": layer.activation_max - zero_point,
        },
        arrays=(
            Array("codes", "uint8_t", "codes", bit_stream(layer.rows, layer.width)),
            Array("bias", "int32_t", "bias", layer.bias),
            Array("multiplier", "int32_t", "multipliers", layer.multiplier),
            Array("shift", "int8_t", "shifts", layer.shift.astype(np.int8)),
        ),
        remark=f"{layer.inputs} weights for each of {layer.outputs} outputs, width {layer.width}",
    )
    return Lowered(f"ser_depthwise_conv_2d({arguments})", constants)


def _files(layer: DepthwiseConv2d, rounding: Rounding) -> Sequence[str]:
    return ("depthwise_conv_2d.c", "rescale.h", f"rescale_{rounding.value}.c", "fixed_point.h")


LOWERING = Lowering(_lower, _files, _scratch, headers=("ser_depthwise_conv_2d.h", "ser_window.h"))
