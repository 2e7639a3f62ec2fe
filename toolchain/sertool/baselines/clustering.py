"""Weight clustering: a few shared values a layer, and for each weight the number of one (TFMOT)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sertool import laq
from sertool.baselines.candidate import Candidate, MakeFloat
from sertool.baselines.keras import network, read
from sertool.baselines.shapes import fitting_hidden
from sertool.graph import IntegerGraph, Width
from sertool.training import DenseLayer, FineTuningConfig, FloatModel, TrainingData
from sertool.training.backend import backend
from sertool.training.keras_network import one_hot, train

#: Values that the weights of a layer share: indices of 4 bits.
CLUSTERS = 16
_INDEX = Width(4)
_STORED = Width(8)


def clustering(
    make: MakeFloat, data: TrainingData, limit: int, config: FineTuningConfig, layer_bytes: laq.LayerBytes
) -> Candidate:
    """Cluster the weights of the widest network that fits, each layer to 16 values, and train on with them.

    The shared values are stored as int8, with one scale a layer: what TFLite Micro's look-up tables hold.
    Raises SertoolError where nothing fits.
    """
    keras, clustering = backend().keras, backend().tfmot.clustering.keras
    tables = 2 * CLUSTERS
    model = make(fitting_hidden(data.features, len(data.labels), limit - tables, _INDEX, layer_bytes))
    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    clustered = network(
        model,
        config,
        lambda layer: clustering.cluster_weights(
            layer,
            number_of_clusters=CLUSTERS,
            cluster_centroids_init=clustering.CentroidInitialization.KMEANS_PLUS_PLUS,
        ),
    )
    train(clustered, data, config, one_hot(data.train.labels, data))
    shared = read(clustering.strip_clustering(clustered), model)
    widths = laq.format_plan([_INDEX] * len(model.layers))
    return Candidate(
        widths, clustered_bytes(model.shape, layer_bytes), model, table_graph(shared, data.train.features)
    )


def clustered_bytes(shape: Sequence[int], layer_bytes: laq.LayerBytes) -> int:
    """Bytes of a network, sizes from inputs to classes: 4-bit indices, and a table of values a layer."""
    plan = [_INDEX] * (len(shape) - 1)
    return laq.byte_costs(shape, layer_bytes).of(plan) + CLUSTERS * len(plan)


def table_graph(model: FloatModel, features: NDArray[np.int8]) -> IntegerGraph:
    """Return the integers of a network whose layers share values, calibrated on int8 `features`.

    Each layer's weights have one scale, as a table for the whole tensor needs it.
    """
    plan = [_STORED] * len(model.layers)
    return laq.integer_graph(laq.quantize(model, plan, features, weights=_table_codes), one_scale=True)


def _table_codes(layer: DenseLayer, width: Width) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    largest = max(float(np.abs(layer.weights).max()), 1e-6)
    steps = np.full(len(layer.bias), largest / width.largest_code, np.float32)
    return steps, np.rint(layer.weights / steps[:, np.newaxis]).astype(np.int8)
