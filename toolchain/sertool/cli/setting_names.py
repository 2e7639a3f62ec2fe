"""From settings, as every text names them, to the options of the command that runs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from sertool.project.options import FLAGS

_KEY = re.compile(r"(?<![\w./-])(" + "|".join(map(re.escape, FLAGS)) + r")(?![\w-]|\.\w)( = )?")


def as_options(text: str, command: click.Command | None = None) -> str:
    """Put options in the place of settings: `--layout label` for `corpus.layout = label`.

    What `command`, or else the one that runs, has no option for stays as it is.
    """
    context = click.get_current_context(silent=True)
    command = command or (context.command if context else None)
    options = {name for parameter in command.params for name in parameter.opts} if command else set()

    def option(found: re.Match[str]) -> str:
        flag = FLAGS[found[1]]
        return f"{flag}{' ' if found[2] else ''}" if flag in options else found[0]

    return _KEY.sub(option, text)


def command_of(words: Sequence[str], group: click.Group) -> click.Command:
    """The command that the words of a command line name."""
    command: click.Command = group
    for word in words:
        if not isinstance(command, click.Group) or word not in command.commands:
            break
        command = command.commands[word]
    return command
