"""The results of studies in one SQLite file: a row a trial on a case, whole or not there.

A row stands under a key, the digest of all that decides what training gives, and beside it under `device`,
where its image was measured, the digest of all that decides what that takes. Rows of earlier studies stay;
which ones the latest asks for, and in which order, stands in the table `study`.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from sertool.errors import SertoolError
from sertool.experiments.outcomes import Row, Score
from sertool.files import disk_errors
from sertool.json_files import parse_json
from sertool.plain_values import Name, Source, from_plain, path_of

#: "sert", by which a results file is told from any other SQLite file, and the version of its tables.
_APPLICATION, _FORMAT = 0x73657274, 5

#: Seconds to wait for another process that writes.
_PATIENCE = 10.0

_SCORES = ("float_validation", "float_test", "validation", "test")
_LISTS = ("labels", "heard", "elsewhere", "confidence", "untempered", "sure")
_FIELDS = tuple(field.name for field in fields(Row))
_SCHEMA = (
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_FORMAT}",
    """CREATE TABLE results (
         key TEXT PRIMARY KEY, device TEXT,
         corpus TEXT NOT NULL, protocol TEXT NOT NULL, fold INTEGER NOT NULL, preset TEXT NOT NULL,
         shape TEXT NOT NULL, wanted TEXT NOT NULL, plan TEXT NOT NULL, method TEXT NOT NULL,
         seed INTEGER NOT NULL, labels TEXT NOT NULL,
         float_validation TEXT, float_test TEXT NOT NULL, validation TEXT, test TEXT NOT NULL,
         heard TEXT NOT NULL, elsewhere TEXT NOT NULL, confidence TEXT NOT NULL, untempered TEXT NOT NULL,
         sure TEXT NOT NULL, temperature REAL NOT NULL, bytes INTEGER NOT NULL,
         target TEXT, flash INTEGER, ram INTEGER, instructions INTEGER
       ) STRICT""",
    "CREATE TABLE study (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT",
)


_AGAIN = "move the file away and run the command again that made it"


@dataclass(frozen=True)
class _Named:
    key: Name
    device: Name | None


@dataclass(frozen=True)
class Kept:
    """A row as the file holds it, with the digest that its image was measured under, if it was."""

    row: Row
    device: str | None


class Store:
    """A results file, open for the one process that writes to it; made where there is none."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Store]:
        """Open `path`, or make it.

        Raises SertoolError for a file that is damaged, is something else, or cannot be written; nothing in such
        a file is touched.
        """
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with _opened(path, "rwc") as connection:
            if _empty(path):
                with _transaction(connection):
                    # Another process may have been first while this one waited for the lock.
                    for statement in _SCHEMA if _empty(path) else ():
                        connection.execute(statement)
            _check(connection, path)
            yield cls(path, connection)

    def select(self, keys: Sequence[str]) -> None:
        """Say which rows, in which order, the study that starts now asks for."""
        with _transaction(self._connection):
            self._connection.execute("DELETE FROM study")
            self._connection.executemany("INSERT INTO study (position, key) VALUES (?, ?)", enumerate(keys))

    def kept(self) -> dict[str, Kept]:
        """Return, by key, those selected rows that are there already."""
        return _selected(self._connection, self.path)

    def put(self, key: str, row: Row, device: str | None = None) -> None:
        """Write a row, in the place of the one under this key where there is one."""
        names = ("key", "device", *_FIELDS)
        marks = ", ".join("?" * len(names))
        with _transaction(self._connection):
            self._connection.execute(
                f"INSERT OR REPLACE INTO results ({', '.join(names)}) VALUES ({marks})",
                (key, device, *(_to_column(row, name) for name in _FIELDS)),
            )


def read(path: Path) -> tuple[Row, ...]:
    """Return the finished rows of the latest study, in the order in which it asked for them.

    Raises SertoolError for a file that is missing, damaged, or no results file.
    """
    if not path.is_file():
        raise SertoolError("there are no results", where=path, hint="run the command that makes them")
    with _opened(path, "rw") as connection:
        _check(connection, path)
        return tuple(kept.row for kept in _selected(connection, path).values())


def _selected(connection: sqlite3.Connection, path: Path) -> dict[str, Kept]:
    columns = ", ".join(("key", "device", *_FIELDS))
    found = connection.execute(f"SELECT {columns} FROM study JOIN results USING (key) ORDER BY position")
    return dict(_row(path, number, *values) for number, values in enumerate(found, 1))


def _row(path: Path, number: int, key: object, device: object, *values: object) -> tuple[str, Kept]:
    source = Source("a row of the results", lambda keys: f"{path}: row {number}: {path_of(keys)}", _AGAIN)
    stored = {name: _from_column(name, value, source) for name, value in zip(_FIELDS, values, strict=True)}
    words = {"key": _from_column("key", key, source), "device": _from_column("device", device, source)}
    named = from_plain(_Named, words, source)
    return named.key, Kept(from_plain(Row, stored, source), named.device)


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)) as connection:
            # Texts are decoded by who checks them; nothing in the file may be larger than a row can be.
            connection.text_factory = bytes
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2**24)
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
    except sqlite3.OperationalError as error:
        raise SertoolError(
            f"the results file cannot be used: {error}",
            where=path,
            hint="check the permissions, free space, and whether another process is writing to it",
        ) from error
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # SQLite quotes a damaged schema in its errors, and those bytes need be no text.
        raise _damaged(path, str(error)) from error


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application, version = (_pragma(connection, name) for name in ("application_id", "user_version"))
    if application != _APPLICATION:
        raise SertoolError(
            "this SQLite file was not made by sertool",
            where=path,
            hint="choose another results file or output folder; the file was left as it is",
        )
    if version != _FORMAT:
        raise SertoolError(
            f"the results file has format {version}",
            where=path,
            allowed=f"format {_FORMAT}",
            hint="use the sertool that made it, or move it away and run the command again",
        )
    state = _pragma(connection, "quick_check(1)")
    if state != b"ok":
        raise _damaged(path, state.decode(errors="replace") if isinstance(state, bytes) else str(state))
    if _tables(connection) != _expected_tables():
        raise _damaged(path, "its tables are not those of results")


def _tables(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    return set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


@functools.cache
def _expected_tables() -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.text_factory = bytes
        for statement in _SCHEMA:
            connection.execute(statement)
        return _tables(connection)


def _empty(path: Path) -> bool:
    return path.stat().st_size == 0


def _pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _damaged(path: Path, reason: str) -> SertoolError:
    return SertoolError(
        f"the results file is damaged or no results file: {reason}",
        where=path,
        hint="move it away and run the command again, or rescue rows with: sqlite3 FILE .recover; "
        "the file was left as it is",
    )


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        yield


def _to_column(row: Row, name: str) -> str | int | float | None:
    value = getattr(row, name)
    if isinstance(value, Score):
        return json.dumps(value.confusion)
    if name == "shape":
        return "-".join(map(str, value))
    column: str | int | float | None = json.dumps(value) if name in _LISTS else value
    return column


def _from_column(name: str, value: object, source: Source) -> object:
    """Return a column as the plain value that `Row` is made of; what is none of its kind, as it is."""
    if not isinstance(value, bytes):
        return value
    if name in (*_SCORES, *_LISTS):
        column = dataclasses.replace(source, place=lambda keys: source.place((name, *keys)))
        found = parse_json(value, object, column)
        return found if name in _LISTS else {"confusion": found}
    text = value.decode(errors="surrogateescape")
    if name == "shape":
        return [int(word) if re.fullmatch("[0-9]{1,9}", word) else word for word in text.split("-")]
    return text
