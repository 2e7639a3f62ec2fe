"""What stands between layers: named tensors of plain integers, and what their integers mean."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError

#: The least normal float32: below it a runtime may flush a scale to zero, or not.
SMALLEST_SCALE = 2.0**-126

Values = NDArray[np.int8] | NDArray[np.int32]


class Kind(enum.Enum):
    """The type of a tensor's integers; the value is numpy's name for it."""

    INT8 = "int8"
    INT32 = "int32"


@dataclass(frozen=True)
class TensorScale:
    """Affine quantization of an int8 tensor: real = scale * (value - zero_point).

    `scale` is rounded to float32, because that is what a .tflite holds and what every multiplier comes from.
    """

    scale: float
    zero_point: int

    def __post_init__(self) -> None:
        with np.errstate(over="ignore"):
            object.__setattr__(self, "scale", float(np.float32(self.scale)))


#: Of integers that are what they mean, such as an index.
PLAIN = TensorScale(1, 0)


@dataclass(frozen=True)
class Tensor:
    """A tensor for one clip: its `shape` is without the dimension of the clips."""

    name: str
    shape: tuple[int, ...]
    quantization: TensorScale
    kind: Kind = Kind.INT8

    @property
    def size(self) -> int:
        """Number of its values."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Bytes of its values."""
        return self.size * np.dtype(self.kind.value).itemsize

    def empty(self, clips: int) -> Values:
        """Give an array for so many clips, (clips, *shape), that is yet to be filled."""
        room: Values = np.empty((clips, *self.shape), self.kind.value)
        return room


def check_scale(name: str, side: str, q: TensorScale) -> None:
    """Raise SertoolError unless `q` is a positive finite scale with a zero point in int8."""
    if not (math.isfinite(q.scale) and q.scale >= SMALLEST_SCALE and -128 <= q.zero_point <= 127):
        raise SertoolError(
            f"the {side} is quantized with scale {q.scale}, zero point {q.zero_point}",
            where=f"layer {name!r}",
            allowed="a positive scale, finite and not subnormal; a zero point from -128 to 127",
        )
