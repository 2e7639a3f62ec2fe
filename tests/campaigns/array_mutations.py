"""Damage done to npz files: to their arrays, and to the archive around them."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

import mutations
import numpy as np


def of_arrays(drawn: random.Random, arrays: dict[str, Any]) -> None:
    """Take away, rename, turn, cut, or change the type, the shape or a number of one of the arrays."""
    key = drawn.choice(list(arrays))
    array = arrays[key]
    match drawn.randrange(8):
        case 0:
            del arrays[key]
        case 1:
            arrays[key + "x"] = arrays.pop(key)
        case 2:
            arrays[key] = array.T
        case 3:
            arrays[key] = array[: len(array) // 2]
        case 4:
            arrays[key] = array.astype(drawn.choice((np.float64, np.int8, np.int64, np.complex64, "U5", ">f4")))
        case 5:
            arrays[key] = (
                np.array([None, {}], object) if drawn.random() < 0.5 else np.zeros((0, 3), array.dtype)
            )
        case 6:
            arrays[key] = np.broadcast_to(array, (2, *array.shape))
        case _:
            changed = array.copy()
            values = (np.nan, np.inf, -np.inf, 1e38, 1e-42, 0, -1, 127, -128)
            with np.errstate(all="ignore"):
                changed.flat[drawn.randrange(changed.size)] = np.array(drawn.choice(values)).astype(array.dtype)
            arrays[key] = changed


def of_archive(drawn: random.Random, data: bytes) -> bytes:
    """Write a ZIP archive anew, with an entry damaged, squeezed, doubled or swollen."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(stream, "w") as archive:
        names = whole.namelist()
        struck = drawn.choice(names)
        for name in names:
            content = whole.read(name)
            squeeze = (
                drawn.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
                if name == struck
                else zipfile.ZIP_STORED
            )
            if name == struck:
                content = drawn.choice((content, mutations.of_bytes(drawn, content), bytes(10**6)))
            archive.writestr(name, content, squeeze)
    return stream.getvalue()
