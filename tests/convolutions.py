"""Convolutions to be tried: windows at their boundaries, and layers that strain what rounds and clamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from networks import codes
from operator_cases import Case, Make
from sertool.graph import Rounding, TensorScale, Width
from sertool.graph.build import graph_of, integer_layer
from sertool.graph.operators import Conv2d, DepthwiseConv2d
from sertool.graph.tensors import Tensor
from sertool.graph.window import Padding, Window

SAME, VALID = Padding.SAME, Padding.VALID
WIDTHS = ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")
Image = tuple[int, int, int]

WINDOWS: Mapping[str, tuple[Image, Window]] = {
    "one value": ((1, 1, 1), Window((1, 1))),
    "pointwise": ((3, 4, 5), Window((1, 1))),
    "strided pointwise": ((5, 4, 3), Window((1, 1), (2, 3), padding=SAME)),
    "one row": ((1, 9, 2), Window((1, 3), padding=SAME)),
    "one column": ((9, 1, 2), Window((3, 1))),
    "one channel": ((6, 5, 1), Window((3, 3), padding=SAME)),
    "larger than the image": ((2, 3, 2), Window((5, 4), padding=SAME)),
    "as large as the image": ((4, 3, 2), Window((4, 3))),
    "even": ((5, 6, 3), Window((2, 4), padding=SAME)),
    "stride larger than the window": ((9, 10, 2), Window((2, 2), (4, 3))),
    "stride larger than the image": ((3, 3, 2), Window((2, 2), (7, 7), padding=SAME)),
    "strided": ((7, 8, 3), Window((3, 3), (2, 2), padding=SAME)),
    "strided inside": ((7, 8, 3), Window((3, 2), (2, 3))),
    "dilated": ((9, 8, 2), Window((3, 2), dilation=(3, 2), padding=SAME)),
    "dilated beyond the image": ((4, 3, 2), Window((3, 3), dilation=(4, 5), padding=SAME)),
    "dilated and strided": ((11, 10, 2), Window((3, 3), (2, 1), (2, 3), padding=SAME)),
    "dilated sequence": ((20, 1, 8), Window((3, 1), dilation=(4, 1))),
}


@dataclass(frozen=True)
class Strain:
    """What is extreme about a layer: zero points, codes (None: drawn), bias, and input over output scale."""

    input_zero_point: int = 3
    output_zero_point: int = -5
    code: int | None = None
    bias: float = 40.0
    factor: float = 1.0
    clamp: tuple[int, int] = (-128, 127)


STRAINS: Mapping[str, Strain] = {
    "lowest zero points, relu": Strain(-128, -128, clamp=(-128, 127)),
    "highest zero points": Strain(127, 127),
    "relu in the middle": Strain(0, 0, clamp=(0, 127)),
    "largest codes, sums beyond the clamp": Strain(-128, 127, code=1, factor=30.0),
    "smallest codes, sums beyond the clamp": Strain(127, -128, code=-1, factor=30.0),
    "biases alone count": Strain(bias=2e5, factor=1e-3),
    "shifts to the left": Strain(factor=5000.0),
    "nothing is left": Strain(factor=1e-5),
}


def convolution(
    kind: type[Conv2d] | type[DepthwiseConv2d],
    image: Image,
    window: Window,
    outputs: int,
    width: Width,
    strain: Strain,
    seed: int,
) -> Conv2d | DepthwiseConv2d:
    """Draw a layer; outputs use their range where the strain's factor is 1."""
    rng = np.random.default_rng([seed, outputs, width.bits, *image, *window.size])
    row = window.size if kind is DepthwiseConv2d else (*window.size, image[2])
    inputs = int(np.prod(row))
    drawn = codes(rng, (outputs, inputs), width)
    if strain.code is not None:
        drawn = np.full_like(drawn, strain.code * width.largest_code)
    source = TensorScale(2.0**-5, strain.input_zero_point)
    output = TensorScale(2.0**-5 * float(rng.uniform(0.5, 1.5)), strain.output_zero_point)
    spread = np.sqrt((drawn.astype(float) ** 2).sum(axis=1).mean())
    return integer_layer(
        kind,
        "layer",
        "image",
        weights=drawn.reshape(outputs, *row),
        bias=np.rint(rng.normal(0, strain.bias * spread, outputs)).astype(np.int32),
        weight_scales=(rng.uniform(0.25, 4, outputs) * strain.factor / spread).astype(np.float32),
        input_q=source,
        output_q=output,
        activation=strain.clamp,
        width=width,
        image=image,
        window=window,
    )


def case_of(layer: Conv2d | DepthwiseConv2d, rounding: Rounding, seed: int = 0) -> Case:
    """The layer, and images: one code everywhere, alternating ones, and drawn ones."""
    graph = graph_of([Tensor("image", layer.image, layer.input_quantization)], [layer], (), rounding)
    return Case(graph, [images(layer.image, layer.input_quantization.zero_point, seed)])


def images(image: tuple[int, ...], zero_point: int, seed: int = 0) -> NDArray[np.int8]:
    """Twelve int8 images, (12, *image), the first four extreme."""
    drawn = np.random.default_rng(seed).integers(-128, 128, (12, *image)).astype(np.int8)
    alternating = np.where(np.arange(drawn[0].size) % 2, 127, -128).reshape(image)
    for clip, values in enumerate((-128, 127, zero_point, alternating)):
        drawn[clip] = values
    return drawn


def cases(kind: type[Conv2d] | type[DepthwiseConv2d]) -> dict[str, Make]:
    """Every window, every width, every strain."""

    def make(name: str, image: Image, window: Window, width: str, strain: Strain) -> Make:
        outputs = 2 * image[2] if kind is DepthwiseConv2d else 1 if image[2] == 1 else 5
        seed = sum(map(ord, name))
        return lambda rounding: case_of(
            convolution(kind, image, window, outputs, Width.parse(width), strain, seed), rounding, seed
        )

    image, window = WINDOWS["strided"]
    return {
        **{name: make(name, *at, "8", Strain()) for name, at in WINDOWS.items()},
        **{f"width {width}": make(width, image, window, width, Strain()) for width in WIDTHS},
        **{name: make(name, image, window, "8", strain) for name, strain in STRAINS.items()},
    }


def drawn(kind: type[Conv2d] | type[DepthwiseConv2d], rng: np.random.Generator, rounding: Rounding) -> Case:
    """Anything small: image, window, width and strain."""
    while True:
        image = (*map(int, rng.integers(1, 8, 2)), int(rng.integers(1, 5)))
        sizes, strides, dilations = (rng.integers(1, most, 2).tolist() for most in (5, 4, 4))
        padding = SAME if rng.integers(2) else VALID
        window = Window((sizes[0], sizes[1]), (strides[0], strides[1]), (dilations[0], dilations[1]), padding)
        if 0 not in window.places(image):
            break
    outputs = image[2] * int(rng.integers(1, 4)) if kind is DepthwiseConv2d else int(rng.integers(1, 7))
    strain = Strain(
        int(rng.choice([-128, 127, rng.integers(-128, 128)])),
        int(rng.choice([-128, 127, rng.integers(-128, 128)])),
        bias=float(rng.choice([0.0, 40.0, 1000.0])),
        factor=float(10.0 ** rng.uniform(-2, 2)),
    )
    width, seed = Width.parse(str(rng.choice(WIDTHS))), int(rng.integers(2**31))
    return case_of(convolution(kind, image, window, outputs, width, strain, seed), rounding, seed)
