"""The bytes of a row of results from what it says: they are a pure function of shape, plans and way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sertool import laq
from sertool.baselines.clustering import clustered_bytes
from sertool.firmware.pack import layer_bytes

#: A limit that bounded what rows measured before this count took: codes row by row, and 8 bytes an output.
CODES = "codes"
#: A limit that bounds what `firmware.pack.layer_bytes` counts.
FLASH = "flash"


def recounted(row: Mapping[str, Any]) -> int | None:
    """Return the bytes of flash of a row's network, of all its plans the most.

    None for pruning: how many weights were kept in which layer is not recorded.
    """
    if row["method"] == "pruning":
        return None
    shape = tuple(map(int, row["shape"].split("-")))
    if row["method"] == "clustering":
        return clustered_bytes(shape, layer_bytes)
    costs = laq.byte_costs(shape, layer_bytes)
    names = [f"layer {number + 1}" for number in range(len(shape) - 1)]
    return max(costs.of(laq.parse_plan(plan, names)) for plan in row.get("plans") or [row["plan"]])
