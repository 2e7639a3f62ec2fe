"""The same model with weights as look-up tables and narrow indices, for the TFLite Micro interpreter.

`tflite_micro.compression` replaces constant weights by bit-packed indices into tables of their values and
puts a DECODE operator before the layer, which unpacks them into the arena at each inference. Flash shrinks
towards the index width; RAM grows by the largest such layer's int8 weights, and every inference pays for
unpacking. sertool's own kernels do neither.

Limits of the package, as of 0.dev20261023182759: an index has 1 to 7 bits; and its kernel takes the number of
tables from the weights' quantization, so weights with a scale for each channel need a table for each channel
(one table for the tensor decodes wrongly after the first channel). A layer that the limits or the tables' own
bytes would make no smaller stays as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sertool.errors import SertoolError
from sertool.tflite.schema import Operator, TensorType
from sertool.tflite.view import Tensor, view

_LARGEST_INDEX_BITS = 7
#: Bytes before the tables: the compression's common header.
_HEADER = 16


def compress(model: bytes) -> bytes:
    """Compress a .tflite's fully connected weights where that makes them smaller; else return it unchanged.

    The result runs in TensorFlow Lite Micro only and computes the same integers. Raises SertoolError where the
    package `tflite-micro` is missing.
    """
    try:
        from tflite_micro import compression
        from tflite_micro.tensorflow.lite.micro.compression import spec
    except ImportError as error:
        raise SertoolError(
            "LUT compression needs the package tflite-micro", hint="pip install 'sertool[verify]'"
        ) from error
    specs: list[Any] = []
    for step in view(model).steps:
        weights = step.inputs[1] if step.code == Operator.FULLY_CONNECTED and len(step.inputs) > 1 else None
        bits = None if weights is None else index_bits(weights)
        if weights is not None and bits is not None:
            mode = spec.PerChannel(0) if len(weights.scales) > 1 else spec.PerTensor()
            specs.append(spec.Tensor(0, weights.number, [spec.LookUpTableCompression(bits, mode)]))
    compressed = bytes(compression.compress(model, specs)) if specs else model
    # Tensors and operators that unpack take some hundred bytes a layer: a tiny model would grow.
    return compressed if len(compressed) < len(model) else model


def index_bits(weights: Tensor) -> int | None:
    """Give the index width for int8 weights (outputs, inputs), or None where compression would not pay."""
    codes = weights.constant([TensorType.INT8], dimensions=2)
    tables = [np.unique(row) for row in codes] if len(weights.scales) > 1 else [np.unique(codes)]
    longest = max(len(table) for table in tables)
    bits = max(1, (longest - 1).bit_length())
    packed = (codes.size * bits + 7) // 8 + _HEADER + len(tables) * longest
    return bits if bits <= _LARGEST_INDEX_BITS and packed < codes.size else None
