"""A float model as Keras layers once more, for tools that work on Keras models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sertool.training import DenseLayer, FloatModel, Optimization
from sertool.training.backend import backend
from sertool.training.keras_network import dense, input_layers


def network(
    model: FloatModel,
    config: Optimization | None = None,
    wrap: Callable[[Any], Any] = lambda layer: layer,
) -> Any:
    """Return a Keras Sequential that computes what `model` does, each dense layer wrapped by `wrap`.

    With `config` it has the noise and dropout of training.
    """
    keras = backend().keras
    result = keras.Sequential([keras.Input((model.shape[0],)), *(input_layers(config) if config else [])])
    for layer in model.layers:
        result.add(wrap(dense(layer)))
        if layer.relu and config:
            result.add(keras.layers.Dropout(config.dropout))
    return result


def read(network: Any, model: FloatModel) -> FloatModel:
    """Read the dense layers of a trained network that was made from `model`."""
    layers = []
    for layer in model.layers:
        kernel, bias = (value.astype(np.float32) for value in network.get_layer(layer.name).get_weights())
        layers.append(DenseLayer(layer.name, np.ascontiguousarray(kernel.T), bias, layer.relu))
    return FloatModel(tuple(layers), model.labels, model.input)
