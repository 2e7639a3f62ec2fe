"""Packed weights and a kernel for each number of bits: a matrix that is multiplied by a vector, in C."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import WORD, Array
from sertool.firmware.pack import PackedDense, layout
from sertool.graph.quantization import Rounding
from sertool.graph.weighted import Weighted


def scratch_bytes(layer: Weighted) -> int:
    """Bytes of prepared inputs that the layer's kernel needs, on the core that needs most.

    A word for each pair of inputs, for 8 bits two, in whole groups of pairs.
    """
    group = layout(layer.width.bits).pairs
    words = 2 if layer.width.bits == 8 else 1
    return WORD * words * group * -(-layer.inputs // (2 * group))


def dense_fields(packed: PackedDense, member: str = "") -> dict[str, int]:
    """Give the fields of a `struct ser_dense`, or of the `member` that is one."""
    fields = {
        "inputs": packed.inputs,
        "outputs": packed.outputs,
        "stride": packed.stride,
        "output_zero_point": packed.output_zero_point,
        "lowest": packed.lowest,
        "highest": packed.highest,
    }
    return {f"{member}{name}": value for name, value in fields.items()}


def dense_arrays(packed: PackedDense, member: str = "") -> Sequence[Array]:
    """Give the arrays that it points at."""
    return (
        Array(f"{member}weights", "uint32_t", "weights", packed.weights),
        Array(f"{member}bias", "int32_t", "bias", packed.bias),
        Array(f"{member}multiplier", "int32_t", "multipliers", packed.multiplier),
        Array(f"{member}shift", "int8_t", "shifts", packed.shift),
    )


def dense_files(layer: Weighted, rounding: Rounding) -> Sequence[str]:
    """Name the files of the kernel."""
    pairs = ["prepare_pairs.c"] if 2 <= layer.width.bits <= 7 else []
    own = f"dense_w{layer.width.bits}.c"
    return (own, *pairs, "lanes.h", "rows.h", "fixed_point.h", f"requantize_{rounding.value}.c")
