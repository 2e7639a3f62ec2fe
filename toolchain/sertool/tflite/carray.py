"""A .tflite as a C array, for people who link TensorFlow Lite Micro into a program of their own."""

from __future__ import annotations

import zlib

from sertool.compilers import SourceTree
from sertool.rendering import render


def c_array(model: bytes) -> SourceTree:
    """Render `model_data.h` and `model_data.c`: the bytes as `ser_model_data`, aligned to 16, in flash."""
    return {
        name: render(f"project/{name}.in", model=list(model), crc32=zlib.crc32(model))
        for name in ("model_data.h", "model_data.c")
    }
