"""Training the float network: the one stage that starts from nothing."""

from __future__ import annotations

from sertool.training.backend import backend
from sertool.training.config import TrainingConfig
from sertool.training.data import TrainingData
from sertool.training.float_model import FloatModel
from sertool.training.keras_network import TrainingHistory, build, extract, one_hot, train


def fit(data: TrainingData, config: TrainingConfig | None = None) -> tuple[FloatModel, TrainingHistory]:
    """Train a multilayer perceptron on the dequantized int8 features of `data.train`.

    The validation part is never looked at: to train on it too, pass `data.joined()`. The same data,
    configuration and TensorFlow build give the same weights. Raises SertoolError where TensorFlow is missing or
    training diverges.
    """
    config = config or TrainingConfig()
    keras = backend().keras
    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    network = build(data.features, len(data.labels), config)
    history = train(network, data, config, one_hot(data.train.labels, data))
    return extract(network, data), history
