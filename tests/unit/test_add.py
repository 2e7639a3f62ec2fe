"""Sums that no engine could run alike are refused by name, in a graph and in a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sertool import tflite
from sertool.errors import SertoolError
from sertool.graph import IntegerGraph, TensorScale
from sertool.graph.build import graph_of
from sertool.graph.checks import check_graph
from sertool.graph.operators import Add
from sertool.graph.tensors import Tensor
from tflite_editing import Record, edited, operator, tensor, without_metadata

Q = TensorScale(0.1, 3)
INPUTS = [Tensor("left", (2,), Q), Tensor("right", (2,), Q), Tensor("other", (4,), Q)]
ADD = Add("sum", "left", "right", (2,), Q, Q, Q)
GRAPH = graph_of(INPUTS[:2], [ADD])


def changed(**changes: Any) -> IntegerGraph:
    return dataclasses.replace(GRAPH, inputs=tuple(INPUTS), layers=(dataclasses.replace(ADD, **changes),))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"right": "other"}, r"reads 2 values of 'other'\n.*'sum'\n.*shape \[4\]"),
        ({"shape": (1, 2)}, "reads 1 x 2 values of 'left'"),
        ({"right": "nobody"}, r"reads 'nobody'\n.*'sum'\n.*: left, right, other$"),
        ({"left_quantization": TensorScale(1.0, 0)}, "reads 'left' as"),
        ({"right_quantization": TensorScale(1.0, 0)}, "reads 'right' as"),
        ({"output_quantization": TensorScale(0.1, 128)}, "zero point 128"),
        ({"output_quantization": TensorScale(0.2 / 2**20, 0)}, r"too small for the sum\n.*'sum'\n.*2\^-19"),
        ({"activation_min": -129}, "the activation's range is -129"),
    ],
)
def test_a_sum_that_no_engine_could_run_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        check_graph(changed(**changes))


def test_the_finest_output_scale_is_the_next_one() -> None:
    finest = float(np.nextafter(np.float32(0.2 / 2**20), np.float32(1)))
    check_graph(changed(output_quantization=TensorScale(finest, 0)))


def put(name: str, **fields: Any) -> Callable[[Record], object]:
    return lambda record: tensor(record, name).update(fields)


def step(**fields: Any) -> Callable[[Record], object]:
    return lambda record: operator(record, 0).update(fields)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put("right", shape=np.array([1, 1])), r"of shape \[1, 1\]\n.*'right'\n.*\[1, 2\]"),
        (put("sum", type=2), r"the tensor is INT32.*\n.*'sum'"),
        (step(inputs=np.array([0, 2])), r"reads tensor 2 'sum'\n.*operator 0 \(ADD\)"),
        (step(inputs=np.array([0, -1])), "reads nothing"),
        (step(inputs=np.array([0])), "has 1 inputs and 1 outputs"),
        (step(builtin_options=(11, {"fused_activation_function": 4})), "activation TANH is not supported"),
        (step(builtin_options=(11, {"fused_activation_function": 99})), "fused activation is unknown"),
        (step(builtin_options=(9, {"beta": 1.0})), r"options are of type 9\n.*\n.*type 11"),
        (lambda record: record["operator_codes"][0].update(version=6), "is of version 6"),
    ],
)
def test_a_file_with_a_sum_that_is_not_supported_is_refused(
    edit: Callable[[Record], object], message: str
) -> None:
    with pytest.raises(SertoolError, match=message):
        tflite.read(edited(tflite.write(GRAPH), without_metadata, edit))
