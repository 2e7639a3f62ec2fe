"""The results file: rows come back as they went in, and nothing that is no results file is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sweep_examples import row

from sertool.errors import SertoolError
from sertool.experiments.outcomes import Row, Score
from sertool.experiments.store import Store
from sertool.experiments.studies.sweep import read_sweep as read


def test_rows_come_back_equal_and_in_the_order_of_the_sweep(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sweep.sqlite"
    with Store.open(path) as store:
        store.select(["b", "a", "c"])
        store.put("a", row(seed=1), "device")
        assert read(path) == (row(seed=1),)
        store.put("b", row(seed=0, flash=None, ram=None, instructions=None), "device")
    assert read(path) == (row(seed=0, flash=None, ram=None, instructions=None), row(seed=1))
    assert [found.name for found in path.parent.iterdir()] == ["sweep.sqlite"]


def test_a_second_opening_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        store.select(["a", "b"])
        store.put("a", row(), "old image")
    with Store.open(path) as store:
        store.select(["a"])
        (kept,) = store.kept().values()
        assert (kept.row, kept.device) == (row(), "old image")
        store.put("a", row(flash=1), "new image")
    assert read(path) == (row(flash=1),)


def test_rows_of_an_earlier_sweep_are_kept_but_not_read(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        store.select(["a"])
        store.put("a", row(), "device")
        store.select(["b"])
        assert read(path) == ()
        store.select(["b", "a"])
    assert read(path) == (row(),)


def test_accuracies_of_a_row() -> None:
    found = row(test=Score(((3, 1, 0), (0, 0, 0), (2, 0, 6))))
    assert found.test.weighted == 9 / 12
    assert found.test.unweighted == (3 / 4 + 6 / 8) / 2
    assert Score.of(found.test.accuracy(found.labels)) == found.test
    assert found.hidden == (8,)


def test_there_is_nothing_to_read_before_a_sweep(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="no results of a sweep") as caught:
        read(tmp_path / "sweep.sqlite")
    assert caught.value.hint == "run: sertool sweep"


def _foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE results (key TEXT)")
    connection.close()


def _future_format(path: Path) -> None:
    _good(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def _good(path: Path) -> None:
    with Store.open(path) as store:
        store.select(list("abcdefgh"))
        for key in "abcdefgh":
            store.put(key, row(seed=ord(key)), "device")


def _cut_short(path: Path) -> None:
    _good(path)
    path.write_bytes(path.read_bytes()[:-4096])


def _overwritten_page(path: Path) -> None:
    _good(path)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])


def _changed(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        _good(path)
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()

    return change


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("corpus,plan,accuracy\n" * 99), "damaged or no results file"),
        (lambda path: path.write_bytes(bytes(3)), "damaged or no results file"),
        (_foreign_database, "not made by sertool"),
        (_future_format, "format 99"),
        (_changed("PRAGMA user_version = 4"), "format 4\\n.*where"),
        (_cut_short, "damaged or no results file"),
        (_overwritten_page, "damaged or no results file"),
        (_changed("UPDATE results SET validation = 'all of them' WHERE key = 'c'"), "it is not valid JSON"),
        (
            _changed("UPDATE results SET validation = '[[NaN]]' WHERE key = 'c'"),
            r"nan cannot be used\n.*row 3: validation\[0\]\[0\]",
        ),
        (_changed("UPDATE results SET validation = '[[9]]' WHERE key = 'c'"), "of 12 and 9 clips"),
        (_changed("UPDATE results SET test = '[[0]]' WHERE key = 'c'"), "counts no clip"),
        (_changed("UPDATE results SET test = '[[-1]]' WHERE key = 'c'"), "0 to 281,474,976,710,656"),
        (
            _changed('UPDATE results SET labels = \'["a", "a", "b"]\' WHERE key = \'c\''),
            "not those of a network",
        ),
        (_changed("UPDATE results SET labels = CAST(x'5b22ff225d' AS TEXT) WHERE key = 'c'"), "not UTF-8"),
        (
            _changed("UPDATE results SET corpus = CAST(x'ff' AS TEXT) WHERE key = 'c'"),
            "corpus = '.udcff' has the",
        ),
        (_changed("UPDATE results SET shape = '16-8' WHERE key = 'c'"), "not those of a network"),
        (
            _changed("UPDATE results SET shape = '16-8-x' WHERE key = 'c'"),
            r"shape\[2\] = 'x' has the wrong type",
        ),
        (_changed("UPDATE results SET plan = '1,9' WHERE key = 'c'"), "unsupported width '9'"),
        (_changed("UPDATE results SET plan = '1' WHERE key = 'c'"), "is not one of a network"),
        (_changed("UPDATE results SET heard = '[0]' WHERE key = 'c'"), "1 answers are not those"),
        (_changed("UPDATE results SET heard = '[-1]' WHERE key = 'c'"), "0 to 281,474,976,710,656"),
        (_changed("UPDATE results SET elsewhere = '[3]' WHERE key = 'c'"), "answer 3 is none of 3 classes"),
        (_changed("UPDATE results SET validation = NULL WHERE key = 'c'"), "of 12 and 0 clips"),
        (_changed("UPDATE results SET flash = 0 WHERE key = 'c'"), "flash = 0 cannot be used"),
        (_changed("UPDATE results SET bytes = -5 WHERE key = 'c'"), "bytes = -5 cannot be used"),
        (_changed("ALTER TABLE results DROP COLUMN ram"), "its tables are not those of results"),
        (_changed("CREATE TABLE more (key TEXT)"), "its tables are not those of results"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "sweep.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(SertoolError, match=message) as caught:
        read(path)
    assert str(caught.value.where).startswith(str(path))
    assert caught.value.hint
    with pytest.raises(SertoolError, match=message), Store.open(path) as store:
        store.kept()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE results SET corpus = 'savee' WHERE key = 'c'", "rows are of corpus emodb and savee"),
        ("UPDATE results SET target = 'microbit' WHERE key = 'c'", "rows are of target microbit and stm32f405"),
        (
            "UPDATE results SET validation = NULL, float_validation = NULL WHERE key = 'c'",
            "validation judges none",
        ),
        (
            "UPDATE results SET seed = (SELECT seed FROM results WHERE key = 'd') WHERE key = 'c'",
            "a seed of a point twice",
        ),
    ],
)
def test_rows_of_different_sweeps_are_not_reported_as_one(tmp_path: Path, statement: str, message: str) -> None:
    path = tmp_path / "sweep.sqlite"
    _changed(statement)(path)
    with pytest.raises(SertoolError, match=message):
        read(path)


def test_a_file_that_another_process_writes_to_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sweep.sqlite"
    _good(path)
    monkeypatch.setattr("sertool.experiments.store._PATIENCE", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SertoolError, match="cannot be used: database is locked"):
            read(path)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="cannot be used"), Store.open(tmp_path):
        pass


def test_rows_are_values() -> None:
    assert row() == row()
    assert len({row(), row(), row(seed=1)}) == 2
    assert isinstance(row(), Row)
