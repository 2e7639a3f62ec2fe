"""What every operator is tried on, by its name and that of the case; each is built by what rounds it."""

from __future__ import annotations

from collections.abc import Mapping

from operator_cases import Draw, Make
from operators import (
    add,
    arg_max,
    average_pool_2d,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    max_pool_2d,
    reshape,
    softmax,
)

CASES: Mapping[str, Mapping[str, Make]] = {
    "fully_connected": fully_connected.CASES,
    "softmax": softmax.CASES,
    "arg_max": arg_max.CASES,
    "add": add.CASES,
    "conv_2d": conv_2d.CASES,
    "depthwise_conv_2d": depthwise_conv_2d.CASES,
    "reshape": reshape.CASES,
    "average_pool_2d": average_pool_2d.CASES,
    "max_pool_2d": max_pool_2d.CASES,
}

#: What draws further ones.
DRAWN: Mapping[str, Draw] = {
    "conv_2d": conv_2d.DRAWN,
    "depthwise_conv_2d": depthwise_conv_2d.DRAWN,
}
