"""Every option that a text of the code base names is one that the commands have which can say that text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import sertool
from sertool.cli.main import cli

PACKAGE = Path(sertool.__file__).parent

#: Who can say the texts of a module that name an option. Texts for no person but a tool are not looked at.
BUILDING = ("train", "build", "sweep")
STORED = ("quantize", "build", "simulate", "report")
READING = (*BUILDING, *STORED, "corpus audit")
SAID_BY: dict[str, tuple[str, ...]] = {
    "corpora/recording.py": (*BUILDING, *STORED, "classify"),
    "corpora/contents.py": (*BUILDING, *STORED, "classify"),
    "corpora/choosing.py": READING,
    "corpora/loading.py": READING,
    "corpora/reading.py": READING,
    "corpora/splitting.py": BUILDING,
    "firmware/load_image.py": ("flash",),
    "stages/flash.py": ("flash",),
    "project/again.py": ("build",),
    "verify/comparison.py": ("simulate",),
    "corpora/catalogue.py": BUILDING,
    "stages/recordings.py": ("train", "build", "quantize", "simulate", "report"),
    "stages/report.py": ("report",),
    "stages/compile.py": ("build",),
    "stages/simulate.py": ("simulate",),
    "experiments/processes.py": ("sweep",),
    "experiments/sweep/cluster.py": ("sweep",),
    "experiments/store.py": ("sweep", "report"),
    "device/qemu.py": ("simulate",),
    "device/flashing.py": ("flash",),
    "firmware/image.py": ("build",),
}
#: Options of compilers and other tools.
TOOLS = {
    "firmware/project.py",
    "firmware/footprints.py",
    "compilers.py",
    "engines/cortex_m.py",
    "project/doctor.py",
}
WORDS_OF_TOOLS = {"--nthreads", "--silent", "--help"}


def texts(module: ast.Module) -> Iterator[str]:
    """Every literal text of a module but docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(module) if isinstance(node, documented) and node.body]
    docstrings = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def named() -> dict[str, set[str]]:
    """Options by the module that names them; the command line and the table of options may name them all."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.startswith("cli/") or name == "project/options.py" or name in TOOLS or "/runners/" in name:
            continue
        options = {
            option
            for text in texts(ast.parse(path.read_text(encoding="utf-8")))
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
        }
        if options:
            found[name] = options
    return found


def options_of(command: str) -> set[str]:
    group: click.Command = cli
    for word in command.split():
        group = group.commands[word]  # type: ignore[attr-defined]
    return {option for parameter in group.params for option in parameter.opts}


NAMED = named()


@pytest.mark.parametrize("module", NAMED)
def test_commands_have_the_options_that_texts_name(module: str) -> None:
    assert module in SAID_BY, f"say in this test which commands can say {NAMED[module]}"
    for command in SAID_BY[module]:
        assert NAMED[module] - options_of(command) - WORDS_OF_TOOLS == set(), command


def test_options_of_the_command_line_are_options_of_some_command() -> None:
    def every(command: click.Command) -> Iterator[str]:
        for parameter in command.params:
            yield from parameter.opts
        for inner in getattr(command, "commands", {}).values():
            yield from every(inner)

    there = {*every(cli), "--help"}
    for path in (PACKAGE / "cli").glob("*.py"):
        for text in texts(ast.parse(path.read_text(encoding="utf-8"))):
            assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) <= there, path
