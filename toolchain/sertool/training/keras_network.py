"""The Keras network behind a `FloatModel`, and the loop that trains it: what training and fine-tuning share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.training.backend import backend
from sertool.training.config import Optimization, TrainingConfig
from sertool.training.data import TrainingData, dequantize
from sertool.training.float_model import DenseLayer, FloatModel


@dataclass(frozen=True)
class TrainingHistory:
    """The training loss of each epoch."""

    loss: tuple[float, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the history as JSON types."""
        return {"loss": list(self.loss)}


def layer_names(count: int) -> tuple[str, ...]:
    """Names of `count` dense layers: `dense1`, `dense2`, ..., `logits`."""
    return (*(f"dense{index + 1}" for index in range(count - 1)), "logits")


def build(features: int, classes: int, config: TrainingConfig) -> Any:
    """Return the untrained Keras Sequential: noise, dense layers with ReLU and dropout, the logits.

    Those are (clips, classes); of several members (clips, members, classes), each of its own hidden units.
    """
    keras = backend().keras
    layers = keras.layers
    network = keras.Sequential([keras.Input((features,)), *input_layers(config)])
    names = layer_names(len(config.hidden) + 1)
    for name, size in zip(names, config.hidden, strict=False):
        network.add(layers.Dense(size, kernel_initializer="he_normal", name=name))
        if config.batch_norm:
            network.add(layers.BatchNormalization(name=f"{name}_norm"))
        network.add(layers.ReLU())
        network.add(layers.Dropout(config.dropout))
    if config.members == 1:
        network.add(layers.Dense(classes, name=names[-1]))
        return network
    network.add(layers.Reshape((config.members, -1)))
    # Keras would count the members to the inputs and outputs of each.
    glorot = keras.initializers.VarianceScaling(config.members, "fan_avg", "uniform")
    shape = (config.members, classes)
    network.add(
        layers.EinsumDense("cmi,mio->cmo", shape, bias_axes="mo", kernel_initializer=glorot, name=names[-1])
    )
    return network


def dense(layer: DenseLayer) -> Any:
    """Return an unbuilt Keras layer that does what `layer` does."""
    keras = backend().keras
    return keras.layers.Dense(
        len(layer.bias),
        activation="relu" if layer.relu else None,
        kernel_initializer=keras.initializers.Constant(layer.weights.T),
        bias_initializer=keras.initializers.Constant(layer.bias),
        name=layer.name,
    )


def input_layers(config: Optimization) -> list[Any]:
    """Return the layers that disturb the inputs while training, none where the configuration asks for none."""
    layers = backend().keras.layers
    wanted = ((config.noise, layers.GaussianNoise), (config.input_dropout, layers.Dropout))
    return [kind(amount) for amount, kind in wanted if amount]


def extract(network: Any, data: TrainingData) -> FloatModel:
    """Read the dense layers out of a trained network, batch normalization folded into them.

    Members become one network, side by side: its logits are the mean of theirs.
    """
    dense: list[DenseLayer] = []
    for layer in network.layers:
        kind = type(layer).__name__
        if kind == "Dense":
            kernel, bias = (value.astype(np.float32) for value in layer.get_weights())
            relu = layer is not network.layers[-1]
            dense.append(DenseLayer(layer.name, np.ascontiguousarray(kernel.T), bias, relu))
        elif kind == "EinsumDense":
            kernel, bias = (value.astype(np.float32) for value in layer.get_weights())
            members, _, classes = kernel.shape
            joined = np.ascontiguousarray(kernel.reshape(-1, classes).T) / np.float32(members)
            dense.append(DenseLayer(layer.name, joined, bias.mean(axis=0), relu=False))
        elif kind == "BatchNormalization":
            gamma, beta, mean, variance = (value.astype(np.float64) for value in layer.get_weights())
            dense[-1] = fold(dense[-1], gamma / np.sqrt(variance + layer.epsilon), beta, mean)
    return FloatModel(tuple(dense), data.labels, data.input)


