"""The tables of README.md and docs/accuracy.md from results/accuracy.json.

python benchmarks/tables.py
"""

from __future__ import annotations

from pathlib import Path

from sertool.experiments import result_tables, results
from sertool.files import write_atomic

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "accuracy.md")


def main() -> None:
    rows = results.load(ROOT / "results" / "accuracy.json")
    for path in DOCUMENTS:
        write_atomic(path, result_tables.fill(path.read_text(encoding="utf-8"), rows))


if __name__ == "__main__":
    main()
