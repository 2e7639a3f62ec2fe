"""Tiny material for tests of training and quantization: clusters that a small network can part."""

from __future__ import annotations

import itertools

import numpy as np

from sertool.graph import TensorScale
from sertool.training import DenseLayer, Examples, FloatModel, TrainingData

LABELS = ("anger", "joy", "sadness")
SCALE = TensorScale(2.0**-5, 0)
FEATURES = 12


def examples(clips: int, seed: int) -> Examples:
    """Clips of three classes whose features cluster around fixed centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(0, 1, (len(LABELS), FEATURES))
    labels = np.arange(clips) % len(LABELS)
    values = centres[labels] + random.normal(0, 0.5, (clips, FEATURES))
    features = np.clip(np.rint(values / SCALE.scale), -128, 127).astype(np.int8)
    return Examples(features, labels)


def training_data() -> TrainingData:
    """96 clips to train on and 30 to choose by."""
    return TrainingData(examples(96, 1), examples(30, 2), LABELS, SCALE)


def float_model(sizes: tuple[int, ...] = (FEATURES, 10, 8, 3), seed: int = 0) -> FloatModel:
    """A network of random weights, ReLU everywhere but at the end."""
    random = np.random.default_rng(seed)
    layers = []
    for index, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        last = index == len(sizes) - 2
        weights = random.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
        bias = random.normal(0, 0.1, outputs).astype(np.float32)
        layers.append(DenseLayer("logits" if last else f"dense{index + 1}", weights, bias, not last))
    return FloatModel(tuple(layers), LABELS[: sizes[-1]], SCALE)
