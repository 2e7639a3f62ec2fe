"""The settings of a project as options of the command line, made from the table of the settings."""

from __future__ import annotations

import contextlib
import functools
import shlex
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sertool.project import CorpusConfig, build_folder, load_project, resolve_project
from sertool.project.again import project_again, read_manifest
from sertool.project.holding import held
from sertool.project.options import OPTIONS, Option, written
from sertool.project.overriding import check_beside_checkpoint

#: Settings that say where a build lies, which every command on one needs.
_PLACE = ("target", "output")

#: What a stage after training may be told of the recordings: where they are now, not how they were split.
RECORDINGS = tuple(f"corpus.{name}" for name in ("path", *CorpusConfig.TELLING, "skip_bad"))

_PROJECT_FILE = click.option(
    "--project",
    "project_file",
    type=click.Path(path_type=Path),
    help="Project file; default: sertool.toml in this folder, if there is one.",
)

_AGAIN = click.option(
    "--again",
    "manifest_file",
    type=click.Path(path_type=Path),
    help="Repeat the build of this manifest.json, byte for byte; sertool.toml plays no part.",
)


class Whole(click.ParamType):  # type: ignore[type-arg]  # Older clicks cannot be told the type.
    """A whole number of at most 64 bits, which is what the files hold that sertool writes and reads."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value[:60]!r} is not a whole number", param, ctx)
        if not -(2**63) <= number < 2**63:
            self.fail(f"{value[:60]} has more than 64 bits", param, ctx)
        return number


class Sizes(click.ParamType):  # type: ignore[type-arg]  # Older clicks cannot be told the type.
    """Whole numbers between commas, such as 128,64,32."""

    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return the numbers."""
        try:
            return tuple(int(word) for word in value.split(","))
        except ValueError:
            self.fail(f"{value!r} are not whole numbers between commas, such as 128,64,32", param, ctx)


def project_options(
    *tables: str, writes: str | None = None, again: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options whose settings lie in `tables` (dotted keys of `sertool.toml`).

    The command receives a `Project` and its `BuildFolder` in their place, and with `again` the `Manifest` that
    the project was taken from, or None. What it `writes` into the folder ("build", "sweep") no other process
    writes meanwhile. Every command takes `--project`, `--target` and `--output`; what it
    does not take means nothing to it and is refused.
    """
    taken = [option for option in OPTIONS if option.flag and option.within((*_PLACE, *tables))]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(project_file: Path | None, **given: Any) -> Any:
            settings = {option.name: given.pop(option.name) for option in taken}
            if again and (manifest_file := given.pop("manifest_file")):
                if project_file:
                    raise click.UsageError("--again takes every setting from the manifest: leave --project out")
                given["again"] = read_manifest(manifest_file)
                project = project_again(given["again"], manifest_file, **settings)
            else:
                if given.get("checkpoint"):
                    check_beside_checkpoint(**settings)
                project = resolve_project(load_project(project_file), **settings)
            folder = build_folder(project)
            typed = shlex.join(["sertool", *sys.argv[1:]])
            with held(project, folder, typed, writes) if writes else contextlib.nullcontext():
                return command(project=project, folder=folder, **given)

        decorated: Callable[..., Any] = wrapped
        for option in reversed(taken):
            decorated = _as_click(option)(decorated)
        return _PROJECT_FILE(_AGAIN(decorated) if again else decorated)

    return decorate


def project_option(key: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the option that says the setting `key`, under the option's name; None where not given."""
    return _as_click(next(option for option in OPTIONS if option.key == key))


def telling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say label, speaker and part of recordings, as keyword arguments."""
    for name in reversed(CorpusConfig.TELLING):
        command = project_option(f"corpus.{name}")(command)
    return command


def _as_click(option: Option) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    names = [str(option.flag), *([option.short] if option.short else []), option.name]
    flag = option.annotation is bool
    text = option.help or option.comment
    if not (flag or option.also or option.default is None):
        text += f" Default: {written(option.default)}."
    kind = None if flag else _type(option.annotation)
    return click.option(*names, type=kind, is_flag=flag, default=None, help=text)


def _type(annotation: Any) -> Any:
    if typing.get_origin(annotation) is tuple:
        return Sizes()
    return {Path: click.Path(path_type=Path), int: Whole()}.get(annotation, annotation)
