"""How much the loss feels a layer's weights: rivals of LAQ's importance, which look at clips too.

Both are exact for the networks at hand. A multilayer perceptron of ReLU layers is piecewise linear in the
weights of any single layer, so the second derivative of the cross-entropy by those weights is the Gauss-Newton
matrix, and all that is needed are the derivatives of the logits by each layer's sums.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sertool.training.data import Examples, dequantize
from sertool.training.float_model import DenseLayer, FloatModel, activations

Values = NDArray[np.float64]


def gradient(model: FloatModel, examples: Examples) -> tuple[float, ...]:
    """Return, for each layer, the mean over clips of the sum over its weights of |dL/dw w|.

    That is to first order what the loss may move by when every weight moves by the same share of itself
    (Molchanov et al. 2019, "Importance Estimation for Neural Network Pruning").
    """
    probabilities = _probabilities(model, examples)
    error = probabilities - np.eye(probabilities.shape[1])[examples.labels]
    found = []
    for layer, inputs, jacobian in _layers(model, examples):
        slope = np.abs(np.einsum("nc,nco->no", error, jacobian))
        felt = (slope.T @ np.abs(inputs)) * np.abs(layer.weights)
        found.append(float(felt.sum() / len(inputs)))
    return tuple(found)


def hessian(model: FloatModel, examples: Examples) -> tuple[float, ...]:
    """Return, for each layer, the trace of the loss's second derivative, times the weights' mean square.

    That is to second order, and but for a constant, what the loss rises by when all of the layer's weights are
    disturbed by noise of the same share of their size (after Dong et al. 2020, "HAWQ-V2", who estimate the
    trace).
    """
    probabilities = _probabilities(model, examples)
    found = []
    for layer, inputs, jacobian in _layers(model, examples):
        # The curvature by the logits is diag(p) - p p'; its trace is taken through the Jacobian.
        spread = np.einsum("nc,nco->n", probabilities, np.square(jacobian))
        spread -= np.square(np.einsum("nc,nco->no", probabilities, jacobian)).sum(axis=1)
        trace = (np.square(inputs).sum(axis=1) * spread).mean()
        found.append(float(trace * np.square(layer.weights, dtype=np.float64).mean()))
    return tuple(found)


def _layers(model: FloatModel, examples: Examples) -> Iterator[tuple[DenseLayer, Values, Values]]:
    """Yield each layer, its inputs, and the logits' Jacobian by its sums (clips, classes, outputs)."""
    outputs = activations(model, examples.features)
    inputs = [dequantize(examples.features, model.input), *outputs[:-1]]
    classes = outputs[-1].shape[1]
    jacobian = np.broadcast_to(np.eye(classes), (len(examples), classes, classes))
    jacobians = [jacobian]
    for layer, reads in zip(model.layers[:0:-1], inputs[:0:-1], strict=True):
        jacobian = (jacobian @ layer.weights.astype(np.float64)) * (reads > 0)[:, np.newaxis]
        jacobians.append(jacobian)
    for layer, reads, jacobian in zip(model.layers, inputs, reversed(jacobians), strict=True):
        yield layer, reads.astype(np.float64), jacobian


def _probabilities(model: FloatModel, examples: Examples) -> Values:
    logits = activations(model, examples.features)[-1].astype(np.float64)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
