"""PCM as effects compute with it, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Samples, float64 (n,), on the scale of int16.
Sound = NDArray[np.float64]


def power(sound: Sound) -> float:
    """Mean square of all samples, pauses included; 0 for no samples."""
    return float(sound @ sound) / len(sound) if len(sound) else 0.0


def to_pcm(sound: Sound) -> NDArray[np.int16]:
    """Round to int16 with saturation."""
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
