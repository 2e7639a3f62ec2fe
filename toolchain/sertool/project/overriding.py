"""What the command line says, in the place of what `sertool.toml` says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from sertool.errors import SertoolError
from sertool.project.config import AUTO, Project
from sertool.project.options import OPTIONS, setting


def resolve_project(project: Project, **options: Any) -> Project:
    """Put command-line options, where given (not None), in the place of what the project file says.

    An option's name is that of its flag: `max_bytes` for `--max-bytes`. A plan puts the file's search out of
    force, a search its plan, one limit the other. Raises SertoolError for a value that the project refuses, and
    for options that contradict each other; TypeError for an option that there is not.
    """
    known = {option.name: option for option in OPTIONS if option.flag}
    if unknown := options.keys() - known.keys():
        raise TypeError(f"there is no option {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    given = {known[name]: value for name, value in options.items() if value is not None}
    rivals = {key for option, value in given.items() if value != AUTO for key in option.rivals}
    changes: dict[str, dict[str, Any]] = {}
    flags: dict[str, list[str]] = {}
    for option, value in given.items():
        for key in option.keys:
            table, _, name = key.rpartition(".")
            changes.setdefault(table, {})[name] = value
            flags.setdefault(table, []).append(str(option.flag))
    for key in sorted(rivals):
        table, _, name = key.rpartition(".")
        changes.setdefault(table, {}).setdefault(name, setting(Project(), key))
    for table, values in changes.items():
        where = ", ".join(flags[table])
        try:
            project = _replaced(project, tuple(filter(None, table.split("."))), values)
        except ValueError as error:
            raise SertoolError(str(error), where=where) from error
        except SertoolError as error:
            raise SertoolError(error.what, where=where, allowed=error.allowed, hint=error.hint) from error
    return project


def _replaced(table: Any, path: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    """Return a dataclass with `values` in the dataclass that `path` leads to."""
    if path:
        values = {path[0]: _replaced(getattr(table, path[0]), path[1:], values)}
    return dataclasses.replace(table, **values)
