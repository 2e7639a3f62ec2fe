"""Making integer layers and graphs: quantize biases, derive multipliers, refuse what no engine could run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX, quantize_multiplier
from sertool.graph.checks import check_codes, check_graph, check_layer, check_scale
from sertool.graph.model import ArgMax, FullyConnected, IntegerGraph, Softmax, TensorScale
from sertool.graph.quantization import Rounding, Width

#: Weight codes as they come from training: any integer type.
Codes = NDArray[np.integer[Any]]
#: int8 probabilities: scale 1/256, zero point -128, as TFLite's Softmax demands.
PROBABILITIES = TensorScale(1 / 256, -128)


def fully_connected(
    name: str,
    input: str,
    codes: Codes,
    weight_scales: ArrayLike,
    bias: ArrayLike,
    input_q: TensorScale,
    output_q: TensorScale,
    relu: bool,
    width: Width,
) -> FullyConnected:
    """Make a layer from weight codes (outputs, inputs), a scale and a real-valued bias for each output.

    The weights' real values are codes * weight_scales[:, None]; the bias is rounded to the nearest multiple of
    input scale * weight scale. `relu` clamps at the output's zero point. Raises SertoolError, naming the layer,
    for shapes that do not fit, codes outside `width`'s code set, scales that are not positive and finite, and
    values that would leave int32.
    """
    scales = check_scales(name, weight_scales, len(codes))
    real_bias = np.asarray(bias, np.float64)
    if real_bias.shape != scales.shape or not np.isfinite(real_bias).all():
        raise SertoolError(
            f"bias has shape {real_bias.shape} or is not finite",
            where=f"layer {name!r}",
            allowed=f"finite numbers of shape {scales.shape}",
        )
    check_scale(name, "input", input_q)
    steps = np.rint(real_bias / (input_q.scale * scales.astype(np.float64)))
    if np.abs(steps).max(initial=0) > INT32_MAX:
        raise SertoolError(
            "a bias leaves int32",
            where=f"layer {name!r}",
            allowed=f"|bias| up to {INT32_MAX} * input scale * weight scale",
            hint="raise the weight scale of that output",
        )
    return integer_layer(
        name,
        input,
        weights=codes,
        bias=steps.astype(np.int32),
        weight_scales=scales,
        input_q=input_q,
        output_q=output_q,
        activation=(output_q.zero_point, 127) if relu else (-128, 127),
        width=width,
    )


def integer_layer(
    name: str,
    input: str,
    *,
    weights: Codes,
    bias: NDArray[np.int32],
    weight_scales: NDArray[np.float32],
    input_q: TensorScale,
    output_q: TensorScale,
    activation: tuple[int, int],
    width: Width,
    per_channel: bool = True,
) -> FullyConnected:
    """Make a layer whose bias is already int32, as a .tflite holds it, and derive its multipliers and shifts.

    `per_channel` says which of TFLite's two formulas gives them (see `effective_scales`). Raises SertoolError
    as `fully_connected` does.
    """
    check_scale(name, "input", input_q)
    check_scale(name, "output", output_q)
    check_codes(name, weights, width)
    scales = check_scales(name, weight_scales, len(weights))
    pairs = [quantized_factor(name, real) for real in effective_scales(input_q, scales, output_q, per_channel)]
    layer = FullyConnected(
        name=name,
        input=input,
        weights=np.ascontiguousarray(weights, np.int8),
        bias=bias,
        weight_scales=scales,
        multiplier=np.array([multiplier for multiplier, _ in pairs], np.int32),
        shift=np.array([shift for _, shift in pairs], np.int32),
        input_quantization=input_q,
        output_quantization=output_q,
        width=width,
        activation_min=activation[0],
        activation_max=activation[1],
    )
    check_layer(layer)
    return layer


def classifier(
    layers: Sequence[FullyConnected], labels: Sequence[str], rounding: Rounding = Rounding.DOUBLE
) -> IntegerGraph:
    """Make the classifier: `layers`, then Softmax `probabilities` and ArgMax `label` on the logits.

    Raises SertoolError where the layers do not chain (names, sizes, scales) or do not fit the labels.
    """
    if not layers:
        raise SertoolError("the graph has no layer", allowed="at least one fully connected layer")
    first, last = layers[0], layers[-1]
    graph = IntegerGraph(
        input_name=first.input,
        input_size=first.inputs,
        input_quantization=first.input_quantization,
        layers=(
            *layers,
            Softmax("probabilities", last.name, last.outputs, last.output_quantization),
            ArgMax("label", last.name, last.outputs),
        ),
        labels=tuple(labels),
        rounding=rounding,
    )
    check_graph(graph)
    return graph


def effective_scales(
    input_q: TensorScale, weight_scales: NDArray[np.float32], output_q: TensorScale, per_channel: bool
) -> list[float]:
    """Give each output's real factor input scale * weight scale / output scale as TFLite rounds it.

    With one scale per channel all is double precision; with one for the tensor, and for a layer with a single
    output, which the kernels cannot tell from that, the product is rounded to float32 first
    (`PopulateConvolutionQuantizationParams` and `GetQuantizedConvolutionMultipler` in `kernel_util.cc`).
    """
    if per_channel and len(weight_scales) > 1:
        products = np.float64(input_q.scale) * weight_scales.astype(np.float64)
    else:
        products = (np.float32(input_q.scale) * weight_scales).astype(np.float64)
    return [float(real) for real in products / output_q.scale]


def quantized_factor(name: str, real: float) -> tuple[int, int]:
    """Quantize one output's factor; raise SertoolError where no multiplier and shift can hold it."""
    if not 2.0**-31 <= real < 2**30:
        raise SertoolError(
            f"input scale * weight scale / output scale is {real:g}",
            where=f"layer {name!r}",
            allowed="from 2^-31 to 2^30",
            hint="check the scales: they should be those of real activations and weights",
        )
    return quantize_multiplier(real)


def check_scales(name: str, weight_scales: ArrayLike, outputs: int) -> NDArray[np.float32]:
    """Return the weight scales as float32 (outputs,); raise SertoolError where they are anything else."""
    scales = np.asarray(weight_scales, np.float32)
    if scales.shape != (outputs,) or not np.isfinite(scales).all() or (scales <= 0).any():
        raise SertoolError(
            f"weight scales of shape {scales.shape} do not fit, or one is not positive and finite",
            where=f"layer {name!r}",
            allowed=f"{outputs} positive float32 values, one an output",
        )
    return scales
