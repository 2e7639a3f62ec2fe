"""MAX_POOL_2D in a .tflite."""

from __future__ import annotations

from sertool.graph.operators import MaxPool2d
from sertool.tflite.codec import Codec, Reading
from sertool.tflite.pooling import read_pooling, write_pooling
from sertool.tflite.schema import Operator


def _read(reading: Reading) -> MaxPool2d:
    return read_pooling(MaxPool2d, reading)


CODEC = Codec(
    Operator.MAX_POOL_2D,
    version=2,
    latest=3,
    options=5,
    inputs=(1,),
    called="max",
    write=write_pooling,
    read=_read,
)
