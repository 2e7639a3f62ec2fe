"""Convolutions that no engine could run alike are refused by name, in a graph and in a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convolutions import SAME, Strain, case_of, convolution
from networks import network
from sertool import tflite
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.graph import (
    TERNARY,
    FullyConnected,
    IntegerGraph,
    Role,
    Rounding,
    ScaleProduct,
    TensorScale,
    Width,
)
from sertool.graph.arithmetic import requantize
from sertool.graph.build import graph_of, integer_layer
from sertool.graph.checks import check_graph
from sertool.graph.graph import equal
from sertool.graph.layer import Layer
from sertool.graph.operators import Conv2d, DepthwiseConv2d, Reshape
from sertool.graph.reference import run
from sertool.graph.scales import multipliers
from sertool.graph.tensors import Tensor
from sertool.graph.window import Window
from sertool.verify import Outputs, compare, require
from tflite_editing import Record, edited, operator, tensor, without_metadata, without_tensor

KINDS = (Conv2d, DepthwiseConv2d)
IMAGE = (5, 4, 2)
RELU = Strain(output_zero_point=-128, clamp=(-128, 127))
WINDOW = Window((3, 2), (2, 1), padding=SAME)


def layer(kind: type[Conv2d] | type[DepthwiseConv2d], **changes: Any) -> Conv2d | DepthwiseConv2d:
    made = convolution(kind, IMAGE, WINDOW, 4, Width(8), Strain(), seed=1)
    return dataclasses.replace(made, **changes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image": (4, 5, 2)}, r"reads 4 x 5 x 2 values of 'image'\n.*'layer'\n.*\[5, 4, 2\]"),
        ({"window": Window((2, 3))}, r"weights are of shape .*\n.*'layer'\n.*\[2, 3.* for each output"),
        ({"window": Window((3, 2), (0, 1))}, "stride or dilation below 1"),
        ({"window": Window((3, 2), dilation=(1, 0))}, "stride or dilation below 1"),
        ({"window": Window((3, 2), dilation=(3, 1))}, r"reaches over 7 x 2 values\n.*'layer'\n.*5 x 4"),
        ({"window": Window((3, 2), dilation=(1, 65535), padding=SAME)}, "up to 65535 each"),
        ({"bias": np.zeros(3, np.int32)}, "bias, multiplier or shift has the wrong shape"),
        ({"bias": np.full(4, 2**31 - 1, np.int32)}, "the accumulator of output . can leave int32"),
    ],
)
def test_a_convolution_that_no_engine_could_run_is_refused(
    kind: type[Conv2d] | type[DepthwiseConv2d], changes: dict[str, Any], message: str
) -> None:
    graph = case_of(layer(kind), Rounding.DOUBLE).graph
    with pytest.raises(SertoolError, match=message):
        check_graph(dataclasses.replace(graph, layers=(layer(kind, **changes),)))


def test_each_channel_makes_as_many_outputs() -> None:
    made = convolution(DepthwiseConv2d, (5, 4, 3), WINDOW, 4, Width(8), Strain(), seed=1)
    with pytest.raises(SertoolError, match=r"3 channels make 4 outputs\n.*'layer'"):
        case_of(made, Rounding.DOUBLE)


def put(name: str, **fields: Any) -> Callable[[Record], object]:
    return lambda record: tensor(record, name).update(fields)


def quantize(name: str, **fields: Any) -> Callable[[Record], object]:
    return lambda record: tensor(record, name)["quantization"].update(fields)


def options(**fields: Any) -> Callable[[Record], object]:
    return lambda record: operator(record, 0)["builtin_options"][1].update(fields)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put("layer", shape=np.array([1, 3, 3, 4])), r"shape \[1, 3, 3, 4\]\n.*'layer'\n.*\[1, 3, 4, 4\]"),
        (put("image", shape=np.array([1, 40])), r"shape \[1, 40\]\n.*'image'\n.*\[1, n, m, k\]"),
        (put("image", shape=np.array([2, 5, 4, 1])), r"shape \[2, 5, 4, 1\]"),
        (options(padding=2), r"the padding is 2\n.*operator 0.*\n.*VALID"),
        (options(stride_h=0), "stride or dilation below 1"),
        (options(stride_w=-1), "stride or dilation below 1"),
        (options(dilation_w_factor=0), "stride or dilation below 1"),
        (options(stride_w=2), r"shape \[1, 3, 4, 4\]\n.*'layer'\n.*\[1, 3, 2, 4\]"),
        (options(padding=1), r"allowed: INT8 of shape \[1, 2, 3, 4\]"),
        (options(fused_activation_function=4), "activation TANH is not supported"),
        (quantize("layer/weights", zero_point=np.array([0, 0, 1, 0])), r"zero points \[0, 1\]"),
        (quantize("layer/weights", quantized_dimension=2), "dimension 2"),
        (quantize("layer/bias", zero_point=np.array([0, 0, 1, 0])), "or zero points"),
    ],
)
def test_a_file_with_a_convolution_that_is_not_supported_is_refused(
    kind: type[Conv2d] | type[DepthwiseConv2d], edit: Callable[[Record], object], message: str
) -> None:
    model = tflite.write(case_of(layer(kind), Rounding.DOUBLE).graph)
    with pytest.raises(SertoolError, match=message):
        tflite.read(edited(model, without_metadata, edit))


def test_groups_and_strange_outputs_of_channels_are_refused() -> None:
    grouped = convolution(Conv2d, (5, 4, 1), WINDOW, 4, Width(8), Strain(), seed=1)
    model = tflite.write(case_of(grouped, Rounding.DOUBLE).graph)
    with pytest.raises(SertoolError, match=r"weights are of shape \[4, 3, 2, 1\]\n.*\n.*\[3, 2, 2\]"):
        tflite.read(edited(model, put("image", shape=np.array([1, 5, 4, 2]))))
    model = tflite.write(case_of(layer(DepthwiseConv2d), Rounding.DOUBLE).graph)
    with pytest.raises(SertoolError, match=r"and 1 outputs for each of 2 channels\n.*operator 0 \(DEPTHWISE"):
        tflite.read(edited(model, options(depth_multiplier=1)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_bias_is_zero(kind: type[Conv2d] | type[DepthwiseConv2d]) -> None:
    made = layer(kind)
    model = tflite.write(case_of(made, Rounding.DOUBLE).graph)
    (found,) = tflite.read(edited(model, without_tensor("layer/bias")))[0].weighted
    assert not found.bias.any() and made.bias.any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_runtime_multiplies_one_scale_in_double(kind: type[Conv2d] | type[DepthwiseConv2d]) -> None:
    """Not as with fully connected layers: there tflite-runtime rounds the product where the scale is one."""
    made, source = layer(kind), TensorScale(0.0313, 0)
    scales = np.full(4, 3.3e-6, np.float32)
    double, single = (
        multipliers("layer", source, scales, made.output_quantization, product) for product in ScaleProduct
    )
    # Biases in the middle between two outputs, at which the two multipliers give different ones.
    factor = double[0][0] * 2.0 ** (double[1][0] - 31.0)
    near = np.concatenate([np.rint((k + 0.5) / factor) + np.arange(-200, 200) for k in range(-90, 90)])
    at = [requantize(near, multiplier[0], shift[0]) for multiplier, shift in (double, single)]
    bias = near[at[0] != at[1]][:4].astype(np.int32)
    one = integer_layer(
        kind,
        "layer",
        "image",
        weights=np.zeros_like(made.weights),
        bias=bias,
        weight_scales=scales,
        input_q=source,
        output_q=made.output_quantization,
        activation=(-128, 127),
        width=Width(8),
        image=IMAGE,
        window=WINDOW,
    )
    case = case_of(one, Rounding.DOUBLE)

    def as_one(record: Record) -> None:
        for name in ("layer/weights", "layer/bias"):
            quantization = tensor(record, name)["quantization"]
            quantization.update(scale=quantization["scale"][:1], zero_point=np.zeros(1, np.int64))
            quantization.update(quantized_dimension=0)

    model = edited(tflite.write(case.graph), as_one)
    graph, _ = tflite.read(model)
    assert graph.scale_product is None
    expected = run(graph, *case.inputs)["layer"]
    other = dataclasses.replace(one, multiplier=single[0], shift=single[1])
    assert (run(dataclasses.replace(graph, layers=(other,)), *case.inputs)["layer"] != expected).all()
    for engine in (TflmEngine(model, graph), TfliteEngine(model, graph)):
        with engine:
            assert np.array_equal(engine.run(*case.inputs)["layer"], expected)


def small_network() -> IntegerGraph:
    """A classifier: convolutions with a stride, of each channel, of each value, then a dense layer."""
    first = convolution(Conv2d, (10, 8, 1), Window((5, 3), (2, 2), padding=SAME), 6, Width(4), RELU, seed=1)
    more = [
        (DepthwiseConv2d, Window((3, 3), padding=SAME), "each_channel", Width(8)),
        (Conv2d, Window((1, 1)), "each_value", TERNARY),
    ]
    layers: list[Layer] = [dataclasses.replace(first, name="strided")]
    for kind, window, name, width in more:
        drawn = convolution(kind, (5, 4, 6), window, 6, width, RELU, seed=1)
        layers.append(after(dataclasses.replace(drawn, name=name), layers[-1].output))
    output = layers[-1].output
    layers.append(Reshape("flat", output.name, output.shape, (120,), output.quantization))
    logits, *ends = network([120, 5], ["8"]).layers
    assert isinstance(logits, FullyConnected)
    layers += [after(logits, layers[-1].output), *ends]
    source = Tensor("image", (10, 8, 1), first.input_quantization)
    return graph_of([source], layers, [f"label{index}" for index in range(5)])


def after(layer: Any, read: Tensor) -> Any:
    """The layer, to read that tensor; its scales stay those that its multipliers come from."""
    return integer_layer(
        type(layer),
        layer.name,
        read.name,
        weights=layer.weights,
        bias=layer.bias,
        weight_scales=layer.weight_scales,
        input_q=read.quantization,
        output_q=layer.output_quantization,
        activation=(layer.activation_min, layer.activation_max),
        width=layer.width,
        **{name: getattr(layer, name) for name in ("image", "window") if hasattr(layer, name)},
    )


def test_a_network_of_convolutions_is_one_in_every_engine() -> None:
    graph = small_network()
    model = tflite.write(graph)
    assert equal(tflite.read(model)[0], graph)
    assert graph.roles[Role.LOGITS] == "dense0"
    clips = np.random.default_rng(2).integers(-128, 128, (60, 10, 8, 1)).astype(np.int8)
    expected = Outputs(run(graph, clips))
    assert len(np.unique(expected.layers["label"])) > 1
    engines = (TflmEngine(model, graph), TfliteEngine(model, graph), HostEngine(graph), EmulatorEngine(graph))
    found = {}
    for engine in engines:
        with engine:
            found[engine.name] = Outputs(engine.run(clips))
            assert found[engine.name].layers.keys() == expected.layers.keys()
    require(compare([f"clip{number}" for number in range(len(clips))], expected, found))
