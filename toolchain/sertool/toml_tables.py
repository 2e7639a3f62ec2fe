"""TOML files into frozen dataclasses; what is wrong is named by file, line and key.

A table is a dataclass, its keys are the fields, its types are the field annotations. Ranges and relations are
the dataclass's own business: a ValueError or SertoolError out of `__post_init__` is reported at the line of the
table, a WrongValue at that of its key.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from sertool.errors import SertoolError

Table = TypeVar("Table")

_NAMES = {
    int: "an integer",
    float: "a number",
    bool: "true or false",
    str: "a string",
    Path: "a string (a path)",
}


class WrongValue(ValueError):
    """A ValueError that knows which keys, below the table, lead to what is wrong."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


def load_table(path: Path, table: type[Table], kind: str) -> Table:
    """Read the TOML file `path` as the dataclass `table`; `kind` ("project", "target") is for the messages.

    Raises SertoolError for a file that is missing, unreadable or malformed, for unknown, missing or wrongly
    typed keys, and for what the dataclasses themselves refuse with a ValueError.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SertoolError(f"cannot read the {kind} file: {reason}", where=path) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SertoolError(
            f"the {kind} file is not valid TOML: {error}",
            where=f"{path}:{line[1]}" if line else path,
            hint="strings need quotes; a table begins with [name]",
        ) from error
    return _Reader(path, text, kind).build(table, values, ())


@dataclasses.dataclass(frozen=True)
class _Reader:
    path: Path
    text: str
    kind: str

    def build(self, table: type[Table], values: Mapping[str, Any], keys: tuple[str, ...]) -> Table:
        fields = {field.name: field for field in dataclasses.fields(table)}  # type: ignore[arg-type]
        hints = typing.get_type_hints(table)
        for key in values:
            if key not in fields:
                near = difflib.get_close_matches(key, fields, 1)
                raise self.error(
                    f"unknown key {key!r}",
                    (*keys, key),
                    f"one of {', '.join(fields)}",
                    f"did you mean {near[0]}?" if near else None,
                )
        arguments = {}
        for name, field in fields.items():
            if name in values:
                arguments[name] = self._value(hints[name], values[name], (*keys, name))
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                missing = ".".join((*keys, name))
                raise self.error(f"the key {missing!r} is missing", keys, _describe(hints[name]))
        try:
            return table(**arguments)
        except WrongValue as error:
            raise self.error(str(error), (*keys, *error.keys)) from error
        except ValueError as error:
            raise self.error(str(error), keys) from error
        except SertoolError as error:
            raise self.error(error.what, keys, error.allowed, error.hint) from error

    def _value(self, hint: Any, value: Any, keys: tuple[str, ...]) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            for option in inner:
                if option is not type(None) and _fits(option, value):
                    return self._value(option, value, keys)
        elif dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
            return self.build(hint, value, keys)
        elif origin is tuple and isinstance(value, list):
            return tuple(self._value(inner[0], item, keys) for item in value)
        elif origin in (dict, Mapping, types.MappingProxyType) and isinstance(value, dict):
            return {name: self._value(inner[1], item, (*keys, name)) for name, item in value.items()}
        elif _fits(hint, value):
            return hint(value) if hint in (float, Path) else value
        raise self.error(f"{'.'.join(keys)} = {value!r} has the wrong type", keys, _describe(hint))

    def error(
        self, what: str, keys: tuple[str, ...], allowed: str | None = None, hint: str | None = None
    ) -> SertoolError:
        where = f"{self.path}:{self._line(keys)}"
        return SertoolError(f"in the {self.kind} file: {what}", where=where, allowed=allowed, hint=hint)

    def _line(self, keys: tuple[str, ...]) -> int:
        """Line of a key, or of the innermost table around it that has a line of its own."""
        lines = self.text.splitlines()
        found, table = 1, ""
        for depth in range(1, len(keys) + 1):
            *parents, last = keys[:depth]
            table = ""
            for number, line in enumerate(lines, 1):
                header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
                if header:
                    table = header[1].replace('"', "").replace(" ", "")
                    if table == ".".join((*parents, last)):
                        found = number
                        break
                elif table == ".".join(parents) and re.match(rf"\s*[\"']?{re.escape(last)}[\"']?\s*[=.]", line):
                    found = number
                    break
        return found


def _fits(hint: Any, value: Any) -> bool:
    if typing.get_origin(hint) is tuple:
        return isinstance(value, list)
    if dataclasses.is_dataclass(hint):
        return isinstance(value, dict)
    if hint is bool or isinstance(value, bool):
        return hint is bool and isinstance(value, bool)
    if hint is Path:
        return isinstance(value, str)
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(hint, type) and isinstance(value, hint)


def _describe(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_describe(option) for option in inner if option is not type(None))
    if origin is tuple:
        return f"a list, each {_describe(inner[0])}"
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, inner))
    return _NAMES.get(hint, "a table")
