"""The commented project file that `sertool new` writes."""

from __future__ import annotations

import itertools
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.project.config import Project, can_be_named
from sertool.project.loading import FILE_NAME
from sertool.project.options import OPTIONS, SECTIONS, Option
from sertool.targets import load

_COLUMNS = 112


def write_project(folder: Path, *, corpus: str | None = None, target: str | None = None) -> Path:
    """Write `sertool.toml` into `folder` and return its path.

    Raises SertoolError when one is already there, or when the target is unknown.
    """
    load(target or Project().target)
    path = folder / FILE_NAME
    if path.exists():
        raise SertoolError(
            "there is a project file already", where=path, hint="edit it, or choose another folder"
        )
    name = folder.resolve().name
    given = {"name": name if can_be_named(name) else Project().name, "target": target, "corpus.path": corpus}
    write_atomic(path, template({key: value for key, value in given.items() if value is not None}))
    return path


def template(values: Mapping[str, object]) -> str:
    """Every setting with its meaning and its default, as TOML, but for `values` by their dotted keys."""
    return "\n".join(itertools.chain.from_iterable(_section(*group, values) for group in _tables()))


def _tables() -> Iterator[tuple[str, tuple[Option, ...]]]:
    for table, options in itertools.groupby(OPTIONS, lambda option: option.key.rpartition(".")[0]):
        yield table, tuple(options)


def _section(table: str, options: tuple[Option, ...], values: Mapping[str, object]) -> Iterator[str]:
    if table:
        yield f"[{table}]"
    yield from textwrap.wrap(SECTIONS.get(table, ""), _COLUMNS - 2, initial_indent="# ", subsequent_indent="# ")
    entries = [_entry(option, values) for option in options]
    wide = max(len(entry) for entry in entries if len(entry) < _COLUMNS // 3)
    for entry, option in zip(entries, options, strict=True):
        yield f"{entry:{wide}}   # {option.comment}"
    yield ""


def _entry(option: Option, values: Mapping[str, object]) -> str:
    name = option.key.rpartition(".")[2]
    value = values.get(option.key, option.default)
    return f"# {name} = {_toml(option.example)}" if value is None else f"{name} = {_toml(value)}"


def _toml(value: object) -> str:
    """Write a value as TOML, whose booleans, numbers, lists and strings are JSON's."""
    return json.dumps(value, default=str, ensure_ascii=False).replace("\x7f", "\\u007f")
