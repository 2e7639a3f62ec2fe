"""Widths, code sets, rounding modes and scale products: the vocabulary of the integer model."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Rounding(enum.Enum):
    """How an int32 accumulator becomes an int8 activation.

    `DOUBLE` is gemmlowp's `SaturatingRoundingDoublingHighMul` followed by `RoundingDivideByPOT`, as TFLite
    Micro requantizes; `SINGLE` rounds once, as the reference kernels of TensorFlow 2.21 do.
    """

    DOUBLE = "double"
    SINGLE = "single"


class ScaleProduct(enum.Enum):
    """How a runtime multiplies input scale and weight scale where weights have one scale for the tensor.

    `DOUBLE` multiplies in double precision, as TFLite Micro and TensorFlow 2.21 do; `SINGLE` rounds the product
    to float32, as tflite-runtime 2.14 does. All take `DOUBLE` where several outputs have a scale each.
    """

    DOUBLE = "double"
    SINGLE = "single"


@dataclass(frozen=True, order=True)
class Width:
    """The storage width of a layer's weights: 1 (binary), ternary, or 2 to 8 bits.

    `bits` is the number of bits that one packed code takes; `ternary` marks the code set {-1, 0, +1}
    stored in 2 bits. The code sets are {-1, +1} for 1 bit and -(2^(b-1)-1) ... 2^(b-1)-1 for b >= 2.
    """

    bits: int
    ternary: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= 8 or (self.ternary and self.bits != 2):
            raise ValueError(f"unsupported width: {self.bits} bits, ternary={self.ternary}")

    @classmethod
    def parse(cls, text: str | int) -> Width:
        """Read `1` ... `8` or `ternary` (also `t`); raise ValueError for anything else."""
        word = str(text).strip().lower()
        if word in ("t", "ternary"):
            return TERNARY
        if word not in {str(bits) for bits in range(1, 9)}:
            raise ValueError(f"unsupported width {text!r}: 1, ternary, 2, 3, 4, 5, 6, 7 or 8")
        return cls(int(word))

    @property
    def largest_code(self) -> int:
        """The largest code; the smallest is its negative."""
        return 1 if self.bits == 1 else 2 ** (self.bits - 1) - 1

    @property
    def has_zero(self) -> bool:
        """Whether 0 is a code: it is not for 1 bit."""
        return self.bits > 1

    def __str__(self) -> str:
        return "ternary" if self.ternary else str(self.bits)


TERNARY = Width(2, ternary=True)
