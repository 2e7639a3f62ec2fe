"""From `sertool.toml` to a `Project`, and from a project to the folder of its build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sertool.errors import SertoolError
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.project.options import OPTIONS, setting, with_settings
from sertool.targets import is_file
from sertool.toml_tables import load_table

FILE_NAME = "sertool.toml"


def load_project(path: Path | None = None) -> Project:
    """Read `path`, or `sertool.toml` in the current folder, or take the defaults where there is neither.

    Relative paths in the file are relative to the file. Raises SertoolError for a missing or malformed file,
    with its line and key.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.exists():
            return Project()
    elif not path.exists():
        raise SertoolError("there is no such project file", where=path, hint="make one with: sertool new")
    project = load_table(path, Project, "project")
    places = {option.key: setting(project, option.key) for option in OPTIONS if option.place}
    return with_settings(project, {key: _beside(path, key, place) for key, place in places.items()})


def _beside(file: Path, key: str, place: Any) -> Any:
    """Return a place that `file` speaks of, from where this process is; names stay what they are."""
    if isinstance(place, Path):
        return file.parent / place
    named = {"target": lambda: not is_file(place), "corpus.path": lambda: not (file.parent / place).exists()}
    if place is None or (key in named and named[key]()):
        return place
    return str(file.parent / place)


def build_folder(project: Project) -> BuildFolder:
    """The project's build folder for its target: `build/stm32` for the target `stm32`."""
    return BuildFolder((project.output / Path(project.target).stem).resolve())
