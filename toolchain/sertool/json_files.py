"""JSON files into frozen dataclasses and back; what is wrong is named by file and key.

A dataclass of a file that other versions of sertool may read has a class variable `FORMAT`. The file says it
under `format`, and a reader refuses another one before it looks at the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from sertool.errors import SertoolError
from sertool.files import read_whole
from sertool.plain_values import Source, from_plain, path_of, to_plain

Value = TypeVar("Value")

_MOST_BYTES = 16 * 2**20


def load_json(path: Path, kind: type[Value], again: str) -> Value:
    """Read the JSON file `path` as the dataclass `kind`; `again` says in a hint what makes it again.

    Raises SertoolError for a file that is missing, unreadable, malformed, larger than 16 MiB or of another
    format, and as `plain_values.from_plain` does.
    """
    data = read_whole(path, path.name, most=_MOST_BYTES, hint=again)
    source = Source(path.name, lambda keys: f"{path}: {path_of(keys)}" if keys else str(path), again)
    return parse_json(data, kind, source)


def kept_json(path: Path, kind: type[Value]) -> Value | None:
    """Read a file that can be made again, such as a cache's: None where it is missing or damaged in any way."""
    try:
        return load_json(path, kind, "")
    except SertoolError:
        return None


def parse_json(data: bytes, kind: type[Value], source: Source) -> Value:
    """Read the JSON text `data` of `source` as `load_json` does."""

    def refused(what: str, line: int | None = None) -> SertoolError:
        where = source.place(()) if line is None else f"{source.place(())}:{line}"
        return SertoolError(f"{source.name} is damaged: {what}", where=where, hint=source.hint)

    try:
        value = json.loads(data.decode(), object_pairs_hook=_distinct)
    except UnicodeDecodeError as error:
        raise refused("it is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise refused(f"it is not valid JSON: {error.msg}", error.lineno) from error
    except _Twice as error:
        raise refused(str(error)) from error
    except ValueError as error:
        raise refused("an integer has too many digits") from error
    except RecursionError as error:
        raise refused("brackets stand too deep") from error
    return from_plain(kind, checked_format(value, kind, source), source)


def json_text(value: Any, indent: int = 2) -> str:
    """Write a dataclass as `load_json` reads it, sorted, a line a value, behind its format where it has one."""
    plain = to_plain(value)
    if hasattr(value, "FORMAT"):
        plain = {"format": value.FORMAT, **plain}
    return json.dumps(plain, indent=indent, sort_keys=True, allow_nan=False) + "\n"


def checked_format(value: object, kind: type, source: Source) -> object:
    """Return a table without its `format`; raises SertoolError where that is not the one that `kind` has."""
    wanted = getattr(kind, "FORMAT", None)
    if wanted is None or not isinstance(value, Mapping):
        return value
    found = value.get("format")
    if type(found) is not int or found < 1:
        told = "no format is said: this is something else, or from before there were formats"
        raise source.error(told, ("format",), f"format {wanted}")
    if found > wanted:
        told = f"it has format {found}, of a newer sertool"
        raise source.error(told, ("format",), f"format {wanted}", "use the sertool that wrote it")
    if found < wanted:
        raise source.error(f"it has format {found}, of an older sertool", ("format",), f"format {wanted}")
    return {key: item for key, item in value.items() if key != "format"}


class _Twice(ValueError):
    pass


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(f"the key {key[:60]!r} stands twice in one object")
        found[key] = value
    return found
