"""From a .tflite's operators to the graph's layers, refusing what the graph cannot express."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sertool.errors import SertoolError
from sertool.graph.layer import Layer
from sertool.graph.quantization import ScaleProduct, Width
from sertool.graph.tensors import Tensor as GraphTensor
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.operators import CODECS, codec_for
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.view import Step, Tensor, View


@dataclass(frozen=True, eq=False)
class Found:
    """The inputs and the layers as they stand in a file.

    `alike` where every runtime derives the same multipliers for them.
    """

    inputs: list[GraphTensor]
    layers: list[Layer]
    alike: bool


def read_layers(content: View, plan: Sequence[Width] | None, product: ScaleProduct) -> Found:
    """Read the operators, each of which reads the model's input or what one before it gave.

    With the widths of a `plan` layers bear their tensors' names; with None each width is inferred from the
    codes and layers are called `dense0` and so on, `probabilities` and `label`. `product` says how to multiply
    scales where runtimes differ. Raises SertoolError for every other operator and structure.
    """
    if not content.inputs:
        raise SertoolError("the model has no input", allowed="one int8 input or more")
    names: dict[Tensor, str] = {}
    for number, tensor in enumerate(content.inputs):
        tensor.expect(TensorType.INT8)
        called = f"input{number}" if len(content.inputs) > 1 else "input"
        names[tensor] = called if plan is None else tensor.name
    inputs = [GraphTensor(name, tensor.shape[1:], tensor.quantization()) for tensor, name in names.items()]
    layers: list[Layer] = []
    weighted = 0
    alike = True
    for step in content.steps:
        codec = codec_for(step.code)
        if codec is None:
            raise _unsupported(step)
        _check_step(step, codec, names)
        width = _width(plan, weighted) if plan is not None and codec.weighted else None
        name = _called(codec, names.values()) if plan is None else step.outputs[0].name
        reads = tuple(names[tensor] for tensor in step.inputs[: codec.activations] if tensor is not None)
        layer = codec.read(Reading(step, name, reads, width, product))
        alike = alike and codec.alike(step, layer)
        layers.append(layer)
        weighted += codec.weighted
        names[step.outputs[0]] = name
    if not layers or weighted != len(plan if plan is not None else range(weighted)):
        raise SertoolError(
            f"the model has {len(layers)} layers, {weighted} of them with weights",
            allowed="at least one, and with weights as many as its plan has widths",
        )
    return Found(inputs, layers, alike)


def _called(codec: Codec[Any], taken: Iterable[str]) -> str:
    """Give the name of the next layer: with a number where it has weights, or another has it without."""
    names = set(taken)
    numbered = (f"{codec.called}{number}" for number in itertools.count())
    free = numbered if codec.weighted else itertools.chain([codec.called], numbered)
    return next(name for name in free if name not in names)


def _check_step(step: Step, codec: Codec[Any], names: Mapping[Tensor, str]) -> None:
    if len(step.inputs) not in codec.inputs or len(step.outputs) != 1:
        raise SertoolError(
            f"the operator has {len(step.inputs)} inputs and {len(step.outputs)} outputs",
            where=str(step),
            allowed=f"{' or '.join(map(str, codec.inputs))} inputs and one output",
        )
    for tensor in step.inputs[: codec.activations]:
        if tensor not in names:
            raise SertoolError(
                f"the operator reads {tensor or 'nothing'}",
                where=str(step),
                allowed=f"what is there when it runs: {', '.join(map(str, names))}",
            )
    if step.options_type != codec.options:
        raise SertoolError(
            f"the operator's options are of type {step.options_type}",
            where=str(step),
            allowed=f"type {codec.options}",
        )


def _width(plan: Sequence[Width], layer: int) -> Width:
    if layer >= len(plan):
        raise SertoolError(
            f"the plan has {len(plan)} widths, the model more layers", where="metadata 'sertool'"
        )
    return plan[layer]


def _unsupported(step: Step) -> SertoolError:
    hint = None
    if step.code in (Operator.QUANTIZE, Operator.DEQUANTIZE):
        hint = "convert with inference_input_type and inference_output_type int8"
    return SertoolError(
        f"the operator {step.name} is not supported",
        where=str(step),
        allowed=", ".join(codec.code.name for codec in CODECS.values()),
        hint=hint,
    )
