"""Plain values, as JSON and TOML hold them, into frozen dataclasses and back.

A dataclass says what is allowed: its keys are the fields, its types their annotations, ranges stand in
`Annotated[int, Between(0, 255)]`. Relations are its own business: a ValueError or SertoolError out of
`__post_init__` is reported at the place of the table, a WrongValue at that of its key. A class that is written
in another form than its fields has `to_dict`, names what that gives `Stored`, and its `from_stored` takes it.
"""

from __future__ import annotations

import dataclasses
import difflib
import enum
import functools
import math
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from sertool.errors import SertoolError

Value = TypeVar("Value")

#: The keys, and indices in lists, that lead from the outermost table to a value.
Keys = tuple[str | int, ...]

_NAMES = {
    int: "an integer",
    float: "a finite number",
    bool: "true or false",
    str: "a string",
    Path: "a string (a path)",
}
_INT64 = range(-(2**63), 2**63)
_DEEPEST = 32
_LONGEST = 400


class WrongValue(ValueError):
    """A ValueError that knows which keys, below the table, lead to what is wrong."""

    def __init__(self, message: str, *keys: str | int) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True)
class Between:
    """A limit of numbers: from `least` to `most`, both allowed."""

    least: float
    most: float

    def allows(self, value: float) -> bool:
        """Whether a number lies within."""
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"{_number(self.least)} to {_number(self.most)}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


@dataclass(frozen=True)
class Like:
    """A limit of texts: all of it matches the regular expression `pattern`, which `told` says in words."""

    pattern: str
    told: str

    def allows(self, value: str) -> bool:
        """Whether the whole text matches."""
        return re.fullmatch(self.pattern, value) is not None

    def __str__(self) -> str:
        return self.told


#: Counts and sizes of anything that one machine holds.
Natural = Annotated[int, Between(0, 2**48)]
#: A count of something that is there.
Positive = Annotated[int, Between(1, 2**48)]
#: A value of an int32 tensor.
Int32 = Annotated[int, Between(-(2**31), 2**31 - 1)]
#: A share of a whole.
Fraction = Annotated[float, Between(0, 1)]
#: SHA-256.
Digest = Annotated[str, Like("[0-9a-f]{64}", "64 hexadecimal digits")]
#: A file below some folder, with forward slashes.
RelativePath = Annotated[
    str, Like(r"(?s)(?!(.*/)?\.\.(/|$))[^/\x00][^\x00]*", "a path below the folder, without ..")
]
#: A word or a few in one line.
Name = Annotated[str, Like(r"[^\x00-\x1f\x7f]{1,200}", "1 to 200 characters, none of them a control character")]


@dataclass(frozen=True)
class Source:
    """What values were read from: how errors call it, where in it keys lead, and what to do about it."""

    name: str
    place: Callable[[Keys], str]
    hint: str | None = None

    def error(
        self, what: str, keys: Keys = (), allowed: str | None = None, hint: str | None = None
    ) -> SertoolError:
        """Say what is wrong at `keys`."""
        # What a damaged file holds may be long, and stands in many a message.
        told = what if len(what) <= _LONGEST else f"{what[:_LONGEST]} ..."
        return SertoolError(
            f"in {self.name}: {told}", where=self.place(keys), allowed=allowed, hint=hint or self.hint
        )


def path_of(keys: Keys) -> str:
    """Write keys as `layers[3].bits`, what is no word in quotes."""
    words = (f"[{key}]" if isinstance(key, int) else f".{_word(key)}" for key in keys)
    return "".join(words).removeprefix(".")


def _word(key: str) -> str:
    return key if re.fullmatch(r"[\w./-]{1,100}", key) else repr(key[:60])


def to_plain(value: object) -> Any:
    """Return dataclasses and mappings as dicts, tuples as lists, enums as their values, all else as it is."""
    if hasattr(value, "from_stored"):
        return typing.cast(Any, value).to_dict()
    if dataclasses.is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return value.value if isinstance(value, enum.Enum) else value


def from_plain(kind: type[Value], value: object, source: Source, keys: Keys = ()) -> Value:
    """Build a `kind` from plain values that stand at `keys` of `source`.

    Integers have 64 bits at most, numbers are finite, texts can be written as UTF-8; what is annotated as
    `object` is any of these, at most 32 deep. Raises SertoolError with the place for an unknown or missing key,
    a value of another type or out of range, and whatever the dataclasses themselves refuse.
    """
    return typing.cast(Value, _Builder(source).value(kind, value, keys))


