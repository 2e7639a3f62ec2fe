"""Weight codes and their scales: what a width allows, and what a runtime takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.errors import SertoolError
from sertool.graph.quantization import Width
from sertool.graph.tensors import SMALLEST_SCALE


def check_codes(name: str, codes: NDArray[np.integer[Any]], width: Width) -> None:
    """Raise SertoolError unless `codes` is an integer matrix within `width`'s code set."""
    if codes.ndim != 2 or codes.size == 0 or not np.issubdtype(codes.dtype, np.integer):
        raise SertoolError(
            f"weights are {codes.dtype} of shape {codes.shape}",
            where=f"layer {name!r}",
            allowed="integer codes of shape (outputs, inputs), neither of them 0",
        )
    largest = width.largest_code
    wrong = (codes < -largest) | (codes > largest) | ((codes == 0) & (not width.has_zero))
    if wrong.any():
        output, index = np.argwhere(wrong)[0]
        allowed = f"codes from {-largest} to {largest}" if width.has_zero else "codes -1 and +1"
        raise SertoolError(
            f"weight [{output}, {index}] is {codes[output, index]}: no code of width {width}",
            where=f"layer {name!r}",
            allowed=allowed,
        )


def check_scales(name: str, weight_scales: ArrayLike, outputs: int) -> NDArray[np.float32]:
    """Return the weight scales as float32 (outputs,); raise SertoolError where they are anything else."""
    scales = np.asarray(weight_scales, np.float32)
    if scales.shape != (outputs,) or not np.isfinite(scales).all() or (scales < SMALLEST_SCALE).any():
        raise SertoolError(
            f"weight scales of shape {scales.shape} do not fit, or one is not positive and finite",
            where=f"layer {name!r}",
            allowed=f"{outputs} positive float32 values, one an output, none subnormal",
        )
    return scales


def one_value(name: str, scales: NDArray[np.float32]) -> np.float32:
    """Return the one scale that all `scales` are; raise SertoolError where they differ."""
    if (scales != scales[0]).any():
        raise SertoolError(
            f"the weights have scales from {scales.min():g} to {scales.max():g}",
            where=f"layer {name!r}",
            allowed="equal scales, to be held as one for the tensor",
        )
    return np.float32(scales[0])
