"""From real weights to integer codes: the numpy definitions that training and post-training share.

A weight w of a channel with step s stands as s * clip(round(w / s), -L, L), L the width's largest code, and as
s * sign(w) at 1 bit, with 0 counted as positive.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.graph import Width

#: The least step: a channel of zeros needs a positive one too.
SMALLEST_STEP = np.float32(1e-6)

#: Clipping points tried for the best step, as fractions of a channel's largest weight.
_CLIPPING = np.linspace(0.2, 1.0, 41)


def codes(weights: NDArray[np.float32], steps: NDArray[np.float32], width: Width) -> NDArray[np.int8]:
    """Return int8 codes (outputs, inputs) of `weights` (outputs, inputs) with a step (outputs,) a channel."""
    if width.bits == 1:
        return np.where(weights >= 0, 1, -1).astype(np.int8)
    ratio = weights.astype(np.float32) / steps.astype(np.float32)[:, np.newaxis]
    return np.clip(np.rint(ratio), -width.largest_code, width.largest_code).astype(np.int8)


def dequantize(codes: NDArray[np.int8], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the float32 weights (outputs, inputs) that codes and steps stand for."""
    return codes.astype(np.float32) * steps.astype(np.float32)[:, np.newaxis]


def best_steps(weights: NDArray[np.float32], width: Width) -> NDArray[np.float32]:
    """Return the step (outputs,) of each channel that leaves the least squared error.

    At 1 bit that is the mean magnitude (Rastegari et al. 2016, "XNOR-Net"), else the best of 41 clippings.
    """
    magnitude = np.abs(weights).astype(np.float64)
    if width.bits == 1:
        return _positive(magnitude.mean(axis=1))
    largest = magnitude.max(axis=1)
    best, least = largest / width.largest_code, np.full(len(weights), np.inf)
    for fraction in _CLIPPING:
        steps = np.maximum(fraction * largest / width.largest_code, SMALLEST_STEP)
        rounded = np.minimum(np.rint(magnitude / steps[:, np.newaxis]), width.largest_code)
        error = np.square(magnitude - rounded * steps[:, np.newaxis]).sum(axis=1)
        better = error < least
        best, least = np.where(better, steps, best), np.where(better, error, least)
    return _positive(best)


def _positive(steps: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(np.maximum(steps.astype(np.float32), SMALLEST_STEP))
