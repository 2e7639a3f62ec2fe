"""Count the bytes of results anew that were chosen by another count: codes row by row, 8 bytes an output.

    python benchmarks/recount.py

Nothing is trained. Rows of results/accuracy.json get the bytes of flash that their shape and plans take, and
say that their limit bounded the other count (`limit_counts`); pruning's, whose weights are not recorded, get
none. The searches of benchmarks/allocation.json likewise. What is counted already is left as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sertool import laq
from sertool.experiments.recounting import CODES, recounted
from sertool.files import write_atomic
from sertool.firmware.pack import layer_bytes

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    accuracy, allocation = ROOT / "results" / "accuracy.json", ROOT / "benchmarks" / "allocation.json"
    value = json.loads(accuracy.read_text(encoding="utf-8"))
    old = [row for row in value["rows"] if "limit_counts" not in row]
    changed = [(row, row["bytes"]) for row in old]
    for row in old:
        row["bytes"], row["limit_counts"] = recounted(row), CODES if row["limit"] is not None else None
    write_atomic(accuracy, json.dumps({**value, "format": 2}, indent=1) + "\n")
    grown = [row["bytes"] / before - 1 for row, before in changed if row["bytes"]]
    lost = sum(row["bytes"] is None for row in old)
    told = f", {min(grown):+.1%} to {max(grown):+.1%}" if grown else ""
    print(f"{accuracy.name}: {len(grown)} rows recounted{told}; {lost} of pruning cannot be")
    searches: list[dict[str, Any]] = json.loads(allocation.read_text(encoding="utf-8"))
    for case in searches:
        names = [str(number) for number in range(len(case["shape"]) - 1)]
        costs = laq.byte_costs(case["shape"], layer_bytes)
        for row in case["searches"]:
            row["bytes"] = costs.of(laq.parse_plan(row["plan"], names))
            row.setdefault("limit_counts", CODES if row["limit"] is not None else None)
    write_atomic(allocation, json.dumps(searches, indent=1) + "\n")


if __name__ == "__main__":
    main()
