"""The tables of README.md and the docs from results/accuracy.json and benchmarks/*.json.

python benchmarks/tables.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import descriptor_tables
import following_tables

from sertool.experiments import result_tables, results
from sertool.files import write_atomic

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("accuracy", "evaluation", "frontend")),
)


def main() -> None:
    for path, text in rendered().items():
        write_atomic(path, text)


def rendered() -> dict[Path, str]:
    """Each document as its figures have it."""
    found = tables()
    return {path: result_tables.fill(path.read_text(encoding="utf-8"), found) for path in DOCUMENTS}


def tables() -> dict[str, Callable[[], str]]:
    """What renders each table, by name."""
    return {
        **result_tables.tables(results.load(ROOT / "results" / "accuracy.json")),
        **following_tables.tables(_figures("following")),
        **descriptor_tables.tables(_figures("descriptors")),
    }


def _figures(name: str) -> Any:
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
