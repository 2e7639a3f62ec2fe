"""The table of `ser_logarithm.h`."""

from __future__ import annotations

import numpy as np

from sertool.frontend.tables import Table, rounded, table


def log_table() -> Table:
    """log2(1 + i / 64) in Q16, 65 entries."""
    return table(
        "ser_log_table", "uint16_t", np.minimum(rounded(np.log2(1 + np.arange(65) / 64) * 2**16), 65535)
    )
