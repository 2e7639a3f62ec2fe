"""Making integer layers and graphs: quantize biases, derive multipliers, refuse what no engine could run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX
from sertool.graph.checks import check_graph
from sertool.graph.graph import IntegerGraph, Role
from sertool.graph.layer import Layer
from sertool.graph.operators import ArgMax, FullyConnected, Softmax
from sertool.graph.quantization import Rounding, ScaleProduct, Width
from sertool.graph.scales import multipliers, nearest_alike
from sertool.graph.tensors import Kind, Tensor, TensorScale, check_scale
from sertool.graph.weighted import Weighted
from sertool.graph.weights import check_codes, check_scales, one_value

#: Weight codes as they come from training: any integer type.
Codes = NDArray[np.integer[Any]]
WeightedKind = TypeVar("WeightedKind", bound=Weighted)


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
    *,
    one_scale: bool = False,
) -> FullyConnected:
    """Make a layer from weight codes (outputs, inputs), a scale and a real-valued bias for each output.

    The weights' real values are codes * weight_scales[:, None]; the bias is rounded to the nearest multiple of
    input scale * weight scale. `relu` clamps at the output's zero point. The layer runs alike in every runtime:
    where weights have one scale (a single output, or `one_scale`: equal scales that a file shall hold as one),
    it moves to the nearest at which all runtimes derive one multiplier (`scales.nearest_alike`). Raises
    SertoolError, naming the layer, for shapes that do not fit, codes outside `width`'s code set, scales that
    are not positive and finite, values that would leave int32, and where no such scale is near.
    """
    scales = check_scales(name, weight_scales, len(codes))
    check_scale(name, "input", input_q)
    check_scale(name, "output", output_q)
    if one_scale or len(scales) == 1:
        scales = np.full_like(scales, nearest_alike(name, input_q, one_value(name, scales), output_q))
    real_bias = np.asarray(bias, np.float64)
    if real_bias.shape != scales.shape or not np.isfinite(real_bias).all():
        raise SertoolError(
            f"bias has shape {real_bias.shape} or is not finite",
            where=f"layer {name!r}",
            allowed=f"finite numbers of shape {scales.shape}",
        )
    steps = np.rint(real_bias / (input_q.scale * scales.astype(np.float64)))
    if np.abs(steps).max(initial=0) > INT32_MAX:
        raise SertoolError(
            "a bias leaves int32",
            where=f"layer {name!r}",
            allowed=f"|bias| up to {INT32_MAX} * input scale * weight scale",
            hint="raise the weight scale of that output",
        )
    return integer_layer(
        FullyConnected,
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
    kind: type[WeightedKind],
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
    product: ScaleProduct = ScaleProduct.DOUBLE,
    **geometry: Any,
) -> WeightedKind:
    """Make a layer whose bias is already int32, as a .tflite holds it, and derive its multipliers and shifts.

    `product` says how a runtime multiplies the scales of this layer; `geometry` are the fields
    that its kind has besides. Raises SertoolError as `fully_connected` does.
    """
    check_scale(name, "input", input_q)
    check_scale(name, "output", output_q)
    check_codes(name, weights.reshape(len(weights), -1), width)
    scales = check_scales(name, weight_scales, len(weights))
    multiplier, shift = multipliers(name, input_q, scales, output_q, product)
    layer = kind(
        name=name,
        input=input,
        weights=np.ascontiguousarray(weights, np.int8),
        bias=bias,
        weight_scales=scales,
        multiplier=multiplier,
        shift=shift,
        input_quantization=input_q,
        output_quantization=output_q,
        width=width,
        activation_min=activation[0],
        activation_max=activation[1],
        **geometry,
    )
    layer.check_sums()
    return layer


def classifier(
    layers: Sequence[Weighted], labels: Sequence[str], rounding: Rounding = Rounding.DOUBLE
) -> IntegerGraph:
    """Make the classifier: `layers`, then Softmax `probabilities` and ArgMax `label` on the logits.

    Raises SertoolError as `network` does.
    """
    last = layers[-1] if layers else None
    ends = () if last is None else (softmax(last), arg_max(last))
    return network([*layers, *ends], labels, rounding)


def softmax(logits: Weighted) -> Softmax:
    """Make the layer `probabilities`: the softmax of `logits`."""
    return Softmax(Role.PROBABILITIES.value, logits.name, logits.outputs, logits.output_quantization)


def arg_max(logits: Weighted) -> ArgMax:
    """Make the layer `label`: the arg max of `logits`."""
    return ArgMax(Role.LABEL.value, logits.name, logits.outputs)


def network(
    layers: Sequence[Layer],
    labels: Sequence[str] = (),
    rounding: Rounding = Rounding.DOUBLE,
    scale_product: ScaleProduct | None = None,
) -> IntegerGraph:
    """Make the graph of layers, the first of which is fully connected and reads the input, as `graph_of`."""
    first = layers[0] if layers else None
    if not isinstance(first, FullyConnected):
        raise SertoolError("the graph has no layer", allowed="at least one fully connected layer")
    source = Tensor(first.input, (first.inputs,), first.input_quantization)
    return graph_of([source], layers, labels, rounding, scale_product)


def graph_of(
    inputs: Sequence[Tensor],
    layers: Sequence[Layer],
    labels: Sequence[str] = (),
    rounding: Rounding = Rounding.DOUBLE,
    scale_product: ScaleProduct | None = None,
) -> IntegerGraph:
    """Make the graph of just these layers; with `labels` its logits (`roles_of`) are of classes.

    Raises SertoolError where a layer does not fit what it reads (names, sizes, scales), or the labels do not.
    """
    graph = IntegerGraph(
        inputs=tuple(inputs),
        layers=tuple(layers),
        roles=roles_of(layers),
        labels=tuple(labels),
        rounding=rounding,
        scale_product=scale_product,
    )
    check_graph(graph)
    return graph


def roles_of(layers: Sequence[Layer]) -> dict[Role, str]:
    """Say which tensors are logits, probabilities and label.

    The logits are what the one softmax reads, or else the one arg max, or else the one output; where that is a
    layer's and of int8. Probabilities and label are the softmax and the arg max of them.
    """
    softmaxes = {layer.name: layer.input for layer in layers if isinstance(layer, Softmax)}
    arg_maxes = {layer.name: layer.input for layer in layers if isinstance(layer, ArgMax)}
    read = {name for layer in layers for name in layer.reads}
    outputs = {layer.name for layer in layers} - read
    given = {layer.name for layer in layers if layer.output.kind is Kind.INT8}
    found = set(softmaxes.values()) or set(arg_maxes.values()) or outputs
    if len(found) != 1 or not found <= given:
        return {}
    (logits,) = found
    ends = {Role.PROBABILITIES: softmaxes, Role.LABEL: arg_maxes}
    named = {role: name for role, reads in ends.items() for name in reads if reads[name] == logits}
    return {Role.LOGITS: logits, **named}
