"""A convolution in C: at each place of the window, what it meets is a fully connected layer's input."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.dense import dense_arrays, dense_fields, dense_files, scratch_bytes
from sertool.firmware.lowering import WORD, Constants, Lowered, Lowering, Place
from sertool.firmware.pack import pack
from sertool.firmware.windows import window_fields
from sertool.graph.operators import Conv2d
from sertool.graph.quantization import Rounding


def _patch_words(layer: Conv2d) -> int:
    """Words that hold what the window meets; a window of one value meets what stands in the image."""
    return 0 if layer.window.size == (1, 1) else -(-layer.inputs // WORD)


def _scratch(layer: Conv2d) -> int:
    return WORD * _patch_words(layer) + scratch_bytes(layer)


def _lower(layer: Conv2d, place: Place) -> Lowered:
    packed = pack(layer)
    arguments = ", ".join((place.data, *place.reads, place.scratch_words, place.output))
    constants = Constants(
        "ser_conv_2d",
        fields={
            **dense_fields(packed, "dense."),
            **window_fields(layer.window, layer.image),
            "patch_words": _patch_words(layer),
            "input_zero_point": layer.input_quantization.zero_point,
        },
        arrays=dense_arrays(packed, "dense."),
        remark=f"{packed.inputs} weights for each of {packed.outputs} outputs, width {layer.width}",
    )
    return Lowered(f"ser_conv_2d_w{layer.width.bits}({arguments})", constants)


def _files(layer: Conv2d, rounding: Rounding) -> Sequence[str]:
    return (f"conv_2d_w{layer.width.bits}.c", "conv_2d.h", *dense_files(layer, rounding))


LOWERING = Lowering(_lower, _files, _scratch, headers=("ser_conv_2d.h", "ser_kernels.h", "ser_window.h"))
