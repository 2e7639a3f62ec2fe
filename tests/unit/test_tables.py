"""The docs' tables: those in the repository are what its results give, and none is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.experiments import results, tables

ROOT = Path(__file__).resolve().parents[2]
ROWS = results.load(ROOT / "results" / "accuracy.json")


@pytest.mark.parametrize("name", ["README.md", "docs/accuracy.md"])
def test_the_documents_show_what_the_results_give(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "<!-- table: headline -->" in text
    assert tables.fill(text, ROWS) == text


def test_every_row_names_a_manifest_of_the_file() -> None:
    manifests = json.loads((ROOT / "results" / "accuracy.json").read_text())["manifests"]
    assert {row["manifest"] for row in ROWS} == set(manifests)
    assert all(value_digest(manifest) == key for key, manifest in manifests.items())


def test_no_row_takes_more_than_its_limit() -> None:
    assert all(row["limit"] is None or row["bytes"] <= row["limit"] for row in ROWS)


def test_what_rounds_to_zero_has_no_minus_sign() -> None:
    rows = [{**row, "difference_low": -0.04} for row in ROWS]
    assert "-0.0" not in tables.headline(rows)


def test_an_unknown_table_and_missing_rows() -> None:
    with pytest.raises(SertoolError, match="there is no table nonsense") as caught:
        tables.fill("<!-- table: nonsense -->\n<!-- end of table -->", ROWS)
    assert "headline, compact" in str(caught.value.allowed)
    with pytest.raises(SertoolError, match="no row of laq within 25,600 bytes"):
        tables.headline([row for row in ROWS if row["method"] != "laq"])
