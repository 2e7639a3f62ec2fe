"""Tables and lists that say something of files, in whatever form spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io
import posixpath
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool.errors import SertoolError
from sertool.files import read_whole

_SHOWN = 3
_SEPARATORS = ",;\t"
_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Row:
    """A row of a table: where it stands (`labels.csv:7`), and its values by column, stripped of space."""

    where: str
    values: Mapping[str, str]


def read_table(path: Path, what: str, needed: Sequence[str], possible: Sequence[str] = ()) -> list[Row]:
    """Read the columns `needed` and those of `possible` that are there; other columns are left alone.

    Columns are named by the first line, in any case; the separator (comma, semicolon or tabulator) is the one
    that it holds most of. Raises SertoolError, with the line, for a table that cannot be read, lacks a column,
    names one twice, or has a row of more values than columns or without one that is needed.
    """
    text = _text(path, what)
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):
        text = "\n" + "".join(lines[1:])
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                rows.append((start, [value.strip() for value in values]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise SertoolError(f"cannot read {what}: {error}", where=f"{path}:{start}") from error
    head = [name.lower() for name in rows[0][1]] if rows else []
    lacking = [name for name in needed if name not in head]
    if lacking:
        raise SertoolError(
            f"{what} lacks {' and '.join(f'the column {name}' for name in lacking)}",
            where=path,
            allowed=f"a first line that names the columns: {', '.join(needed)}"
            + "".join(f"[, {name}]" for name in possible),
            hint=f"its first line has: {', '.join(head) or 'nothing'}",
        )
    wanted = [name for name in (*needed, *possible) if name in head]
    twice = [name for name in wanted if head.count(name) > 1]
    if twice:
        raise SertoolError(f"{what} has two columns {twice[0]}", where=f"{path}:{rows[0][0]}")
    return [_row(path, what, line, values, head, wanted, needed) for line, values in rows[1:]]


def _row(
    path: Path,
    what: str,
    line: int,
    values: list[str],
    head: list[str],
    wanted: Sequence[str],
    needed: Sequence[str],
) -> Row:
    where = f"{path}:{line}"
    if len(values) > len(head) and any(values[len(head) :]):
        raise SertoolError(
            f"a row of {what} has {len(values)} values for {len(head)} columns",
            where=where,
            hint="a value with the separator in it stands in quotation marks",
        )
    found = {name: values[head.index(name)] if head.index(name) < len(values) else "" for name in wanted}
    empty = [name for name in needed if not found[name]]
    if empty:
        raise SertoolError(f"a row of {what} has no {empty[0]}", where=where)
    return Row(where, found)


def read_list(path: Path, what: str) -> list[Row]:
    """Read one path a line; empty lines are passed over. Raises SertoolError for a list that cannot be read."""
    lines = enumerate(_text(path, what).splitlines(), 1)
    return [Row(f"{path}:{number}", {"file": line.strip()}) for number, line in lines if line.strip()]


def match(rows: Iterable[Row], what: str, root: Path, files: Iterable[Path]) -> dict[Path, Row]:
    """Find the file below `root` that each row's column `file` names.

    Paths may have backslashes, and either Unicode form. Raises SertoolError, with the line, for a path that
    leads out of the folder or names no file there, and for a file named twice.
    """
    known = {_normal(path.relative_to(root).as_posix()): path for path in files}
    found: dict[Path, Row] = {}
    lost: list[str] = []
    for row in rows:
        given = row.values["file"]
        name = _below(given, root)
        if name is None:
            raise SertoolError(
                f"{what} names a file outside the corpus: {given}",
                where=row.where,
                allowed=f"paths below {root}",
            )
        path = known.get(name)
        if path is None:
            lost.append(f"{given} ({row.where.rpartition(':')[2]})")
        elif path in found:
            raise SertoolError(
                f"{what} names a file twice: {given}", where=row.where, hint=f"first in {found[path].where}"
            )
        else:
            found[path] = row
    if lost:
        raise SertoolError(
            f"{what} names {len(lost)} {'file that is' if len(lost) == 1 else 'files that are'} not there or "
            f"no audio: {', '.join(lost[:_SHOWN])}{', ...' if len(lost) > _SHOWN else ''}; lines in brackets",
            where=root,
            allowed="paths below this folder, as they are spelled there",
            hint=f"a file that is there: {next(iter(known))}" if known else None,
        )
    return found


def _below(given: str, root: Path) -> str | None:
    name = _normal(given)
    top = _normal(root.as_posix())
    name = name.removeprefix(f"{top}/")
    return None if name.startswith(("/", "../")) or name == ".." or name[1:3] == ":/" else name


def _normal(path: str) -> str:
    return posixpath.normpath(unicodedata.normalize("NFC", path.replace("\\", "/")))


def _text(path: Path, what: str) -> str:
    data = read_whole(path, what, most=_MOST_BYTES)
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SertoolError(
            f"cannot read {what}: it is no text in UTF-8 or UTF-16",
            where=f"{path}:{line}",
            hint="save it as UTF-8 (in a spreadsheet: CSV UTF-8)",
        ) from error


def _encoding(data: bytes) -> str:
    """UTF-16 is told by its mark, or by the zero bytes of its ASCII characters."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[:256:2].count(0), data[1:256:2].count(0)
    if max(even, odd) > len(data[:256]) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8-sig"
