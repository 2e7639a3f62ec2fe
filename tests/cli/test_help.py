"""What a person meets first: help, version, unknown words, exit status."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from sertool import __version__
from sertool.cli.main import cli

COMMANDS = [
    "new",
    "corpus",
    "train",
    "quantize",
    "convert",
    "render",
    "build",
    "simulate",
    "classify",
    "report",
    "evaluate",
    "sweep",
    "flash",
    "targets",
    "doctor",
]


def sertool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from sertool.cli.main import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_help_lists_the_commands_in_the_order_of_the_work() -> None:
    text = CliRunner().invoke(cli, ["--help"]).output
    places = [text.index(f"\n  {command} ") for command in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_help_imports_neither_tensorflow_nor_librosa() -> None:
    code = (
        "import sys; from sertool.cli.main import cli; cli.main(['build', '--help'], standalone_mode=False);"
        "heavy = {'tensorflow', 'librosa', 'scipy', 'unicorn', 'soundfile', 'sklearn', 'distributed'};"
        "heavy &= set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_version() -> None:
    assert CliRunner().invoke(cli, ["--version"]).output == f"sertool {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "No such command"),
        (["build", "--sed", "3"], "No such option"),
        (["build", "--seed", "x"], "is not a whole number"),
        (["build", "--target", "stm23", "--corpus", "/nowhere"], "unknown target 'stm23'"),
        (["targets", "show", "stm23"], "did you mean stm32"),
        (["train", "--project", "none.toml"], "no such project file"),
        (["classify"], "Missing argument"),
        (["convert", "--bits", "8"], "--bits means nothing to sertool convert; it is for quantize, build"),
        (["classify", "--epochs", "7", "x.wav"], "--epochs means nothing to sertool classify"),
        (["flash", "--seed", "3"], "--seed means nothing to sertool flash"),
        (["flash", "-c", "emodb"], "-c means nothing to sertool flash"),
        (["train", "--hidden", "64;32"], "are not whole numbers between commas"),
        (["train", "--hidden", "0"], "sizes from 1 to 65535"),
        (["corpus", "audit", "/nowhere"], "no such corpus"),
    ],
)
def test_wrong_usage_is_one_message_and_status_2(arguments: list[str], message: str) -> None:
    done = sertool(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
