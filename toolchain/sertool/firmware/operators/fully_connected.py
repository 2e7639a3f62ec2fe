"""A fully connected layer in C."""

from __future__ import annotations

from sertool.firmware.dense import dense_arrays, dense_fields, dense_files, scratch_bytes
from sertool.firmware.lowering import Constants, Lowered, Lowering, Place
from sertool.firmware.pack import pack
from sertool.graph.operators import FullyConnected


def _lower(layer: FullyConnected, place: Place) -> Lowered:
    packed = pack(layer)
    arguments = ", ".join((place.data, *place.reads, place.scratch_words, place.output))
    constants = Constants(
        "ser_dense",
        fields=dense_fields(packed),
        arrays=dense_arrays(packed),
        remark=f"{packed.inputs} inputs, {packed.outputs} outputs, width {layer.width}",
    )
    return Lowered(f"{packed.kernel}({arguments})", constants)


LOWERING = Lowering(_lower, dense_files, scratch_bytes)
