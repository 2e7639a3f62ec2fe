"""From a .tflite's operators to the graph's layers, refusing what the graph cannot express."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.build import arg_max, integer_layer, softmax
from sertool.graph.layer import Layer
from sertool.graph.operators import FullyConnected
from sertool.graph.operators.softmax import PROBABILITIES
from sertool.graph.quantization import TERNARY, ScaleProduct, Width
from sertool.graph.scales import alike
from sertool.tflite.activations import clamp
from sertool.tflite.schema import Activation, Operator, TensorType
from sertool.tflite.view import Step, Tensor, View

#: `BuiltinOptions`: the type of each operator's options.
_OPTIONS = {Operator.FULLY_CONNECTED: 8, Operator.SOFTMAX: 9, Operator.ARG_MAX: 40}
#: How far a bias's scale may be from input scale * weight scale, in steps of the output: runtimes allow 0.02.
_BIAS_SCALE_ERROR = 0.01


@dataclass(frozen=True, eq=False)
class Found:
    """Layers as they stand in a file; `alike` where every runtime derives the same multipliers for them."""

    layers: list[Layer]
    alike: bool

    @property
    def dense(self) -> list[FullyConnected]:
        """The fully connected layers."""
        return [layer for layer in self.layers if isinstance(layer, FullyConnected)]


def read_layers(content: View, plan: Sequence[Width] | None, product: ScaleProduct) -> Found:
    """Read the chain of fully connected layers, and a SOFTMAX and an ARG_MAX of its end where there are such.

    With the widths of a `plan` layers bear their tensors' names; with None each width is inferred from the
    codes and layers are called `dense0` and so on. `product` says how to multiply scales where runtimes differ.
    Raises SertoolError for every other operator and structure.
    """
    if len(content.inputs) != 1:
        raise SertoolError(f"the model has {len(content.inputs)} inputs", allowed="one int8 input")
    (last,) = content.inputs
    last.expect(TensorType.INT8)
    last_name = "input" if plan is None else last.name
    dense: list[FullyConnected] = []
    ends: list[Layer] = []
    same = True
    for step in content.steps:
        if step.code == Operator.FULLY_CONNECTED and not ends:
            name = f"dense{len(dense)}" if plan is None else step.outputs[0].name if step.outputs else ""
            width = None if plan is None else _width(plan, len(dense))
            source, output = _both_ends(step, last, inputs=(2, 3))
            dense.append(_fully_connected(step, name, last_name, source, output, width, product))
            same = same and _multiplied_alike(step, dense[-1])
            last, last_name = output, name
        elif step.code == Operator.SOFTMAX and dense and softmax(dense[-1]) not in ends:
            _check_softmax(step, *_both_ends(step, last, inputs=(1,)))
            ends.append(softmax(dense[-1]))
        elif step.code == Operator.ARG_MAX and dense and arg_max(dense[-1]) not in ends:
            _check_arg_max(step, *_both_ends(step, last, inputs=(2,)))
            ends.append(arg_max(dense[-1]))
        else:
            raise _unsupported(step)
        if step.options_type != _OPTIONS[Operator(step.code)]:
            raise SertoolError(
                f"the operator's options are of type {step.options_type}",
                where=str(step),
                allowed=f"type {_OPTIONS[Operator(step.code)]}",
            )
    if len(dense) != len(plan or dense) or not dense:
        raise SertoolError(
            f"the model has {len(dense)} layers",
            allowed="at least one FULLY_CONNECTED, as many as its plan has widths",
        )
    return Found([*dense, *ends], same)


def _multiplied_alike(step: Step, layer: FullyConnected) -> bool:
    weights = step.inputs[1]
    if weights is None or len(weights.scales) > 1:
        return True
    return bool(alike(layer.input_quantization, layer.weight_scales, layer.output_quantization).all())


def _both_ends(step: Step, last: Tensor, inputs: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    if len(step.inputs) not in inputs or len(step.outputs) != 1:
        raise SertoolError(
            f"the operator has {len(step.inputs)} inputs and {len(step.outputs)} outputs",
            where=str(step),
            allowed=f"{' or '.join(map(str, inputs))} inputs and one output",
        )
    if step.inputs[0] is not last:
        raise SertoolError(
            f"the operator reads {step.inputs[0] or 'nothing'}",
            where=str(step),
            allowed=f"{last}: operators in a chain, SOFTMAX and ARG_MAX both on the logits",
        )
    return last, step.outputs[0]


def _fully_connected(
    step: Step,
    name: str,
    input_name: str,
    source: Tensor,
    output: Tensor,
    width: Width | None,
    product: ScaleProduct,
) -> FullyConnected:
    _, weights, bias = (*step.inputs, None)[:3]
    bias_type = step.options.get("quantized_bias_type", 0)
    if bias_type not in (0, TensorType.INT32):
        raise SertoolError(f"biases are of type {bias_type}", where=str(step), allowed="INT32")
    if weights is None or step.options.get("weights_format", 0) != 0:
        raise SertoolError("the weights are missing or shuffled", where=str(step), allowed="plain int8 weights")
    codes = weights.constant([TensorType.INT8], dimensions=2)
    output.expect(TensorType.INT8, size=codes.shape[0])
    source.expect(TensorType.INT8, size=codes.shape[1])
    per_channel = len(weights.scales) > 1
    if (
        weights.zero_points.any()
        or len(weights.scales) not in (1, len(codes))
        or (per_channel and weights.axis)
    ):
        raise SertoolError(
            f"the weights have {len(weights.scales)} scales along dimension {weights.axis} and zero points "
            f"{sorted(set(weights.zero_points.tolist()))}",
            where=str(weights),
            allowed=f"1 or {len(codes)} scales along dimension 0, zero points 0",
        )
    if bias is None:
        integers = np.zeros(len(codes), np.int32)
    else:
        integers = bias.constant([TensorType.INT32], dimensions=1).astype(np.int32)
    try:
        activation = clamp(Activation(step.options.get("fused_activation_function", 0)), output.quantization())
    except ValueError as error:
        raise SertoolError(
            "the fused activation is unknown", where=str(step), allowed="NONE, RELU, RELU6"
        ) from error
    layer = integer_layer(
        name,
        input_name,
        weights=codes.astype(np.int8),
        bias=integers,
        weight_scales=np.broadcast_to(weights.scales, len(codes)).astype(np.float32),
        input_q=source.quantization(),
        output_q=output.quantization(),
        activation=activation,
        width=width or least_width(codes),
        product=ScaleProduct.DOUBLE if per_channel else product,
    )
    if bias is not None:
        _check_bias(bias, weights, source, output)
    return layer


def least_width(codes: NDArray[np.int8]) -> Width:
    """Find the least width whose code set holds `codes`; -128 is in none, which the graph's checks report."""
    largest = int(np.abs(codes.astype(np.int16)).max(initial=0))
    if largest <= 1:
        return TERNARY if (codes == 0).any() else Width(1)
    return Width(min(8, largest.bit_length() + 1))