@dataclass(frozen=True)
class _Builder:
    source: Source

    def value(self, hint: Any, value: object, keys: Keys) -> Any:
        if hint is object:
            return self._anything(value, keys)
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            found = self.value(inner[0], value, keys)
            for limit in inner[1:]:
                if not limit.allows(found):
                    raise self.source.error(f"{_told(keys, value)} cannot be used", keys, str(limit))
            return found
        if origin in (typing.Union, types.UnionType):
            for option in inner:
                if _fits(option, value):
                    return self.value(option, value, keys)
        elif hasattr(hint, "from_stored"):
            stored = self.value(hint.Stored, value, keys)
            return self._made(lambda: hint.from_stored(stored), keys)
        elif not _fits(hint, value):
            pass
        elif dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
            return self._table(hint, value, keys)
        elif origin is tuple and isinstance(value, Sequence):
            return self._list(inner, value, keys)
        elif origin is not None and isinstance(value, Mapping):
            return {
                self.value(inner[0], key, keys): self.value(inner[1], item, (*keys, key))
                for key, item in value.items()
            }
        else:
            return hint(value) if hint in (float, Path) or isinstance(hint, enum.EnumMeta) else value
        raise self.source.error(f"{_told(keys, value)} has the wrong type", keys, describe(hint))

    def _anything(self, value: object, keys: Keys) -> object:
        if len(keys) > _DEEPEST:
            raise self.source.error("tables and lists stand too deep", keys[:3], f"at most {_DEEPEST} deep")
        if isinstance(value, Mapping):
            return {
                self.value(str, key, keys): self._anything(item, (*keys, key)) for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._anything(item, (*keys, index)) for index, item in enumerate(value)]
        if value is None or any(_fits(kind, value) for kind in (bool, float, str)):
            return value
        raise self.source.error(f"{_told(keys, value)} cannot be used", keys, "finite numbers, whole texts")

    def _table(self, kind: Any, values: Mapping[str, object], keys: Keys) -> Any:
        fields = {field.name: field for field in dataclasses.fields(kind)}
        hints = _hints(kind)
        for key in values:
            if key not in fields:
                near = difflib.get_close_matches(key[:60], fields, 1)
                raise self.source.error(
                    f"unknown key {key[:60]!r}",
                    (*keys, key),
                    f"one of {', '.join(fields)}" if fields else "no key",
                    f"did you mean {near[0]}?" if near else None,
                )
        arguments = {}
        for name, field in fields.items():
            if name in values:
                arguments[name] = self.value(hints[name], values[name], (*keys, name))
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                missing = path_of((*keys, name))
                raise self.source.error(f"the key {missing!r} is missing", keys, describe(hints[name]))
        return self._made(lambda: kind(**arguments), keys)

    def _list(self, inner: tuple[Any, ...], values: Sequence[object], keys: Keys) -> tuple[Any, ...]:
        kinds = inner[:1] * len(values) if inner[1:] == (...,) else inner
        if len(kinds) != len(values):
            told = f"{path_of(keys)} has {len(values)} entries"
            raise self.source.error(told, keys, ", ".join(map(describe, kinds)))
        pairs = enumerate(zip(kinds, values, strict=True))
        return tuple(self.value(kind, item, (*keys, index)) for index, (kind, item) in pairs)

    def _made(self, make: Callable[[], Any], keys: Keys) -> Any:
        try:
            return make()
        except WrongValue as error:
            raise self.source.error(str(error), (*keys, *error.keys)) from error
        except ValueError as error:
            raise self.source.error(str(error), keys) from error
        except SertoolError as error:
            raise self.source.error(error.what, keys, error.allowed, error.hint) from error


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _fits(hint: Any, value: object) -> bool:
    """Whether a value is of the kind that `hint` begins with; what is inside it is told later."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _fits(inner[0], value)
    if hint is type(None) or value is None:
        return hint is type(None) and value is None
    if hasattr(hint, "from_stored"):
        return _fits(hint.Stored, value)
    if isinstance(hint, enum.EnumMeta):
        return isinstance(value, str) and value in hint._value2member_map_
    if origin is typing.Literal:
        return isinstance(value, str) and value in inner
    if origin is tuple:
        return isinstance(value, list | tuple)
    if origin is not None or dataclasses.is_dataclass(hint):
        return isinstance(value, Mapping)
    if hint is bool or isinstance(value, bool):
        return hint is bool and isinstance(value, bool)
    if isinstance(value, int):
        return hint in (int, float) and value in _INT64
    if isinstance(value, float):
        return hint is float and math.isfinite(value)
    return hint in (str, Path) and isinstance(value, str) and _writable(value)


def _writable(text: str) -> bool:
    """Whether a text can be a file's name and can be written: no half of a surrogate pair, no NUL."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _told(keys: Keys, value: object) -> str:
    if isinstance(value, list | tuple):
        shown = "a list"
    elif isinstance(value, Mapping):
        shown = "a table"
    elif isinstance(value, int) and value not in _INT64:
        shown = f"an integer of {value.bit_length()} bits"
    else:
        shown = f"{value[:60]!r}" if isinstance(value, str) else repr(value)
    return f"{path_of(keys)} = {shown}" if keys else shown


def describe(hint: Any) -> str:
    """Say in words what an annotation allows."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return f"{describe(inner[0])}, {', '.join(map(str, inner[1:]))}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(describe(option) for option in inner if option is not type(None))
    if hasattr(hint, "from_stored"):
        return describe(hint.Stored)
    if origin is tuple:
        if inner[1:] == (...,):
            return f"a list, each {describe(inner[0])}"
        return f"a list of {len(inner)}: {', '.join(map(describe, inner))}"
    if origin is typing.Literal or isinstance(hint, enum.EnumMeta):
        return "one of " + ", ".join(inner or hint._value2member_map_)
    return _NAMES.get(hint, "a table")
