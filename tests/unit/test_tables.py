"""The docs' tables: those in the repository are what its results give, and none is typed."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.experiments import recounting, result_tables, results

ROOT = Path(__file__).resolve().parents[2]
ROWS = results.load(ROOT / "results" / "accuracy.json")


def test_the_documents_show_what_the_figures_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    made = importlib.import_module("tables")
    rendered = made.rendered()
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert rendered.get(path, text) == text, path
        assert (path in rendered) == bool(shown(text)), path
    assert {name for text in rendered.values() for name in shown(text)} == set(made.tables())


def shown(text: str) -> list[str]:
    return re.findall("<!-- table: (.*) -->", text)


def test_every_row_names_a_manifest_of_the_file() -> None:
    manifests = json.loads((ROOT / "results" / "accuracy.json").read_text())["manifests"]
    assert {row["manifest"] for row in ROWS} == set(manifests)
    assert all(value_digest(manifest) == key for key, manifest in manifests.items())


def test_no_row_takes_more_than_its_limit() -> None:
    bounded = [row for row in ROWS if row["limit_counts"] == recounting.FLASH]
    assert all(row["bytes"] <= row["limit"] for row in bounded)
    assert all((row["limit"] is None) == (row["limit_counts"] is None) for row in ROWS)


def test_every_row_says_the_bytes_that_its_shape_and_plans_take() -> None:
    assert [row["bytes"] for row in ROWS] == [recounting.recounted(row) for row in ROWS]
    assert {row["method"] for row in ROWS if row["bytes"] is None} == {"pruning"}


def test_a_limit_on_another_count_is_told_and_bytes_that_are_not_known_are_said() -> None:
    assert "27,492 to 27,500 B (chosen within 25,600 of codes, scales and biases)" in result_tables.compact(
        ROWS
    )
    assert "| pruning | not recounted |" in result_tables.methods(ROWS, 0)
    counted = [{**row, "limit_counts": recounting.FLASH} for row in ROWS]
    assert "chosen within" not in result_tables.compact(counted)


@pytest.mark.parametrize(
    ("method", "plans", "expected"),
    [
        # 9 rows of 13 inputs at 1 bit: 12 words, and 9 * 8 + 12 bytes; 3 of 9: 4 words, and 3 * 8 + 4.
        ("laq", ["1,1"], 48 + 84 + 16 + 28),
        # At 8 bits 4 and 3 words a row.
        ("laq", ["1,1", "8,8"], 12 * 16 + 84 + 4 * 12 + 28),
        # Indices of 4 bits, 2 words for each 16 inputs, and a table a layer.
        ("clustering", ["4,4"], 12 * 8 + 84 + 16 + 4 * 8 + 28 + 16),
        ("pruning", ["8,8"], None),
    ],
)
def test_bytes_are_recounted_by_hand(method: str, plans: list[str], expected: int | None) -> None:
    row = {"shape": "13-9-3", "method": method, "plans": dict.fromkeys(plans, 1)}
    assert recounting.recounted(row) == expected


def test_what_rounds_to_zero_has_no_minus_sign() -> None:
    rows = [{**row, "difference_low": -0.04} for row in ROWS]
    assert "-0.0" not in result_tables.headline(rows)


def test_a_network_that_was_not_tried_everywhere_has_empty_cells() -> None:
    rows = [row for row in ROWS if (row["corpus"], row["shape"]) == ("emodb", "432-144-7")]
    wide = [
        {**row, "shape": "432-366-7", "bytes": 25_440} for row in rows if row["protocol"] != "speaker-running"
    ]
    known = [{**row, "shape": "792-224-7", "descriptors": "full"} for row in wide[1:]]
    first, second, third = result_tables.strangers([*rows, *wide, *known]).splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in (first, second, third)]
    assert [line[0] for line in cells] == ["EMODB"] * 3
    assert all(cells[0])
    assert cells[1] == ["EMODB", "`prosody`", "25,440", cells[0][3], cells[0][4], "", "", cells[0][7]]
    assert cells[2] == ["EMODB", "`full`", "25,440", "", "", "", "", cells[0][7]]


def test_an_unknown_table_and_missing_rows() -> None:
    with pytest.raises(SertoolError, match="there is no table nonsense") as caught:
        result_tables.fill("<!-- table: nonsense -->\n<!-- end of table -->", result_tables.tables(ROWS))
    assert "strangers, headline, compact" in str(caught.value.allowed)
    with pytest.raises(SertoolError, match="no rows of laq within two limits"):
        result_tables.headline([row for row in ROWS if row["method"] != "laq"])
