"""Fully connected layers of each width, in shapes that leave no word, pair or block whole."""

from __future__ import annotations

from networks import inputs, network
from operator_cases import Case, Make
from sertool.graph import Rounding

WIDTHS = ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")


def _case(inputs_: int, outputs: int, width: str) -> Make:
    def make(rounding: Rounding) -> Case:
        graph = network([inputs_, outputs], [width], seed=inputs_ + outputs, rounding=rounding)
        return Case(graph, [inputs(graph, 100)])

    return make


CASES: dict[str, Make] = {
    f"{shape[0]}-{shape[1]} at {width}": _case(*shape, width)
    for width in WIDTHS
    for shape in ((1, 1), (33, 5), (64, 8))
}
