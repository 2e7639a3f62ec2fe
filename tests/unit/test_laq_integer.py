"""The way from a quantized model to integers where scales have to move."""

from __future__ import annotations

import numpy as np

from sertool import laq, tflite
from sertool.graph import TensorScale, Width, fully_connected
from sertool.graph.scales import nearest_input
from sertool.graph.temperature import temperable
from sertool.laq.quantized_model import QuantizedLayer as Layer
from sertool.laq.quantized_model import QuantizedModel


def layer(name: str, outputs: int, inputs: int, scale: float, output: TensorScale, relu: bool) -> Layer:
    codes = np.ones((outputs, inputs), np.int8)
    scales = np.linspace(scale, 1.5 * scale, outputs).astype(np.float32)
    return Layer(name, codes, scales, np.zeros(outputs, np.float32), output, relu, Width(8))


def model(middle: float) -> QuantizedModel:
    layers = (
        layer("dense1", 3, 4, 0.01, TensorScale(middle, -128), True),
        layer("dense2", 1, 3, 1.7, TensorScale(0.125, -128), True),
        layer("logits", 2, 1, 0.3, TensorScale(0.07, 3), False),
    )
    return QuantizedModel(layers, ("a", "b"), TensorScale(2**-5, 0))


def test_an_activation_moves_by_a_hair_where_no_weight_scale_of_the_next_unit_would_do() -> None:
    # 1.9 is 19/20 of 2 to seven digits: products with it come near to float32 values for few weight scales.
    graph = laq.integer_graph(model(1.9))
    moved = graph.weighted[0].output_quantization.scale
    assert 0 < abs(moved / float(np.float32(1.9)) - 1) < 1e-5
    assert tflite.read(tflite.write(graph))[0].scale_product is None


def test_activations_stay_where_a_weight_scale_is_near() -> None:
    graph = laq.integer_graph(model(1.937201))
    assert graph.weighted[0].output_quantization == TensorScale(1.937201, -128)
    assert nearest_input(TensorScale(2**-5, 0), np.float32(0.3), TensorScale(0.1, 0)) == TensorScale(2**-5, 0)
    several = laq.integer_graph(model(1.937201)).weighted[2]
    expected = fully_connected(
        several.name,
        several.input,
        several.weights,
        temperable([0.3, 0.45]),
        [0.0, 0.0],
        several.input_quantization,
        several.output_quantization,
        False,
        Width(8),
    )
    assert several.multiplier.tolist() == expected.multiplier.tolist()
