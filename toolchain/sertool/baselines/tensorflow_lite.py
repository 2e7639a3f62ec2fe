"""TensorFlow Lite's own ways: its converter's full-integer int8, and weights of 4 bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sertool import laq, tflite
from sertool.baselines.candidate import Candidate, MakeFloat
from sertool.baselines.keras import network
from sertool.baselines.shapes import fitting_hidden
from sertool.graph import IntegerGraph, Width, classifier
from sertool.training import FloatModel, TrainingData, dequantize
from sertool.training.backend import backend, quiet

_CALIBRATION_CLIPS = 300


def int8(make: MakeFloat, data: TrainingData, limit: int, layer_bytes: laq.LayerBytes) -> Candidate:
    """Convert the widest network that fits at 8 bits by TensorFlow's converter, post-training, int8 in and out.

    Its file enters at the waist: what is measured are the integers that TFLite Micro computes. Raises
    SertoolError where nothing fits.
    """
    width = Width(8)
    model = make(fitting_hidden(data.features, len(data.labels), limit, width, layer_bytes))
    plan = [width] * len(model.layers)
    size = laq.byte_costs(model.shape, layer_bytes).of(plan)
    return Candidate(laq.format_plan(plan), size, model, converted(model, data))


def converted(model: FloatModel, data: TrainingData) -> IntegerGraph:
    """Return the graph that TensorFlow's converter makes of a float model, calibrated on training clips."""
    tf = backend().tf
    spread = np.linspace(0, len(data.train) - 1, min(len(data.train), _CALIBRATION_CLIPS)).astype(int)
    clips = data.train.features[spread].copy()
    # The features are int8 already. Both ends of their range make the converter choose that very scale.
    clips[0, 0], clips[-1, 0] = -128, 127

    def examples() -> Iterator[list[Any]]:
        for clip in dequantize(clips, data.input):
            yield [clip[np.newaxis]]

    converter = tf.lite.TFLiteConverter.from_keras_model(network(model))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    with quiet():
        graph, _ = tflite.read(converter.convert())
    return classifier(graph.weighted, data.labels)


def int4(make: MakeFloat, data: TrainingData, limit: int, layer_bytes: laq.LayerBytes) -> Candidate:
    """Quantize the widest network that fits at 4 bits, post-training, as TFLite's int4 kernels take it.

    Those are codes from -7 to 7 with a scale for each channel; steps and bias correction are ours, since
    TensorFlow's converter gives no int4 for dense layers. Raises SertoolError where nothing fits.
    """
    width = Width(4)
    model = make(fitting_hidden(data.features, len(data.labels), limit, width, layer_bytes))
    quantized = laq.quantize(model, [width] * len(model.layers), data.train.features)
    size = laq.byte_costs(model.shape, layer_bytes).of(quantized.plan)
    return Candidate(laq.format_plan(quantized.plan), size, model, laq.integer_graph(quantized))
