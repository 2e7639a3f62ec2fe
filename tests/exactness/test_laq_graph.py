"""The fake-quantized Keras network, the quantized model and the integer graph: one model in three forms."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))

from training_examples import FEATURES, examples, float_model, training_data

from sertool import laq
from sertool.graph import Width
from sertool.graph.reference import run
from sertool.graph.temperature import temperable
from sertool.laq.codes import codes
from sertool.laq.fine_tune import extract, quantized_network
from sertool.laq.post_training import round_to
from sertool.training import FineTuningConfig, dequantize

MODEL = float_model((FEATURES, 24, 16, 12, 9, 7, 6, 6, 3), seed=4)
PLAN = laq.parse_plan("1,t,2,3,4,6,7,8", [layer.name for layer in MODEL.layers])
CLIPS = examples(400, 7)


@pytest.fixture(scope="module")
def start() -> laq.QuantizedModel:
    return laq.quantize(MODEL, PLAN, training_data().train.features)


@pytest.fixture(scope="module")
def network(start: laq.QuantizedModel):  # type: ignore[no-untyped-def]
    return quantized_network(MODEL, start, FineTuningConfig())


@pytest.fixture(scope="module")
def extracted(network, start: laq.QuantizedModel) -> laq.QuantizedModel:  # type: ignore[no-untyped-def]
    return extract(network, start)


def simulate(model: laq.QuantizedModel, features: np.ndarray) -> list[np.ndarray]:
    """Each layer's outputs, in real numbers, rounded to int8 like the graph's but without its fixed point."""
    values, outputs = dequantize(features, model.input), []
    for layer in model.layers:
        values = values @ layer.weights.T + layer.bias
        values = round_to(layer.output, np.maximum(values, 0) if layer.relu else values)
        outputs.append(values)
    return outputs


def test_an_untrained_network_gives_back_what_it_was_made_from(
    extracted: laq.QuantizedModel, start: laq.QuantizedModel
) -> None:
    for ours, theirs in zip(extracted.layers, start.layers, strict=True):
        assert (ours.codes == theirs.codes).mean() > 0.99, ours.name
        np.testing.assert_allclose(ours.weight_scales, theirs.weight_scales, rtol=1e-6)
        assert (ours.bias == theirs.bias).all()
        assert ours.output.zero_point == theirs.output.zero_point
        assert ours.output.scale == pytest.approx(theirs.output.scale, rel=1e-6)


def test_keras_computes_with_exactly_the_codes_that_are_extracted(network, extracted) -> None:  # type: ignore[no-untyped-def]
    for layer in extracted.layers:
        wrapper = network.get_layer(f"quant_{layer.name}")
        kernel, quantizer, variables = wrapper._weight_vars[0]
        seen = quantizer(kernel, False, weights=variables).numpy().T
        assert (seen == layer.weights).all(), layer.name
        assert (codes(layer.weights, layer.weight_scales, layer.width) == layer.codes).all(), layer.name


def test_codes_are_of_the_widths_code_set(extracted: laq.QuantizedModel) -> None:
    assert extracted.plan == PLAN
    for layer in extracted.layers:
        found = set(layer.codes.ravel().tolist())
        largest = layer.width.largest_code
        allowed = set(range(-largest, largest + 1)) if layer.width.has_zero else {-1, 1}
        assert found <= allowed, layer.name


def test_relu_layers_use_the_whole_int8_range(extracted: laq.QuantizedModel) -> None:
    for layer in extracted.layers:
        assert (layer.output.zero_point == -128) == layer.relu, layer.name


def test_keras_and_the_quantized_model_agree(network, extracted) -> None:  # type: ignore[no-untyped-def]
    inputs = dequantize(CLIPS.features, extracted.input)
    logits = network(inputs, training=False).numpy()
    ours = simulate(extracted, CLIPS.features)[-1]
    step = extracted.layers[-1].output.scale
    assert np.abs(logits - ours).max() <= 2 * step + 1e-5
    assert (logits.argmax(axis=1) == ours.argmax(axis=1)).mean() >= 0.98


def test_the_integer_graph_agrees_up_to_the_rounding_of_activations(extracted: laq.QuantizedModel) -> None:
    trace = run(laq.integer_graph(extracted), CLIPS.features)
    wanted = simulate(extracted, CLIPS.features)
    first = extracted.layers[0]
    steps = np.rint(wanted[0] / first.output.scale) + first.output.zero_point
    assert np.abs(trace[first.name] - steps).max() <= 1
    last = extracted.layers[-1]
    logits = (trace[last.name].astype(np.float64) - last.output.zero_point) * last.output.scale
    assert np.abs(logits - wanted[-1]).mean() <= last.output.scale
    agree = (trace["label"][:, 0] == wanted[-1].argmax(axis=1)).mean()
    assert agree >= 0.95


def test_the_graph_carries_plan_labels_and_scales(extracted: laq.QuantizedModel) -> None:
    graph = laq.integer_graph(extracted)
    assert graph.plan == PLAN
    assert graph.labels == MODEL.labels
    assert graph.input.name == "features"
    assert graph.input.quantization == MODEL.input
    for layer, dense in zip(extracted.layers, graph.weighted, strict=True):
        assert (dense.weights == layer.codes).all()
        # Of the last layer they have the bits that leave room for a temperature.
        last = layer is extracted.layers[-1]
        scales = temperable(layer.weight_scales) if last else layer.weight_scales
        assert (dense.weight_scales == scales).all()
        assert dense.activation_min == (layer.output.zero_point if layer.relu else -128)


def test_a_quantized_model_survives_its_file(extracted: laq.QuantizedModel, tmp_path: Path) -> None:
    (tmp_path / "laq.npz").write_bytes(laq.save(extracted))
    again = laq.load(tmp_path / "laq.npz")
    assert laq.save(again) == laq.save(extracted)
    assert (again.plan, again.labels, again.input) == (extracted.plan, extracted.labels, extracted.input)
    trace, other = (run(laq.integer_graph(model), CLIPS.features) for model in (extracted, again))
    assert all((trace[name] == other[name]).all() for name in trace)


def test_post_training_at_8_bits_keeps_the_float_labels() -> None:
    from sertool.training import predict

    eight = laq.quantize(MODEL, (Width(8),) * len(PLAN), training_data().train.features)
    labels = laq.classify(laq.integer_graph(eight), CLIPS.features)
    assert (labels == predict(MODEL, CLIPS.features).argmax(axis=1)).mean() >= 0.95
