"""Entry point: the command group, and what an error looks like to the person who typed it."""

from __future__ import annotations

import errno
import itertools
import logging
import os
import sys
from collections.abc import Sequence

import click

from sertool.cli.checkpoint import checkpoint
from sertool.cli.classify import classify
from sertool.cli.corpus import corpus
from sertool.cli.doctor import doctor
from sertool.cli.evaluate import evaluate
from sertool.cli.flash import flash
from sertool.cli.new import new
from sertool.cli.setting_names import as_options, command_of
from sertool.cli.simulate import simulate
from sertool.cli.stages import build, convert, quantize, render, report, train
from sertool.cli.sweep import sweep
from sertool.cli.targets import targets
from sertool.errors import SertoolError
from sertool.version import __version__

_INTERRUPTED = 130


class _InOrder(click.Group):
    """Lists commands in the order of the work, not of the alphabet."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.commands)


_COMMANDS = {
    "new": new,
    "corpus": corpus,
    "train": train,
    "quantize": quantize,
    "convert": convert,
    "render": render,
    "build": build,
    "simulate": simulate,
    "classify": classify,
    "report": report,
    "evaluate": evaluate,
    "sweep": sweep,
    "flash": flash,
    "checkpoint": checkpoint,
    "targets": targets,
    "doctor": doctor,
}


@click.group(cls=_InOrder, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="sertool %(version)s")
def cli() -> None:
    """Turn recordings of emotional speech into bit-exact firmware for Cortex-M boards.

    \b
    sertool build --target stm32 --checkpoint emodb   an image in seconds, of a network that is made already
    sertool build --target stm32 --corpus emodb       the whole chain, from recordings to image
    sertool doctor                                    what is missing here and how to get it
    """


def main() -> None:
    """Run the command line; exit with 0, 1 (a check failed), 2 (usage or input) or 130 (interrupted)."""
    # Fork-based workers and TensorFlow both read these once, so they are set before anything is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    command = command_of(sys.argv[1:], cli)
    told = logging.StreamHandler()
    told.setFormatter(_Told(command))
    logging.basicConfig(level=logging.INFO, handlers=[told])
    try:
        _refuse_empty(sys.argv[1:])
        status = cli.main(prog_name="sertool", standalone_mode=False)
    except click.exceptions.Abort:
        _fail("interrupted: no file was left half-written; run the same command to go on", _INTERRUPTED)
    except click.NoSuchOption as error:
        _with_takers(error).show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted: no file was left half-written; run the same command to go on", _INTERRUPTED)
    except SertoolError as error:
        _fail(f"error: {as_options(str(error), command)}", error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        _fail(f"error: no file can have a name as long as {str(error.filename)[:40]}...", 2)
    sys.exit(status if isinstance(status, int) else 0)


class _Told(logging.Formatter):
    """Log lines in the options of one command."""

    def __init__(self, command: click.Command) -> None:
        super().__init__("%(message)s")
        self._command = command

    def format(self, record: logging.LogRecord) -> str:
        return as_options(super().format(record), self._command)


def _refuse_empty(words: Sequence[str]) -> None:
    """Raise UsageError for an empty argument: it says nothing, as an unset variable of a shell does."""
    for before, word in itertools.pairwise(["", *words]):
        if not word or (word.startswith("--") and word.endswith("=")):
            option = word.rstrip("=") or (before if before.startswith("-") else "an argument")
            raise click.UsageError(f"{option} is empty")


def _with_takers(error: click.NoSuchOption) -> click.UsageError:
    """Say which commands an option is of, where some other one has it."""
    takers = [
        name
        for name, command in cli.commands.items()
        if any(error.option_name in parameter.opts for parameter in command.params)
    ]
    if not takers or error.ctx is None:
        return error
    told = f"{error.option_name} means nothing to {error.ctx.command_path}; it is for {', '.join(takers)}"
    return click.UsageError(told, error.ctx)


def _fail(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)
