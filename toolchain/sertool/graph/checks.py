"""What an integer graph must be so that every engine can run it, and runs it alike."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX, INT32_MIN
from sertool.graph.model import ArgMax, FullyConnected, IntegerGraph, Softmax, TensorScale
from sertool.graph.quantization import Width
from sertool.graph.softmax import softmax_parameters

#: Names that comparisons give to what stands before the first layer.
RESERVED = ("features", "input")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def check_scale(name: str, side: str, q: TensorScale) -> None:
    """Raise SertoolError unless `q` is a positive finite scale with a zero point in int8."""
    if not (math.isfinite(q.scale) and q.scale > 0 and -128 <= q.zero_point <= 127):
        raise SertoolError(
            f"the {side} is quantized with scale {q.scale}, zero point {q.zero_point}",
            where=f"layer {name!r}",
            allowed="a positive scale, a zero point from -128 to 127",
        )


def check_codes(name: str, codes: NDArray[np.integer[Any]], width: Width) -> None:
    """Raise SertoolError unless `codes` is an integer matrix within `width`'s code set."""
    if codes.ndim != 2 or codes.size == 0 or not np.issubdtype(codes.dtype, np.integer):
        raise SertoolError(
            f"weights are {codes.dtype} of shape {codes.shape}",
            where=f"layer {name!r}",
            allowed="integer codes of shape (outputs, inputs), neither of them 0",
        )
    largest = width.largest_code
    wrong = (codes < -largest) | (codes > largest) | ((codes == 0) & (not width.has_zero))
    if wrong.any():
        output, index = np.argwhere(wrong)[0]
        allowed = f"codes from {-largest} to {largest}" if width.has_zero else "codes -1 and +1"
        raise SertoolError(
            f"weight [{output}, {index}] is {codes[output, index]}: no code of width {width}",
            where=f"layer {name!r}",
            allowed=allowed,
        )


def check_layer(layer: FullyConnected) -> None:
    """Raise SertoolError where a layer's arrays do not fit each other or could leave int32."""
    where = f"layer {layer.name!r}"
    arrays = (layer.bias, layer.multiplier, layer.shift)
    if any(array.dtype != np.int32 or array.shape != (layer.outputs,) for array in arrays):
        raise SertoolError(
            "bias, multiplier or shift has the wrong shape or type",
            where=where,
            allowed=f"int32 of shape ({layer.outputs},)",
        )
    if not -128 <= layer.activation_min <= layer.activation_max <= 127:
        raise SertoolError(
            f"the activation's range is {layer.activation_min} ... {layer.activation_max}",
            where=where,
            allowed="a range within -128 ... 127",
        )
    bounds = accumulator_bounds(layer)
    # Some kernels add the bias first, others last: both orders have to fit.
    low = np.minimum(bounds[0], bounds[0] - layer.bias)
    high = np.maximum(bounds[1], bounds[1] - layer.bias)
    left = np.maximum(layer.shift.astype(np.int64), 0)
    if (low << left).min() < INT32_MIN or (high << left).max() > INT32_MAX:
        output = int(np.argmax(np.maximum(-low, high) << left))
        raise SertoolError(
            f"the accumulator of output {output} can leave int32 ({low[output]} ... {high[output]}, "
            f"shifted left by {left[output]})",
            where=where,
            allowed="sums that fit int32 for every int8 input",
            hint="fewer inputs, a smaller bias, or a larger output scale",
        )


def accumulator_bounds(layer: FullyConnected) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each output's least and greatest accumulator over all int8 inputs: int64 (outputs,) twice."""
    weights = layer.weights.astype(np.int64)
    positive, negative = np.maximum(weights, 0).sum(axis=1), np.minimum(weights, 0).sum(axis=1)
    zero_point = layer.input_quantization.zero_point
    smallest, largest = -128 - zero_point, 127 - zero_point
    bias = layer.bias.astype(np.int64)
    return positive * smallest + negative * largest + bias, positive * largest + negative * smallest + bias


def check_graph(graph: IntegerGraph) -> None:
    """Raise SertoolError where names, sizes, scales or labels of a graph's layers do not fit each other."""
    _check_name(graph.input_name, "input")
    if graph.input_name in {layer.name for layer in graph.layers}:
        raise SertoolError(f"the input is called {graph.input_name!r} like a layer", allowed="unique names")
    sizes = {graph.input_name: graph.input_size}
    scales = {graph.input_name: graph.input_quantization}
    for layer in graph.layers:
        _check_name(layer.name, "layer")
        where = f"layer {layer.name!r}"
        if layer.name in sizes or layer.name in RESERVED:
            raise SertoolError(
                f"the name {layer.name!r} is taken",
                where=where,
                allowed=f"unique names other than {' and '.join(RESERVED)}",
            )
        read = layer.inputs if isinstance(layer, FullyConnected) else layer.size
        if sizes.get(layer.input) != read:
            have = ", ".join(f"{name} ({size})" for name, size in sizes.items())
            raise SertoolError(
                f"the layer reads {read} values of {layer.input!r}", where=where, allowed=f"one of: {have}"
            )
        if not isinstance(layer, ArgMax) and layer.input_quantization != scales.get(layer.input):
            raise SertoolError(
                f"the layer reads {layer.input!r} as {layer.input_quantization}",
                where=where,
                allowed=f"what that tensor is quantized with: {scales.get(layer.input)}",
            )
        if isinstance(layer, FullyConnected):
            check_layer(layer)
            sizes[layer.name], scales[layer.name] = layer.outputs, layer.output_quantization
        elif isinstance(layer, Softmax):
            _check_softmax(layer)
    _check_labels(graph)


def _check_name(name: str, kind: str) -> None:
    if not _NAME.match(name):
        raise SertoolError(
            f"{name!r} cannot name the {kind}",
            where=f"{kind} {name!r}",
            allowed="letters, digits and underscores, a letter or an underscore first",
        )


def _check_softmax(layer: Softmax) -> None:
    try:
        softmax_parameters(layer.input_quantization.scale)
    except ValueError as error:
        raise SertoolError(str(error), where=f"layer {layer.name!r}", allowed="a scale above 2^-26") from error


def _check_labels(graph: IntegerGraph) -> None:
    if not graph.dense:
        raise SertoolError("the graph has no layer", allowed="at least one fully connected layer")
    classes = graph.logits.outputs
    if len(graph.labels) != classes or len(set(graph.labels)) != classes:
        raise SertoolError(
            f"{len(graph.labels)} labels for {classes} classes: {', '.join(graph.labels)}",
            where=f"layer {graph.logits.name!r}",
            allowed=f"{classes} different labels",
        )
