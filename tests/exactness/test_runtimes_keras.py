"""A model that TensorFlow's own converter made enters as it is and computes what the runtimes compute."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from sertool import tflite
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.graph import ScaleProduct, reference
from sertool.tflite.view import view
from sertool.verify import compare, of_run, require

pytestmark = pytest.mark.slow


def converted(*, per_channel: bool, softmax: bool, relu6: bool) -> bytes:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    import tensorflow as tf

    tf.random.set_seed(3)
    keras: Any = tf.keras
    net = keras.Sequential(
        [
            keras.layers.Input((40,), batch_size=1),
            keras.layers.Dense(24, activation=tf.nn.relu6 if relu6 else "relu", bias_initializer="uniform"),
            keras.layers.Dense(12, activation="relu"),
            keras.layers.Dense(5, activation="softmax" if softmax else None),
        ]
    )
    samples = np.random.default_rng(0).normal(0, 2, (100, 1, 40)).astype(np.float32)
    converter = tf.lite.TFLiteConverter.from_keras_model(net)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel_quantization_for_dense_layers = not per_channel
    return bytes(converter.convert())


@pytest.mark.parametrize(
    ("per_channel", "softmax", "relu6"), [(True, True, False), (False, True, True), (False, False, False)]
)
def test_a_converted_keras_model_computes_the_same(per_channel: bool, softmax: bool, relu6: bool) -> None:
    model = converted(per_channel=per_channel, softmax=softmax, relu6=relu6)
    scales = [len(step.inputs[1].scales) for step in view(model).steps if step.name == "FULLY_CONNECTED"]
    assert scales == ([24, 12, 5] if per_channel else [1, 1, 1])
    clips = np.random.default_rng(1).integers(-128, 128, (2000, 40)).astype(np.int8)
    names = [str(number) for number in range(len(clips))]
    for product, engine in ((ScaleProduct.DOUBLE, TflmEngine), (ScaleProduct.SINGLE, TfliteEngine)):
        graph, metadata = tflite.read(model, labels=["a", "b", "c", "d", "e"], scale_product=product)
        assert metadata == {}
        results = {"its file": of_run(clips, engine(model, graph).run(clips))}
        if graph.scale_product is None:
            rewritten = tflite.write(graph)
            results["our file"] = of_run(clips, engine(rewritten, graph).run(clips))
        else:
            assert not per_channel
        comparison = compare(names, of_run(clips, reference.run(graph, clips)), results)
        require(comparison)
        layers = [layer.layer for layer in comparison.engines[0].layers]
        assert layers == ["input", "dense0", "dense1", "dense2", *(["probabilities"] if softmax else [])]
