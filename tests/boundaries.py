"""Layers and logits built where one integer ends and the next begins, for all runtimes to be compared at."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.graph import FullyConnected, IntegerGraph, ScaleProduct, TensorScale, Width, classifier, network
from sertool.graph.build import integer_layer
from sertool.graph.scales import factors, nearest_alike
from sertool.tflite.activations import clamp
from sertool.tflite.schema import Activation

_LIMIT = 2**31 - 1000

#: Input, weight and output scales whose factor is at an edge of its multiplier or shift.
EDGES: dict[str, tuple[float, float, float]] = {
    # Mantissas of 1 - 2^-32 and more round up to 2^31: the next power of two.
    "carry": (1 + 2.0**-16, 1 - 2.0**-16, 1.0),
    "carry, small": (2.0**-9 * (1 + 2.0**-18), 2.0**-11 * (1 - 2.0**-18), 1.0),
    # In one double the factor is 1 - 2^-30, the float32 product gives 1.
    "below the carry": (1 + 2.0**-15, 1 - 2.0**-15, 1.0),
    "power of two": (2.0**-5, 2.0**-7, 2.0**-3),
    "one": (0.5, 0.25, 0.125),
    "least factor": (2.0**-16, 2.0**-15, 1.0),
    "least factor, odd": (2.0**-16 * 1.3, 2.0**-15, 1.0),
    "shift to the left": (1.9, 1.7, 2.0**-3),
    "large shift to the left": (3.0, 2.0**12, 2.0**-6),
    "small scales": (1e-18, 1e-17, 1e-33),
    "large scales": (1e18, 1e17, 1e36),
}


def at_ties(source: TensorScale, scale: float, output: TensorScale) -> NDArray[np.int64]:
    """The sums next to each tie between two of the output's codes, by either product: int64 (n,)."""
    weight = np.array([scale], np.float32)
    ties = np.arange(-256, 256) + 0.5
    places = [np.rint(ties / factors(source, weight, output, product)) for product in ScaleProduct]
    sums = np.unique(np.clip(np.concatenate(places), -(2.0**40), 2.0**40)[:, np.newaxis] + np.arange(-2, 3))
    return np.asarray(sums[np.abs(sums) < _LIMIT], np.int64)


def layer_of(
    sums: ArrayLike,
    scales: ArrayLike,
    source: TensorScale,
    output: TensorScale,
    activation: tuple[int, int] = (-128, 127),
    product: ScaleProduct = ScaleProduct.DOUBLE,
) -> FullyConnected:
    """A layer of one input and weights of 1 that gives `sums` at an input of its zero point."""
    bias = np.asarray(sums, np.int32)
    return integer_layer(
        FullyConnected,
        "dense0",
        "input",
        weights=np.ones((len(bias), 1), np.int8),
        bias=bias,
        weight_scales=np.broadcast_to(np.asarray(scales, np.float32), len(bias)),
        input_q=source,
        output_q=output,
        activation=activation,
        width=Width(8),
        product=product,
    )


def tied_layer(
    scales: tuple[float, float, float], zero_points: tuple[int, int] = (0, 0), *, alike: bool = False
) -> FullyConnected:
    """All sums at ties of one scale; `alike` moves it to where runtimes multiply alike."""
    source, output = TensorScale(scales[0], zero_points[0]), TensorScale(scales[2], zero_points[1])
    scale = float(nearest_alike("dense0", source, np.float32(scales[1]), output)) if alike else scales[1]
    # Room for the input: the weight of 1 adds up to 255 to a sum.
    factor = float(factors(source, np.array([scale], np.float32), output, ScaleProduct.DOUBLE)[0])
    limit = (2.0**31 - 600) / max(1.0, factor) - 257
    sums = at_ties(source, scale, output)
    return layer_of(sums[np.abs(sums) < limit], scale, source, output)


def drawn_scales(rng: np.random.Generator) -> tuple[float, float, float]:
    """Scales as trained networks have them, of sums up to 2^28."""
    source, scale = np.exp(rng.uniform(-7, 0, 2))
    return float(source), float(scale), float(source * scale / 2 ** rng.uniform(-20, -3))


#: Zero points of a layer's input and output, at their ends.
ZERO_POINTS = ((0, 0), (-128, 127), (127, -128))
#: Softmax scales: the least, powers of two and beside them, where the least difference changes, the cap.
SOFTMAX_SCALES = (
    float(np.nextafter(np.float32(2.0**-26), np.float32(1))), 2.0**-20, 2.0**-5, 31 / 128, 31 / 255, 1 / 8,
    float(np.nextafter(np.float32(1 / 8), np.float32(0))), 1.0, 31.0, 31.5, 32.0, 1e3, 1e30,
)  # fmt: skip
_CODES = np.arange(-128, 128)
#: Logits of every difference, of none, and at both ends.
LOGITS = (_CODES, _CODES[::-1], np.full(256, -128), np.full(256, 127), np.where(_CODES < 0, -128, 127))


def classifier_of(logits: ArrayLike, scale: float) -> IntegerGraph:
    """A classifier that gives `logits` of this scale at an input of 0."""
    layer = layer_of(logits, 1.0, TensorScale(scale, 0), TensorScale(scale, 0))
    return classifier([layer], [f"class{index}" for index in range(layer.outputs)])


def built() -> dict[str, IntegerGraph]:
    """Every graph that is built at a boundary, by name; to be run at the ends of int8, at 0 and at 1."""
    graphs: dict[str, IntegerGraph] = {}
    for zero_points in ZERO_POINTS:
        for name, scales in EDGES.items():
            graphs[f"{name}, zero points {zero_points}"] = network([tied_layer(scales, zero_points)])
    for high in (0.5, 1.5, 63.5, 100.5, 127.5, 254.5):
        for zero_point in (-128, -1, 0, 127):
            output = TensorScale(6 / high, zero_point)
            for activation in (Activation.RELU, Activation.RELU6):
                bounds, steps = clamp(activation, output), np.arange(-300, 300)
                layer = layer_of(steps, np.full(600, output.scale), TensorScale(1.0, 0), output, bounds)
                graphs[f"{activation.name} to {high} steps from {zero_point}"] = network([layer])
    for scale in SOFTMAX_SCALES:
        for number, logits in enumerate(LOGITS):
            graphs[f"softmax of scale {scale:g}, logits {number}"] = classifier_of(logits, scale)
    for code in (-128, 127):
        graphs[f"511 logits of {code}"] = classifier_of(np.full(511, code), 0.5)
    graphs["equal logits"] = classifier_of([-7, 0, 0, -128, 0], 0.5)
    return graphs
