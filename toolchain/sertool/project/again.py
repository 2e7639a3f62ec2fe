"""From a manifest back to the project that it was made from, and what is not as it was."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sertool.errors import SertoolError
from sertool.json_files import load_json
from sertool.plain_values import to_plain
from sertool.project.config import Project
from sertool.project.folder import BuildFolder
from sertool.project.manifest import CheckpointRecord, Manifest, has_to_be_said
from sertool.project.options import ARGUMENTS, FLAGS, MAKING, OPTIONS, setting, written
from sertool.project.overriding import resolve_project


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; raises SertoolError for a file that is missing, damaged or of another format."""
    return load_json(path, Manifest, "name the manifest.json of a build folder")


def project_again(manifest: Manifest, path: Path, **places: Any) -> Project:
    """Return the project that a manifest was made from; `places` are the options that say where things lie now.

    `path` is the manifest's, for messages. Raises SertoolError where the model was made elsewhere, for a place
    that is not said, and for any other option: the manifest says it.
    """
    if manifest.settings is None and manifest.checkpoint is None:
        raise SertoolError(
            "the manifest does not say how its model was made: that was not done in its build folder",
            where=path,
            allowed="the manifest of a build that trained its network, or took up a checkpoint",
        )
    given = [option for option in OPTIONS if option.flag and places.get(option.name) is not None]
    unsaid = MAKING if manifest.checkpoint else ()
    if told := [str(option.flag) for option in given if not option.place or option.within(unsaid)]:
        raise SertoolError(
            f"the manifest says what {', '.join(told)} would",
            where=path,
            allowed=", ".join(
                str(option.flag)
                for option in OPTIONS
                if option.place and option.flag and not option.within(unsaid)
            ),
        )
    missing = [option for option in OPTIONS if option.key in manifest.places and option not in given]
    if missing:
        raise SertoolError(
            f"no manifest says where something lies, and {', '.join(one.key for one in missing)} was said",
            where=path,
            hint="say it with " + ", ".join(str(option.flag) for option in missing),
        )
    told_then = manifest.settings.project if manifest.settings else Project(name=manifest.name)
    project = resolve_project(told_then, target=manifest.target.word)
    return resolve_project(project, **places)


def differences(told: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[str, ...]:
    """Say by name what is not the same in two tables, as `versions.numpy is 2.0.0, was 1.26.4`."""
    was, now = (dict(_leaves(to_plain(table))) for table in (told, found))
    return tuple(
        f"{name} is {now.get(name, 'not there')}, was {was.get(name, 'not there')}"
        for name in dict.fromkeys([*was, *now])
        if was.get(name) != now.get(name)
    )


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, item in table.items():
        if isinstance(item, Mapping):
            yield from _leaves(item, f"{above}{name}.")
        else:
            yield f"{above}{name}", item


def made_command(project: Project, corpus: str) -> str:
    """The command that makes a network as `project` says, from the recordings that are called `corpus`.

    What no option says stands in the settings alone, and the command says so.
    """
    given = {
        option: setting(project, option.key)
        for option in OPTIONS
        if option.flag and option.within(MAKING) and setting(project, option.key) != option.default
    }
    words = ["sertool", "build", *((FLAGS["corpus.path"], corpus))]
    for option, value in given.items():
        words += [str(option.flag)] if value is True else [str(option.flag), written(value)]
    said = resolve_project(Project(), **{option.name: value for option, value in given.items()})
    alike = all(setting(said, key) == setting(project, key) for key in _decisive())
    return shlex.join(words) + ("" if alike else " (and settings that no option says)")


def _decisive() -> list[str]:
    return [one.key for one in OPTIONS if one.within(MAKING) and one.decides and not one.place]


def rebuild_command(
    project: Project, made: Project | None, folder: BuildFolder, checkpoint: CheckpointRecord | None = None
) -> str:
    """The command that makes the same bytes again, from every working folder of this machine.

    `made` is what the stages were told. Where it is None and no `checkpoint` that ships with sertool was taken
    up, the model was made elsewhere, and only the firmware can be made again.
    """
    if made is None and (checkpoint is None or checkpoint.word is None):
        flags = {option.key: str(option.flag) for option in OPTIONS}
        words = ["render", flags["target"], project.target, flags["output"], str(folder.root.parent)]
    else:
        words = ["build", ARGUMENTS["build.again"], str(folder.manifest)]
        for option in OPTIONS:
            if has_to_be_said(option, made or project):
                place = setting(made or project, option.key)
                words += [str(option.flag), str(Path(place).resolve()) if Path(place).exists() else place]
    return shlex.join(["sertool", *words])
