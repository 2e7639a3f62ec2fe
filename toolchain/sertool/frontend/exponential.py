"""The table of `ser_exponential.h`."""

from __future__ import annotations

import numpy as np

from sertool.frontend.tables import Table, rounded, table


def exponential_table() -> Table:
    """2^(i / 32) - 1 in Q16, 33 entries."""
    powers = rounded((2 ** (np.arange(33) / 32) - 1) * 2**16)
    return table("ser_exponential_table", "uint16_t", np.minimum(powers, 65535))
