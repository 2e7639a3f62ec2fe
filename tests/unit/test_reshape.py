"""Reshapes take no memory and no time; those that are none are refused by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from operators import CASES
from sertool import tflite
from sertool.errors import SertoolError
from sertool.firmware.arena import buffers, holders
from sertool.firmware.program import render_model
from sertool.graph import Rounding, TensorScale
from sertool.graph.checks import check_graph
from sertool.graph.operators import Reshape
from tflite_editing import Record, edited, operator, tensor

GRAPH = CASES["reshape"]["of the input alone"](Rounding.DOUBLE).graph


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": (2, 4, 3)}, r"reads 2 x 4 x 3 values of 'input'\n.*'flat'\n.*\[2, 3, 4\]"),
        ({"shape": (23,)}, r"\[2, 3, 4\] values are to be of shape \[23\]\n.*'flat'\n.*24 values"),
        ({"shape": (-4, -6)}, "to be of shape"),
        ({"shape": ()}, "to be of shape"),
        ({"quantization": TensorScale(0.2, 3)}, "reads 'input' as"),
    ],
)
def test_a_reshape_that_is_none_is_refused(changes: dict[str, Any], message: str) -> None:
    (layer,) = GRAPH.layers
    assert isinstance(layer, Reshape)
    with pytest.raises(SertoolError, match=message):
        check_graph(dataclasses.replace(GRAPH, layers=(dataclasses.replace(layer, **changes),)))


def asked(*shape: int) -> Callable[[Record], object]:
    def change(record: Record) -> None:
        constant = tensor(record, "flat/shape")
        constant["shape"] = np.array([len(shape)])
        record["buffers"][constant["buffer"]]["data"] = np.frombuffer(np.array(shape, "<i4").tobytes(), "u1")

    return change


def test_the_shape_may_leave_one_size_open_or_stand_in_the_options() -> None:
    for shape in ((-1, 24), (1, -1)):
        assert tflite.read(edited(tflite.write(GRAPH), asked(*shape)))[0].layers == GRAPH.layers


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (asked(1, 12), r"asks for shape \[1, 12\] and gives \[1, 24\].*\n.*operator 0 \(RESHAPE\)"),
        (asked(-1, -1), r"asks for shape \[-1, -1\]"),
        (asked(0, -1), r"asks for shape \[0, -1\]"),
        (asked(24), r"asks for shape \[24\]"),
        (lambda record: operator(record, 0).update(inputs=np.array([0, 0])), "the constant is INT8"),
        (
            lambda record: tensor(record, "flat")["quantization"].update(zero_point=np.array([4])),
            "asks for shape .* zero_point=4",
        ),
    ],
)
def test_a_file_with_a_reshape_that_is_none_is_refused(edit: Callable[[Record], object], message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        tflite.read(edited(tflite.write(GRAPH), edit))


def test_a_reshape_is_the_memory_of_what_it_reads() -> None:
    graph = CASES["reshape"]["twice over, and all are read"](Rounding.DOUBLE).graph
    assert holders(graph) == {
        "input": "input", "sum": "sum", "flat": "sum", "turned": "sum", "more": "more", "other": "other",
        "last": "last",
    }  # fmt: skip
    lifetimes = {buffer.name: (buffer.first, buffer.last) for buffer in buffers(graph)}
    assert lifetimes == {"sum": (0, 5), "more": (3, 5), "other": (4, 5), "last": (5, 5)}
    steps = render_model(graph).steps
    assert [step.lowered.call is None for step in steps] == [False, True, True, False, False, False]
    assert steps[0].output == steps[1].output == steps[2].output
    assert [step.output for step in render_model(GRAPH).steps] == ["input"]
