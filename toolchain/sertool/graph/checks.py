"""What an integer graph must be so that every engine can run it, and runs it alike."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import INT32_MAX, INT32_MIN
from sertool.graph.graph import ArgMax, FullyConnected, IntegerGraph, Role, Softmax, TensorScale
from sertool.graph.quantization import Width
from sertool.graph.scales import SMALLEST_SCALE
from sertool.graph.softmax import LARGEST_SOFTMAX, softmax_parameters

#: Names that comparisons give to what is no layer.
RESERVED = ("features", "input", "answer")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def check_scale(name: str, side: str, q: TensorScale) -> None:
    """Raise SertoolError unless `q` is a positive finite scale with a zero point in int8."""
    if not (math.isfinite(q.scale) and q.scale >= SMALLEST_SCALE and -128 <= q.zero_point <= 127):
        raise SertoolError(
            f"the {side} is quantized with scale {q.scale}, zero point {q.zero_point}",
            where=f"layer {name!r}",
            allowed="a positive scale, finite and not subnormal; a zero point from -128 to 127",
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
    # Runtimes add the output's zero point in int32 before they clamp.
    greatest = np.maximum(-low, high) * layer.multiplier.astype(np.int64) >> (31 - layer.shift.astype(np.int64))
    if greatest.max() > INT32_MAX - 256:
        raise SertoolError(
            f"output {int(np.argmax(greatest))} can leave int32 before it is clamped ({greatest.max()} steps)",
            where=where,
            allowed=f"up to {INT32_MAX - 256} steps of the output scale",
            hint="a larger output scale",
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
    """Raise SertoolError unless the layers chain, Softmax and ArgMax read the logits, and the labels fit.

    Each fully connected layer reads the one before (the first one the graph's input), with its size and scale.
    At the end there may be a Softmax, an ArgMax, both or neither.
    """
    if not graph.dense:
        raise SertoolError("the graph has no layer", allowed="at least one fully connected layer")
    _check_names(graph)
    last, size, scale = graph.input_name, graph.input_size, graph.input_quantization
    ended = False
    for layer in graph.layers:
        dense = isinstance(layer, FullyConnected)
        read = layer.inputs if isinstance(layer, FullyConnected) else layer.size
        if (layer.input, read) != (last, size) or (dense and ended):
            raise SertoolError(
                f"the layer reads {read} values of {layer.input!r}",
                where=f"layer {layer.name!r}",
                allowed=f"the {size} values of {last!r}: layers in a chain, Softmax and ArgMax at its end",
            )
        if not isinstance(layer, ArgMax) and layer.input_quantization != scale:
            raise SertoolError(
                f"the layer reads {layer.input!r} as {layer.input_quantization}",
                where=f"layer {layer.name!r}",
                allowed=f"what that tensor is quantized with: {scale}",
            )
        if isinstance(layer, FullyConnected):
            check_layer(layer)
            last, size, scale = layer.name, layer.outputs, layer.output_quantization
        elif isinstance(layer, Softmax):
            _check_softmax(layer)
        ended = not dense
    _check_labels(graph)


def _check_names(graph: IntegerGraph) -> None:
    names = [graph.input_name, *(layer.name for layer in graph.layers)]
    for name in names:
        if not _NAME.match(name):
            raise SertoolError(
                f"{name!r} cannot name a layer",
                allowed="letters, digits and underscores, a letter or an underscore first",
            )
    for kind in (Softmax, ArgMax):
        if sum(isinstance(layer, kind) for layer in graph.layers) > 1:
            raise SertoolError(f"the graph has more than one {kind.__name__}", allowed="one at most")
    for name in names[1:]:
        if names.count(name) > 1 or name in RESERVED:
            raise SertoolError(
                f"the layer name {name!r} is taken", allowed=f"unique names other than {', '.join(RESERVED)}"
            )


def _check_softmax(layer: Softmax) -> None:
    try:
        softmax_parameters(layer.input_quantization.scale)
    except ValueError as error:
        raise SertoolError(str(error), where=f"layer {layer.name!r}", allowed="a scale above 2^-26") from error
    if layer.size > LARGEST_SOFTMAX:
        raise SertoolError(
            f"softmax of {layer.size} values",
            where=f"layer {layer.name!r}",
            allowed=f"up to {LARGEST_SOFTMAX}: TFLite Micro ends the program where more are equal",
        )


def check_classifier(graph: IntegerGraph) -> None:
    """Raise SertoolError unless the graph gives probabilities and a label, as the firmware's interface does."""
    missing = [role.value for role in Role if role not in graph.roles]
    if missing:
        raise SertoolError(
            f"the model has no {' and no '.join(missing)}",
            where=f"layer {graph.logits.name!r}",
            allowed="a classifier: SOFTMAX and ARG_MAX of the last fully connected layer",
            hint="a model without them runs in the engines; an image for a board is made of classifiers",
        )


def _check_labels(graph: IntegerGraph) -> None:
    classes = graph.logits.outputs
    if not graph.labels and graph.roles.keys() == {Role.LOGITS}:
        return
    if len(graph.labels) != classes or len(set(graph.labels)) != classes:
        raise SertoolError(
            f"{len(graph.labels)} labels for {classes} classes: {', '.join(graph.labels)}",
            where=f"layer {graph.logits.name!r}",
            allowed=f"{classes} different labels",
        )
