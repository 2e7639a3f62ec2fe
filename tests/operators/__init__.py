"""What every operator is tried on, by its name and that of the case; each is built by what rounds it."""

from __future__ import annotations

from collections.abc import Mapping

from operators import add, arg_max, fully_connected, softmax
from operators.case import Make

CASES: Mapping[str, Mapping[str, Make]] = {
    "fully_connected": fully_connected.CASES,
    "softmax": softmax.CASES,
    "arg_max": arg_max.CASES,
    "add": add.CASES,
}