def fold(
    layer: DenseLayer, factor: NDArray[np.float64], offset: NDArray[np.float64], mean: NDArray[np.float64]
) -> DenseLayer:
    """Return the layer that does what `layer` and then y = factor (x - mean) + offset do; all (outputs,)."""
    weights = (layer.weights * factor[:, np.newaxis]).astype(np.float32)
    bias = ((layer.bias - mean) * factor + offset).astype(np.float32)
    return DenseLayer(layer.name, weights, bias, layer.relu)


def train(
    network: Any,
    data: TrainingData,
    config: Optimization,
    targets: NDArray[np.float32],
    *,
    callbacks: Sequence[Any] = (),
) -> TrainingHistory:
    """Train a Keras network on the training part and `targets`, float32 probabilities (clips, classes).

    The validation part is never looked at. Raises SertoolError when the losses leave the finite numbers.
    """
    keras = backend().keras
    batch = min(config.batch_size, len(data.train))
    steps = len(data.train) // batch
    # Its update is one fused operation a variable, where the newer Adam takes a dozen.
    optimizer = keras.optimizers.legacy.Adam(
        keras.optimizers.schedules.CosineDecay(config.learning_rate, config.epochs * steps)
    )
    # With its slots made beforehand, TensorFlow traces the loop once, not twice.
    optimizer._create_all_weights(network.trainable_variables)
    network.compile(
        optimizer=optimizer,
        loss=_loss(network, config),
        # A whole epoch in one call: these networks are so small that Python's share would dominate.
        steps_per_execution=steps,
    )
    record = network.fit(
        _batches(data, targets, batch, config),
        epochs=config.epochs,
        steps_per_epoch=steps,
        callbacks=list(callbacks),
        class_weight=_class_weights(data) if config.class_weights else None,
        verbose=0,
    ).history
    losses = tuple(float(loss) for loss in record["loss"])
    if not np.isfinite(losses).all():
        raise SertoolError(
            "training diverged: the loss is not finite",
            where=f"learning_rate = {config.learning_rate}",
            hint="use a lower learning rate",
        )
    return TrainingHistory(losses)


def _loss(network: Any, config: Optimization) -> Any:
    tf, losses = backend().tf, backend().keras.losses
    if len(network.output_shape) == 2:
        return losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing)
    members = network.output_shape[1]

    def of_each(targets: Any, logits: Any) -> Any:
        wanted = tf.repeat(targets[:, tf.newaxis], members, axis=1)
        found = losses.categorical_crossentropy(
            wanted, logits, from_logits=True, label_smoothing=config.label_smoothing
        )
        return tf.reduce_mean(found, axis=-1)

    return of_each


def one_hot(labels: NDArray[np.int64], data: TrainingData) -> NDArray[np.float32]:
    """Return float32 (clips, classes) with 1 at each clip's label."""
    return np.eye(len(data.labels), dtype=np.float32)[labels]


def _batches(data: TrainingData, targets: NDArray[np.float32], batch: int, config: Optimization) -> Any:
    tf = backend().tf
    examples = (dequantize(data.train.features, data.input), targets)
    clips = tf.data.Dataset.from_tensor_slices(examples).cache().shuffle(len(data.train), seed=config.seed)
    mixed = clips.repeat().batch(batch, drop_remainder=True)
    if not config.mixup:
        return mixed

    def mix(features: Any, wanted: Any) -> tuple[Any, Any]:
        gammas = tf.random.gamma((2, batch, 1), config.mixup, seed=config.seed)
        share = gammas[0] / tf.reduce_sum(gammas, axis=0)
        # Batches are shuffled already, so the neighbour is a random partner.
        return tuple(share * each + (1 - share) * tf.roll(each, 1, axis=0) for each in (features, wanted))

    return mixed.map(mix)


def _class_weights(data: TrainingData) -> dict[int, float]:
    counts = np.bincount(data.train.labels, minlength=len(data.labels))
    return {index: len(data.train) / (len(counts) * int(count)) for index, count in enumerate(counts)}
