"""What the command line says, in the place of what `sertool.toml` says."""

from __future__ import annotations

from typing import Any

from sertool.errors import SertoolError
from sertool.project.config import AUTO, Project
from sertool.project.options import MAKING, OPTIONS, setting, with_settings


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
    values = {key: value for option, value in given.items() for key in option.keys}
    values |= {key: setting(Project(), key) for key in sorted(rivals - values.keys())}
    for table in dict.fromkeys(key.rpartition(".")[0] for key in values):
        inside = {key: value for key, value in values.items() if key.rpartition(".")[0] == table}
        where = ", ".join(str(option.flag) for option in given if set(option.keys) & inside.keys())
        try:
            project = with_settings(project, inside)
        except ValueError as error:
            raise SertoolError(str(error), where=where) from error
        except SertoolError as error:
            raise SertoolError(error.what, where=where, allowed=error.allowed, hint=error.hint) from error
    return project


def check_beside_checkpoint(**options: Any) -> None:
    """Raise SertoolError where any of the options of `resolve_project` says how a network would be made."""
    told = [
        str(option.flag)
        for option in OPTIONS
        if option.flag and option.within(MAKING) and options.get(option.name) is not None
    ]
    if told:
        raise SertoolError(
            f"a checkpoint brings its network: {', '.join(told)} would decide nothing",
            where="build.checkpoint",
            allowed="what says where and for what to build: target, output, name",
            hint="leave out build.checkpoint and train a network of your own, or leave out all of these",
        )