def _check_softmax(step: Step, source: Tensor, output: Tensor) -> None:
    output.expect(TensorType.INT8, size=source.shape[1])
    if step.options.get("beta") != 1.0 or output.quantization() != PROBABILITIES:
        raise SertoolError(
            f"softmax has beta {step.options.get('beta')} and gives {output.quantization()}",
            where=str(step),
            allowed="beta 1, int8 output with scale 1/256 and zero point -128",
        )


def _check_bias(bias: Tensor, weights: Tensor, source: Tensor, output: Tensor) -> None:
    """Check what runtimes check of a bias where weights have one scale, and mean by it elsewhere."""
    with np.errstate(invalid="ignore"):  # a signalling NaN
        scales = bias.scales.astype(np.float64)
        expected = source.quantization().scale * weights.scales.astype(np.float64)
    steps = np.abs(scales - expected) / output.quantization().scale if scales.shape == expected.shape else None
    if bias.zero_points.any() or steps is None or not (steps <= _BIAS_SCALE_ERROR).all():
        raise SertoolError(
            f"the bias has {len(scales)} scales, not those of its weights and the input, or zero points",
            where=str(bias),
            allowed="input scale * weight scale, zero points 0",
        )


def _check_arg_max(step: Step, source: Tensor, output: Tensor) -> None:
    if output.type != TensorType.INT32 or output.shape != (1,):
        raise SertoolError(
            f"the tensor is {output.type_name} of shape {list(output.shape)}",
            where=str(output),
            allowed="INT32 of shape [1]",
        )
    axis = step.inputs[1]
    dimension = None if axis is None else _axis(axis)
    if dimension not in (1, -1) or step.options.get("output_type") != TensorType.INT32:
        raise SertoolError(
            f"arg max runs along axis {dimension} and gives type {step.options.get('output_type')}",
            where=str(step),
            allowed="axis 1 or -1, INT32 output",
        )


def _axis(tensor: Tensor) -> int:
    if tensor.shape not in ((), (1,)):
        raise SertoolError(f"the axis has shape {list(tensor.shape)}", where=str(tensor), allowed="one number")
    return int(tensor.constant([TensorType.INT32], len(tensor.shape)).reshape(-1)[0])


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
        f"the operator {step.name} is not supported" + (" here" if step.code in _SUPPORTED else ""),
        where=str(step),
        allowed="FULLY_CONNECTED in a chain, then SOFTMAX and ARG_MAX of the last one's outputs",
        hint=hint,
    )


_SUPPORTED = (Operator.FULLY_CONNECTED, Operator.SOFTMAX, Operator.ARG_MAX)
