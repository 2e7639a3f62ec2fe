"""Pooling layers to be tried: every window without dilation, and every clamp."""

from __future__ import annotations

import dataclasses

from convolutions import SAME, WINDOWS, Image, images
from operator_cases import Case, Make
from sertool.graph import Rounding, TensorScale
from sertool.graph.build import graph_of
from sertool.graph.operators import AveragePool2d, MaxPool2d
from sertool.graph.tensors import Tensor
from sertool.graph.window import Window

Kind = type[AveragePool2d] | type[MaxPool2d]


def cases(kind: Kind) -> dict[str, Make]:
    """Each window, and at zero points in the middle and at both ends what ReLU and ReLU6 clamp."""

    def make(image: Image, window: Window, zero_point: int = 3, clamp: tuple[int, int] = (-128, 127)) -> Make:
        q = TensorScale(0.05, zero_point)
        layer = kind("pooled", "image", image, window, q, *clamp)

        def case(rounding: Rounding) -> Case:
            # A mean of drawn values is near 0: images of two halves, and of few values, too.
            values = images(image, zero_point)
            values[8:] = values[8:] // 32 - 1
            values[10:] += 97
            return Case(graph_of([Tensor("image", image, q)], [layer], (), rounding), [values])

        return case

    plain = {
        name: (image, dataclasses.replace(window, dilation=(1, 1))) for name, (image, window) in WINDOWS.items()
    }
    image, window = (6, 7, 3), Window((3, 4), (1, 2), padding=SAME)
    return {
        **{name: make(*at) for name, at in plain.items()},
        "the whole image": make((5, 7, 4), Window((5, 7))),
        "relu": make(image, window, 5, (5, 127)),
        "relu, lowest zero point": make(image, window, -128),
        "relu, highest zero point": make(image, window, 127, (127, 127)),
        "relu6": make(image, window, -20, (-20, 100)),
    }
