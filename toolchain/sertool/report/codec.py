"""Frozen dataclasses to plain JSON values and back, driven by their annotations; strict about every key."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from sertool.errors import SertoolError

Value = TypeVar("Value")

_HINT = "run `sertool report` again, with the sertool that wrote the file"


def to_plain(value: object) -> object:
    """Return dataclasses and mappings as dicts, tuples as lists, and everything else as it is."""
    if dataclasses.is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: type[Value], data: object, where: str = "report") -> Value:
    """Build the dataclass `kind` from what `to_plain` gave.

    Raises SertoolError with the path of the key (`report.memory.flash.used`) for an unknown or missing key,
    a value of another type, a number that is not finite, and whatever the dataclass itself refuses.
    """
    if not isinstance(data, Mapping):
        raise _refusal("an object", data, where)
    hints = typing.get_type_hints(kind)
    fields: dict[str, dataclasses.Field[Any]] = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    for problem, names in (("unknown", set(data) - set(fields)), ("missing", required - set(data))):
        if names:
            raise SertoolError(
                f"{problem} key in the report: {', '.join(sorted(names))}",
                where=where,
                allowed=", ".join(fields),
                hint=_HINT,
            )
    values = {name: _item(hints[name], item, f"{where}.{name}") for name, item in data.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise SertoolError(f"a contradiction in the report: {error}", where=where, hint=_HINT) from error


def document_from_plain(
    kind: type[Value], data: Mapping[str, object], version: int, name: str = "report"
) -> Value:
    """Build a whole document: check `format`, drop the derived `headline`, read the rest."""
    if not isinstance(data, Mapping) or data.get("format") != version:
        found = data.get("format") if isinstance(data, Mapping) else None
        raise SertoolError(
            f"this is not a {name} of sertool, or one of another format",
            where=f"format: {found!r}",
            allowed=f"format: {version}",
            hint=_HINT,
        )
    return from_plain(
        kind, {key: item for key, item in data.items() if key not in ("format", "headline")}, name
    )


def _item(hint: Any, data: object, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return None if data is None else _item(arguments[0], data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise _refusal("a list", data, where)
        return tuple(_item(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(data))
    if origin is not None:
        if not isinstance(data, Mapping):
            raise _refusal("an object", data, where)
        return {key: _item(arguments[1], item, f"{where}.{key}") for key, item in data.items()}
    if dataclasses.is_dataclass(hint):
        return from_plain(typing.cast("type[Any]", hint), data, where)
    return _scalar(hint, data, where)


def _scalar(hint: type, data: object, where: str) -> object:
    if hint is float and type(data) in (int, float) and math.isfinite(typing.cast(float, data)):
        return float(typing.cast(float, data))
    if hint is not float and type(data) is hint:
        return data
    names = {float: "a finite number", int: "a whole number", str: "a text", bool: "true or false"}
    raise _refusal(names[hint], data, where)


def _refusal(allowed: str, data: object, where: str) -> SertoolError:
    return SertoolError(
        "a wrong value in the report", where=f"{where}: {data!r:.60}", allowed=allowed, hint=_HINT
    )
