"""Pooling that no engine could run alike is refused by name, in a graph and in a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from operators import CASES
from sertool import tflite
from sertool.errors import SertoolError
from sertool.graph import Rounding, TensorScale
from sertool.graph.checks import check_graph
from sertool.graph.pooling import Pooling
from sertool.graph.window import Padding, Window
from tflite_editing import Record, edited, operator, tensor

KINDS = ("average_pool_2d", "max_pool_2d")
GRAPHS = {kind: CASES[kind]["relu6"](Rounding.DOUBLE).graph for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image": (7, 6, 3)}, r"reads 7 x 6 x 3 values of 'image'\n.*'pooled'\n.*\[6, 7, 3\]"),
        ({"output_quantization": TensorScale(0.05, 3)}, "reads 'image' as"),
        ({"window": Window((7, 1))}, r"reaches over 7 x 1 values\n.*'pooled'\n.*6 x 7"),
        ({"window": Window((3, 0))}, "below 1"),
        ({"window": Window((2, 2), dilation=(2, 1))}, r"pools\n.*'pooled'\n.*without dilation"),
        ({"window": Window((4096, 4096), padding=Padding.SAME)}, "of up to 16777215 values"),
        ({"activation_max": 128}, "the activation's range is -20 ... 128"),
    ],
)
def test_pooling_that_no_engine_could_run_is_refused(kind: str, changes: dict[str, Any], message: str) -> None:
    graph = GRAPHS[kind]
    (layer,) = graph.layers
    assert isinstance(layer, Pooling)
    with pytest.raises(SertoolError, match=message):
        check_graph(dataclasses.replace(graph, layers=(dataclasses.replace(layer, **changes),)))


def options(**fields: Any) -> Callable[[Record], object]:
    return lambda record: operator(record, 0)["builtin_options"][1].update(fields)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (options(filter_height=0), "below 1"),
        (options(filter_width=9, padding=1), r"reaches over 3 x 9 values"),
        (options(stride_w=3), r"shape \[1, 6, 4, 3\]\n.*'pooled'\n.*\[1, 6, 3, 3\]"),
        (options(padding=7), "the padding is 7"),
        (options(fused_activation_function=4), "activation TANH is not supported"),
        (
            lambda record: tensor(record, "pooled")["quantization"].update(zero_point=np.array([4])),
            r"quantized with .*zero_point=4\)\n.*operator 0 .*\n.*zero_point=-20\), as those that are read",
        ),
    ],
)
def test_a_file_with_pooling_that_is_not_supported_is_refused(
    kind: str, edit: Callable[[Record], object], message: str
) -> None:
    with pytest.raises(SertoolError, match=message):
        tflite.read(edited(tflite.write(GRAPHS[kind]), edit))
