"""The mean of what a window meets in C."""

from __future__ import annotations

from collections.abc import Sequence

from sertool.firmware.lowering import Lowered, Lowering, Place
from sertool.firmware.pooling import HEADERS, lower_pooling
from sertool.graph.operators import AveragePool2d
from sertool.graph.quantization import Rounding


def _lower(layer: AveragePool2d, place: Place) -> Lowered:
    return lower_pooling("ser_average_pool_2d", layer, place)


def _files(layer: AveragePool2d, rounding: Rounding) -> Sequence[str]:
    return ("average_pool_2d.c", "pool_2d.h")


LOWERING = Lowering(_lower, _files, headers=HEADERS)
