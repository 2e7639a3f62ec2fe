"""Fine-tuning: Keras training in which every layer computes with weights of its width and int8 activations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph import Width
from sertool.laq.codes import codes
from sertool.laq.post_training import activation_scale, quantize
from sertool.laq.quantized_model import QuantizedLayer, QuantizedModel
from sertool.training.backend import backend
from sertool.training.config import FineTuningConfig
from sertool.training.data import TrainingData
from sertool.training.float_model import FloatModel, predict
from sertool.training.keras_network import dense, input_layers, one_hot, train


def fine_tune(
    model: FloatModel, plan: Sequence[Width], data: TrainingData, config: FineTuningConfig | None = None
) -> QuantizedModel:
    """Train `model` at the widths of `plan`, starting from its post-training quantization.

    The validation part is never looked at: to train on it too, pass `data.joined()`. The same inputs and
    TensorFlow build give the same codes. Raises SertoolError for a plan that does not fit the model, where
    TensorFlow is missing, and where training diverges.
    """
    config = config or FineTuningConfig()
    start = quantize(model, plan, data.train.features)
    keras = backend().keras
    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    network = quantized_network(model, start, config)
    targets = one_hot(data.train.labels, data)
    if config.distillation:
        taught = _softmax(predict(model, data.train.features))
        targets = (1 - config.distillation) * targets + config.distillation * taught
    train(network, data, config, targets)
    return extract(network, start)


def quantized_network(model: FloatModel, start: QuantizedModel, config: FineTuningConfig) -> Any:
    """Return a Keras Sequential with the float weights of `model`, quantizing as `start` does."""
    from sertool.laq.quantizers import AnnotatedLayersOnly, DenseConfig

    keras, quantization = backend().keras, backend().tfmot.quantization.keras
    network = keras.Sequential([keras.Input((model.shape[0],)), *input_layers(config)])
    for layer, quantized in zip(model.layers, start.layers, strict=True):
        scale, zero_point = quantized.output.scale, quantized.output.zero_point
        low, high = (-128 - zero_point) * scale, (127 - zero_point) * scale
        settings = DenseConfig(str(quantized.width), quantized.weight_scales.tolist(), low, high)
        corrected = dense(replace(layer, bias=quantized.bias))
        network.add(quantization.quantize_annotate_layer(corrected, settings))
        if layer.relu:
            network.add(keras.layers.Dropout(config.dropout))
    with quantization.quantize_scope({"DenseConfig": DenseConfig}):
        return quantization.quantize_apply(network, scheme=AnnotatedLayersOnly())


def extract(network: Any, start: QuantizedModel) -> QuantizedModel:
    """Read codes, steps, biases and ranges out of a network that `quantized_network` made from `start`."""
    layers = []
    for layer in start.layers:
        wrapper = network.get_layer(f"quant_{layer.name}")
        values = {weight.name.split("/")[-1].split(":")[0]: weight.numpy() for weight in wrapper.weights}
        kernel = np.ascontiguousarray(values["kernel"].T)
        steps = _exp(values["kernel_log_steps"])
        layers.append(
            QuantizedLayer(
                name=layer.name,
                codes=codes(kernel, steps, layer.width),
                weight_scales=steps,
                bias=values["bias"],
                output=activation_scale(float(values["output_low"]), float(values["output_high"])),
                relu=layer.relu,
                width=layer.width,
            )
        )
    return QuantizedModel(tuple(layers), start.labels, start.input)


def _exp(values: NDArray[np.float32]) -> NDArray[np.float32]:
    # TensorFlow's exponential, not numpy's: a step's last bit could move a weight to another code.
    return np.asarray(backend().tf.exp(values).numpy(), np.float32)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
