"""What a .tflite must be beside its layers so that every runtime runs it, and runs it alike.

Runtimes check little of a file and not the same: one reads past a list, one takes buffer 0 as data, one heeds a
plan for its arena that lies in the metadata. Whatever is not as converters write it is refused, with its place.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from sertool.errors import SertoolError
from sertool.graph.tensors import SMALLEST_SCALE
from sertool.tflite.operators import codec_for
from sertool.tflite.schema import SCHEMA_VERSION, TensorType
from sertool.tflite.view import Step, Tensor, View

#: Metadata that TFLite Micro acts upon: a plan of the arena, and compressed weights.
_ACTED_UPON = ("OfflineMemoryAllocation", "COMPRESSION_METADATA")
_RANGES = {TensorType.INT8: (-128, 127)}


def check_sound(content: View) -> None:
    """Raise SertoolError, naming the place, unless every runtime runs the file and runs it alike.

    For files whose operators `layers.read_layers` took.
    """
    if content.version != SCHEMA_VERSION:
        raise SertoolError(
            f"the file follows version {content.version} of the schema", allowed=f"version {SCHEMA_VERSION}"
        )
    if content.empty_buffer.size:
        raise SertoolError("buffer 0 holds data", allowed="none: it stands for tensors without any")
    if content.unused_codes:
        raise SertoolError(
            f"operator code {content.unused_codes[0]} is listed, and no operator has it",
            allowed="the codes of the model's operators",
        )
    for step in content.steps:
        _check_version(step)
    _check_metadata(content)
    _check_flow(content)
    for tensor in content.tensors:
        _check_tensor(tensor)


def _check_version(step: Step) -> None:
    codec = codec_for(step.code)
    latest = codec.latest if codec else 0
    if not 1 <= step.version <= latest:
        raise SertoolError(
            f"the operator is of version {step.version}", where=str(step), allowed=f"version 1 to {latest}"
        )


def _check_metadata(content: View) -> None:
    for name, count in Counter(content.metadata_names).items():
        if count > 1 or name in _ACTED_UPON:
            raise SertoolError(
                f"the metadata {name!r} is there {count} times"
                if count > 1
                else "runtimes act upon this metadata",
                where=f"metadata {name!r}",
                allowed="each name once, and none of " + " and ".join(_ACTED_UPON),
            )


def _check_flow(content: View) -> None:
    """Each activation is written once, by an operator or as the input; the rest is constant; all is used."""
    written = [*content.inputs, *(tensor for step in content.steps for tensor in step.outputs)]
    read = [tensor for step in content.steps for tensor in step.inputs if tensor is not None]
    if not content.outputs or len(set(content.outputs)) < len(content.outputs):
        raise SertoolError(
            f"the model's outputs are {', '.join(map(str, content.outputs)) or 'none'}",
            allowed="one or more, each once",
        )
    for tensor in content.outputs:
        if tensor not in written[len(content.inputs) :]:
            raise SertoolError("an output of the model is no operator's", where=str(tensor))
    for tensor in written:
        if written.count(tensor) > 1:
            raise SertoolError("the tensor is written more than once", where=str(tensor), allowed="once")
        if tensor.data.size:
            raise SertoolError(
                f"the tensor is computed, and has {tensor.data.size} bytes of data",
                where=str(tensor),
                allowed="constant data for weights, biases and axes only",
            )
    for tensor in content.tensors:
        if tensor not in written and tensor not in read:
            raise SertoolError("no operator uses the tensor", where=str(tensor))


def _check_tensor(tensor: Tensor) -> None:
    if tensor.variable:
        raise SertoolError("the tensor is a variable", where=str(tensor), allowed="activations and constants")
    itemsize = 1 if tensor.type == TensorType.INT8 else 4
    if tensor.place % itemsize:
        raise SertoolError(
            f"the constant begins at byte {tensor.place} of the file",
            where=str(tensor),
            allowed=f"a multiple of {itemsize}: other places are faults on some cores",
        )
    signature = tensor.signature or tensor.shape
    fits = [known in (size, -1) for known, size in zip(signature, tensor.shape, strict=False)]
    if len(signature) != len(tensor.shape) or not all(fits):
        raise SertoolError(
            f"the shape is {list(tensor.shape)}, its signature {list(signature)}",
            where=str(tensor),
            allowed="a signature that is the shape, with -1 where it may change",
        )
    along = tensor.shape[tensor.axis] if 0 < tensor.axis < len(tensor.shape) and tensor.data.size else None
    if len(tensor.scales) != len(tensor.zero_points) or (tensor.axis and len(tensor.scales) != along):
        raise SertoolError(
            f"the tensor has {len(tensor.scales)} scales and {len(tensor.zero_points)} zero points along "
            f"dimension {tensor.axis}",
            where=str(tensor),
            allowed="as many of one as of the other, along dimension 0, or a constant's, one for each place",
        )
    if not np.isfinite(tensor.scales).all() or (tensor.scales < SMALLEST_SCALE).any():
        raise SertoolError(
            f"the scales reach from {tensor.scales.min():g} to {tensor.scales.max():g}",
            where=str(tensor),
            allowed="positive finite scales, none subnormal",
        )
    low, high = _RANGES.get(TensorType(tensor.type), (0, 0))
    if ((tensor.zero_points < low) | (tensor.zero_points > high)).any():
        raise SertoolError(
            f"the zero points reach from {tensor.zero_points.min()} to {tensor.zero_points.max()}",
            where=str(tensor),
            allowed=f"{low} to {high}",
        )
