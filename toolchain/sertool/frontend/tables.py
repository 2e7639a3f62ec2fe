"""Constant arrays of the C front end, from numbers in float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Table:
    """A constant array of the C front end."""

    name: str
    type: str
    values: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Bytes that it takes in flash."""
        return len(self.values) * np.dtype(self.type.removesuffix("_t")).itemsize


#: Arrays, and constants of the configuration by name, without `SER_`.
Rendered = tuple[list[Table], dict[str, int | str]]


def table(name: str, ctype: str, values: ArrayLike) -> Table:
    """Make a table of integers, rows flattened, that fit `ctype` (`uint16_t`, ...)."""
    flat = np.asarray(values).ravel()
    limits = np.iinfo(ctype.removesuffix("_t"))
    assert flat.min() >= limits.min and flat.max() <= limits.max, f"{name} does not fit {ctype}"
    return Table(name, ctype, tuple(flat.tolist()))


def rounded(values: ArrayLike) -> NDArray[np.int64]:
    """Round to the nearest integer, halves up."""
    nearest: NDArray[np.int64] = np.floor(np.asarray(values, np.float64) + 0.5).astype(np.int64)
    return nearest
