"""What summarizes a descriptor over an utterance; one file each, here and in the C runtime."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.frontend.functional import Functional
from sertool.frontend.functionals import deviation, mean

#: In the order in which a feature vector has them.
FUNCTIONALS: Mapping[str, Functional] = {
    "mean": mean.FUNCTIONAL,
    "deviation": deviation.FUNCTIONAL,
}
