"""From scales to multipliers: the factor of each output as runtimes derive it, and where they derive it alike.

A runtime computes input scale * weight scale / output scale in double precision, but runtimes multiply in two
ways where weights have one scale for the tensor (`ScaleProduct`; a single output is such a case, which no
kernel can tell from it). The two products differ by up to 2^-24 of themselves, and a multiplier keeps 2^-31: at
most scales the multipliers differ, and once in some hundred thousand sums the activations do.

After TFLite's `kernel_util.cc`: `PopulateConvolutionQuantizationParams`, `GetQuantizedConvolutionMultipler`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.arithmetic import quantize_multiplier
from sertool.graph.quantization import ScaleProduct
from sertool.graph.tensors import TensorScale

#: How far a weight scale may move, in units of its last place: less than 1 %, in the mean 1e-5.
_REACH = 2**16
#: The same of an input scale, where no weight scale is near.
_INPUT_REACH = 64


def factors(
    input_q: TensorScale, weight_scales: NDArray[np.float32], output_q: TensorScale, product: ScaleProduct
) -> NDArray[np.float64]:
    """Give each output's real factor, float64 (outputs,)."""
    with np.errstate(over="ignore", under="ignore"):
        if product is ScaleProduct.SINGLE:
            products = (np.float32(input_q.scale) * weight_scales).astype(np.float64)
        else:
            products = np.float64(input_q.scale) * weight_scales.astype(np.float64)
        return np.asarray(products / output_q.scale, np.float64)


def multipliers(
    name: str,
    input_q: TensorScale,
    weight_scales: NDArray[np.float32],
    output_q: TensorScale,
    product: ScaleProduct,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give each output's multiplier and shift, int32 (outputs,) twice.

    Raises SertoolError, naming the layer, for a factor that no multiplier and shift can hold.
    """
    real = factors(input_q, weight_scales, output_q, product)
    fits = _fits(real)
    if not fits.all():
        raise SertoolError(
            f"input scale * weight scale / output scale is {real[~fits][0]:g}",
            where=f"layer {name!r}",
            allowed="from 2^-31 to 2^30",
            hint="check the scales: they should be those of real activations and weights",
        )
    multiplier, shift = quantize_multiplier(real)
    return multiplier.astype(np.int32), shift.astype(np.int32)


def alike(input_q: TensorScale, weight_scales: NDArray[np.float32], output_q: TensorScale) -> NDArray[np.bool_]:
    """Tell for each weight scale whether both products give one multiplier and shift: bool (scales,)."""
    usable = np.ones(len(weight_scales), np.bool_)
    pairs = []
    for product in ScaleProduct:
        real = factors(input_q, weight_scales, output_q, product)
        usable &= _fits(real)
        pairs.append(quantize_multiplier(np.where(usable, real, 1.0)))
    same = [one == other for one, other in zip(*pairs, strict=True)]
    return np.asarray(usable & same[0] & same[1])


def nearest_alike(name: str, input_q: TensorScale, scale: np.float32, output_q: TensorScale) -> np.float32:
    """Give the weight scale nearest to `scale`, in float32 steps, at which every runtime multiplies alike.

    That is `scale` itself where it can be. Raises SertoolError, naming the layer, where there is none near.
    """
    near = _around(scale, _REACH)
    found = np.flatnonzero(alike(input_q, near, output_q))
    if not len(found):
        raise SertoolError(
            f"no weight scale near {scale:g} gives one multiplier in every runtime",
            where=f"layer {name!r}",
            allowed="scales for which float32 and double products round to the same multiplier",
            hint=f"change the input scale {input_q.scale:g} a little, or give the layer more than one output",
        )
    return np.float32(near[found[0]])


def nearest_input(input_q: TensorScale, scale: np.float32, output_q: TensorScale) -> TensorScale:
    """Give the input quantization nearest to `input_q` for which `nearest_alike` finds a weight scale.

    That is `input_q` itself but for some mantissas, such as those of short decimals, and where there is none.
    """
    candidates = _around(np.float32(input_q.scale), _INPUT_REACH)
    weights = _around(scale, _REACH)
    for moved in candidates:
        candidate = TensorScale(float(moved), input_q.zero_point)
        if alike(candidate, weights, output_q).any():
            return candidate
    return input_q


def _around(scale: np.float32, reach: int) -> NDArray[np.float32]:
    """The float32 values beside `scale`, itself first, then the nearest, of two the larger: float32 (n,)."""
    steps = np.arange(1, reach)
    bits = scale.view(np.int32) + np.concatenate([[0], np.stack([steps, -steps], axis=1).ravel()])
    near = bits[bits > 0].astype(np.int32).view(np.float32)
    return np.asarray(near[np.isfinite(near)])


def _fits(real: NDArray[np.float64]) -> NDArray[np.bool_]:
    # From 2^30 - 1/4 on the multiplier rounds up to 2^31, and the shift would be 31.
    return np.asarray((real >= 2.0**-31) & (real < 2**30 - 0.25))
