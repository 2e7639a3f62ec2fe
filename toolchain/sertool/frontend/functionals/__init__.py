"""What summarizes a descriptor over an utterance; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.functional import Functional
from sertool.frontend.functionals import (
    autocorrelation,
    delta_autocorrelation,
    delta_skewness,
    deviation,
    ends,
    mean,
    prosody,
    trend,
    weighted_deviation,
)

#: In the order in which a feature vector has them.
FUNCTIONALS: Mapping[str, Functional] = {
    "mean": mean.FUNCTIONAL,
    "deviation": deviation.FUNCTIONAL,
    "autocorrelation": autocorrelation.FUNCTIONAL,
    "trend": trend.FUNCTIONAL,
    "weighted_deviation": weighted_deviation.FUNCTIONAL,
    "delta_skewness": delta_skewness.FUNCTIONAL,
    "delta_autocorrelation": delta_autocorrelation.FUNCTIONAL,
    "ends": ends.FUNCTIONAL,
    "prosody": prosody.FUNCTIONAL,
}
