"""Arg max in C."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import Lowered, Lowering, Place
from sertool.graph.operators import ArgMax
from sertool.graph.quantization import Rounding


def _lower(layer: ArgMax, place: Place) -> Lowered:
    (read,) = place.reads
    return Lowered(f"*(int32_t *)({place.output_words}) = ser_argmax_int8({read}, {layer.size})")


def _files(layer: ArgMax, rounding: Rounding) -> Sequence[str]:
    return ("argmax_int8.c",)


LOWERING = Lowering(_lower, _files)
