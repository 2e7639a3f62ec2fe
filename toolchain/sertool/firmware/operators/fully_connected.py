"""A fully connected layer in C: packed weights, and a kernel for each number of bits."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import WORD, Array, Constants, Lowered, Lowering, Place
from sertool.firmware.pack import layout, pack
from sertool.graph.operators import FullyConnected
from sertool.graph.quantization import Rounding


def scratch_bytes(layer: FullyConnected) -> int:
    """Bytes of prepared inputs that the layer's kernel needs, on the core that needs most.

    A word for each pair of inputs, for 8 bits two, in whole groups of pairs.
    """
    group = layout(layer.width.bits).pairs
    words = 2 if layer.width.bits == 8 else 1
    return WORD * words * group * -(-layer.inputs // (2 * group))


def _lower(layer: FullyConnected, place: Place) -> Lowered:
    packed = pack(layer)
    arguments = ", ".join((place.data, *place.reads, place.scratch_words, place.output))
    constants = Constants(
        "ser_dense",
        fields={
            "inputs": packed.inputs,
            "outputs": packed.outputs,
            "stride": packed.stride,
            "output_zero_point": packed.output_zero_point,
            "lowest": packed.lowest,
            "highest": packed.highest,
        },
        arrays=(
            Array("weights", "uint32_t", "weights", packed.weights),
            Array("bias", "int32_t", "bias", packed.bias),
            Array("multiplier", "int32_t", "multipliers", packed.multiplier),
            Array("shift", "int8_t", "shifts", packed.shift),
        ),
        remark=f"{packed.inputs} inputs, {packed.outputs} outputs, width {layer.width}",
    )
    return Lowered(f"{packed.kernel}({arguments})", constants)


def _files(layer: FullyConnected, rounding: Rounding) -> Sequence[str]:
    pairs = ["prepare_pairs.c"] if 2 <= layer.width.bits <= 7 else []
    own = f"dense_w{layer.width.bits}.c"
    return (own, *pairs, "lanes.h", "rows.h", "fixed_point.h", f"requantize_{rounding.value}.c")


LOWERING = Lowering(_lower, _files, scratch_bytes)
