"""A window that moves over an image, (height, width, channels): which values it meets at each place."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.tensors import Values

#: Of an image, a window and all that it reaches over: what the kernels' 16-bit fields hold.
LARGEST_EXTENT = 65535

Pair = tuple[int, int]


class Padding(enum.Enum):
    """Where a window may stand.

    `SAME`: at every stride-th value, over the border too, evenly, the odd one behind; `VALID`: inside alone.
    """

    SAME = "same"
    VALID = "valid"


@dataclass(frozen=True)
class Window:
    """`size`, `stride` and `dilation` (the step between two values that it meets) are (down, across)."""

    size: Pair
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    padding: Padding = Padding.VALID

    @property
    def reach(self) -> Pair:
        """From the first to the last value that it meets, both included."""
        (height, width), (down, across) = self.size, self.dilation
        return (height - 1) * down + 1, (width - 1) * across + 1

    def places(self, image: tuple[int, ...]) -> Pair:
        """How often it stands in an image (height, width, ...), down and across; 0 where it does not fit."""
        if self.padding is Padding.SAME:
            down, across = (-(-size // step) for size, step in zip(image, self.stride, strict=False))
        else:
            down, across = (
                max(0, (size - reach) // step + 1)
                for size, reach, step in zip(image, self.reach, self.stride, strict=False)
            )
        return down, across

    def before(self, image: tuple[int, ...]) -> Pair:
        """How far it reaches over the upper and the left border of an image (height, width, ...)."""
        top, left = (
            max(0, (places - 1) * step + reach - size) // 2
            for places, step, reach, size in zip(
                self.places(image), self.stride, self.reach, image, strict=False
            )
        )
        return top, left

    def check(self, layer: str, image: tuple[int, ...]) -> None:
        """Raise SertoolError, naming the layer, unless it stands in the image somewhere and kernels take it."""
        where = f"layer {layer!r}"
        if min(*self.size, *self.stride, *self.dilation) < 1:
            raise SertoolError(
                f"{self} has a size, stride or dilation below 1", where=where, allowed="1 or more"
            )
        if max(*image, *self.reach, *self.stride) > LARGEST_EXTENT:
            raise SertoolError(
                f"the image is {_text(image)}, the window reaches over {_text(self.reach)}, "
                f"its stride is {_text(self.stride)}",
                where=where,
                allowed=f"up to {LARGEST_EXTENT} each",
            )
        if 0 in self.places(image):
            raise SertoolError(
                f"the window reaches over {_text(self.reach)} values",
                where=where,
                allowed=f"up to those of the image, {_text(image[:2])}, without padding",
            )

    def met(self, values: Values, fill: int) -> Iterator[tuple[Pair, NDArray[np.int64]]]:
        """Give for each value of the window, (down, across), what it meets: int64 (clips, *places, channels).

        `values` are (clips, height, width, channels); beyond the border it meets `fill`.
        """
        clips, height, width, channels = values.shape
        (down, across), (top, left) = self.places((height, width)), self.before((height, width))
        (down_step, across_step), (down_reach, across_reach) = self.stride, self.reach
        rows = max(height + top, (down - 1) * down_step + down_reach)
        columns = max(width + left, (across - 1) * across_step + across_reach)
        padded = np.full((clips, rows, columns, channels), fill, np.int64)
        padded[:, top : top + height, left : left + width] = values
        for y in range(self.size[0]):
            for x in range(self.size[1]):
                first, start = y * self.dilation[0], x * self.dilation[1]
                yield (
                    (y, x),
                    padded[
                        :,
                        first : first + (down - 1) * down_step + 1 : down_step,
                        start : start + (across - 1) * across_step + 1 : across_step,
                    ],
                )


def _text(sizes: tuple[int, ...]) -> str:
    return " x ".join(map(str, sizes))
