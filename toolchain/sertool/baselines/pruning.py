"""Pruning: most weights zero, the others stored with their places (TFMOT)."""

from __future__ import annotations

import bisect
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool import laq
from sertool.baselines.candidate import Candidate
from sertool.baselines.keras import network, read
from sertool.errors import SertoolError
from sertool.graph import Width
from sertool.training import FineTuningConfig, FloatModel, TrainingData
from sertool.training.backend import backend
from sertool.training.keras_network import one_hot, train

_STORED = Width(8)
#: Share of the epochs over which weights are pruned; the rest lets the others settle.
_PRUNING = 0.6
_LARGEST_GAP = 255


def pruning(
    model: FloatModel, data: TrainingData, limit: int, config: FineTuningConfig, layer_bytes: laq.LayerBytes
) -> Candidate:
    """Prune a float network until its 8-bit weights and their places take at most `limit` bytes, training on.

    Every layer keeps the same share of its weights, the largest (Zhu and Gupta 2017, "To prune, or not to
    prune"). Raises SertoolError where biases and scales alone take more.
    """
    sparsity = needed_sparsity(model, limit, layer_bytes)
    keras, sparse = backend().keras, backend().tfmot.sparsity.keras
    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    # TFMOT's step counts calls, and one call is a whole epoch here.
    schedule = sparse.PolynomialDecay(
        0.5 * sparsity, sparsity, 0, max(1, int(_PRUNING * config.epochs)), frequency=1
    )
    pruned = network(model, config, lambda layer: sparse.prune_low_magnitude(layer, schedule))
    train(pruned, data, config, one_hot(data.train.labels, data), callbacks=[sparse.UpdatePruningStep()])
    kept = read(sparse.strip_pruning(pruned), model)
    plan = [_STORED] * len(model.layers)
    quantized = laq.quantize(kept, plan, data.train.features)
    size = sum(sparse_bytes(layer.codes, layer_bytes) for layer in quantized.layers)
    return Candidate(laq.format_plan(plan), size, model, laq.integer_graph(quantized))


def needed_sparsity(model: FloatModel, limit: int, layer_bytes: laq.LayerBytes) -> float:
    """Return the least share of zeros, in steps of 0.1 %, at which the largest weights fit within the limit."""
    shares = [thousandth / 1000 for thousandth in range(1000)]
    first = bisect.bisect_left(shares, -limit, key=lambda share: -_size_at(model, share, layer_bytes))
    if first == len(shares):
        raise SertoolError(
            f"no pruned network of this shape takes {limit:,} bytes or less",
            allowed=f"{_size_at(model, shares[-1], layer_bytes):,} bytes or more",
            hint="start from a smaller network",
        )
    return shares[first]


def _size_at(model: FloatModel, sparsity: float, layer_bytes: laq.LayerBytes) -> int:
    return sum(sparse_bytes(_largest(layer.weights, sparsity), layer_bytes) for layer in model.layers)


def _largest(weights: NDArray[np.float32], sparsity: float) -> NDArray[np.bool_]:
    """Where the weights are that pruning keeps, as TFMOT counts them."""
    magnitudes = np.abs(weights)
    kept = max(1, round(weights.size * (1 - sparsity)))
    return np.asarray(magnitudes >= np.partition(magnitudes, -kept, axis=None)[-kept])


def sparse_bytes(codes: NDArray[Any], layer_bytes: laq.LayerBytes) -> int:
    """Return the bytes of a layer of codes (outputs, inputs), most of them 0: whole words, and its parameters.

    The smaller of two forms: a bit a weight and a byte a code that is not 0; or two bytes a code, itself and
    its distance from the last one, with a 0 in between where that is over 255.
    """
    places = np.flatnonzero(codes)
    bitmap = -(-codes.size // 8) + len(places)
    gaps = np.diff(places, prepend=-1)
    padding = int(((gaps - 1) // _LARGEST_GAP).sum())
    weights = min(bitmap, 2 * (len(places) + padding))
    return -(-weights // 4) * 4 + layer_bytes(len(codes), 0, _STORED)
