"""The table of features: CSV and Parquet hold the same columns, and what neither can be is told first."""

from __future__ import annotations

import csv
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool.corpora import Clip, Corpus
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, FrontendSpec
from sertool.stages.feature_table import check_table, write_table

SPEC = FrontendSpec(descriptors=(Descriptor("mfcc", 3, ("mean",)),))
ROOT = Path("/recordings")
CLIPS = (
    Clip(ROOT / "a, b.wav", "s1", "anger", "made"),
    Clip(ROOT / "below" / "ü.wav", "s2", "joy", "made"),
)
FEATURES: dict[Clip, NDArray[np.int32]] = {
    CLIPS[0]: np.array([-(2**24), 0, 1], np.int32),
    CLIPS[1]: np.array([2**24 - 1, -1, 7], np.int32),
}
CORPUS = Corpus("made", ROOT, CLIPS)
HEADER = ["file", "speaker", "label", *SPEC.feature_names]
ROWS = [["a, b.wav", "s1", "anger", -(2**24), 0, 1], ["below/ü.wav", "s2", "joy", 2**24 - 1, -1, 7]]


def test_csv_has_a_header_and_a_row_a_recording(tmp_path: Path) -> None:
    write_table(tmp_path / "features.CSV", CORPUS, FEATURES, SPEC)
    header, *rows = csv.reader(io.StringIO((tmp_path / "features.CSV").read_text(encoding="utf-8")))
    assert header == HEADER
    assert rows == [list(map(str, row)) for row in ROWS]


def stand_in() -> tuple[ModuleType, ModuleType]:
    """What is used of pyarrow: a table keeps its columns, writing it lists them."""
    arrow, parquet = ModuleType("pyarrow"), ModuleType("pyarrow.parquet")
    arrow.table = dict  # type: ignore[attr-defined]
    arrow.parquet = parquet  # type: ignore[attr-defined]

    def write(table: dict[str, Any], where: io.BytesIO) -> None:
        where.write(repr([(name, np.asarray(values).tolist()) for name, values in table.items()]).encode())
        assert all(values.dtype == np.int32 for values in list(table.values())[3:])

    parquet.write_table = write  # type: ignore[attr-defined]
    return arrow, parquet


def test_parquet_gets_the_columns_of_the_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [(name, [row[at] for row in ROWS]) for at, name in enumerate(HEADER)]
    path = tmp_path / "features.parquet"
    # pyarrow is too large for what tests install, so its file is read back only where it is there.
    if importlib.util.find_spec("pyarrow"):
        import pyarrow.parquet

        write_table(path, CORPUS, FEATURES, SPEC)
        table = pyarrow.parquet.read_table(path)
        assert [(name, table.column(name).to_pylist()) for name in table.column_names] == columns
        assert [str(kind) for kind in table.schema.types] == ["string"] * 3 + ["int32"] * 3
    arrow, parquet = stand_in()
    monkeypatch.setitem(sys.modules, "pyarrow", arrow)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", parquet)
    write_table(path, CORPUS, FEATURES, SPEC)
    assert path.read_bytes().decode() == repr(columns)


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SertoolError, match="needs the package pyarrow") as caught:
        check_table(tmp_path / "features.parquet")
    assert caught.value.hint == "pip install 'sertool[parquet]'"
    check_table(tmp_path / "features.csv")


@pytest.mark.parametrize("name", ["features", "features.xlsx", "parquet"])
def test_another_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SertoolError, match="would not say what it is") as caught:
        check_table(tmp_path / name)
    assert caught.value.allowed == "a name that ends in .csv or .parquet"
