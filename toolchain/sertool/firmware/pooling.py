"""Pooling in C, of any kind."""

from __future__ import annotations

from sertool.firmware.lowering import Constants, Lowered, Place
from sertool.firmware.windows import window_fields
from sertool.graph.pooling import Pooling

#: What declares the kernels.
HEADERS = ("ser_pool_2d.h", "ser_window.h")


def lower_pooling(kernel: str, layer: Pooling, place: Place) -> Lowered:
    """Give constants, and the call of `kernel`."""
    constants = Constants(
        "ser_pool_2d",
        fields={
            **window_fields(layer.window, layer.image),
            "lowest": layer.activation_min,
            "highest": layer.activation_max,
        },
    )
    return Lowered(f"{kernel}({', '.join((place.data, *place.reads, place.output))})", constants)
