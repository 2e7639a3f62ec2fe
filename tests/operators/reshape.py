"""Values in another shape: of an input, of what is computed, twice over, and where both shapes are read."""

from __future__ import annotations

from convolutions import images
from operator_cases import Case, Make
from sertool.graph import TensorScale
from sertool.graph.build import graph_of
from sertool.graph.layer import Layer
from sertool.graph.operators import Add, Reshape
from sertool.graph.tensors import Tensor

Q, OUTPUT = TensorScale(0.1, 3), TensorScale(0.3, -9)
IMAGE, FLAT, TURNED = (2, 3, 4), (24,), (4, 3, 2)


def _case(*layers: Layer) -> Make:
    return lambda rounding: Case(
        graph_of([Tensor("input", IMAGE, Q)], layers, (), rounding), [images(IMAGE, 3)]
    )


def _twice(name: str, read: str, shape: tuple[int, ...]) -> Add:
    return Add(name, read, read, shape, Q, Q, Q)


CASES: dict[str, Make] = {
    "of what is computed": _case(_twice("sum", "input", IMAGE), Reshape("flat", "sum", IMAGE, FLAT, Q)),
    "of the input": _case(Reshape("flat", "input", IMAGE, FLAT, Q), _twice("sum", "flat", FLAT)),
    "of the input alone": _case(Reshape("flat", "input", IMAGE, FLAT, Q)),
    "twice over, and all are read": _case(
        _twice("sum", "input", IMAGE),
        Reshape("flat", "sum", IMAGE, FLAT, Q),
        Reshape("turned", "flat", FLAT, TURNED, Q),
        _twice("more", "turned", TURNED),
        _twice("other", "flat", FLAT),
        Add("last", "sum", "input", IMAGE, Q, Q, OUTPUT),
    ),
    "one value": _case(
        _twice("sum", "input", IMAGE),
        Reshape("rows", "sum", IMAGE, (1, 24, 1), Q),
        Reshape("same", "rows", (1, 24, 1), (1, 24, 1), Q),
    ),
}
