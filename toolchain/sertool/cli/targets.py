"""`sertool targets`: the boards that firmware can be made for."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sertool.cli.output import emit, json_option, table


@click.group()
def targets() -> None:
    """Boards: list, show, check."""


@targets.command("list")
@json_option
def list_targets(as_json: bool) -> None:
    """List the boards that ship with sertool."""
    from sertool.targets import load, names

    boards = [load(name) for name in names()]
    rows = [
        (
            board.name,
            ", ".join(board.aliases) or "-",
            board.core.cpu,
            f"{board.core.clock_hz / 1e6:g} MHz",
            f"{board.memory.flash.length // 1024} KiB",
            f"{board.memory.ram.length // 1024} KiB",
            board.title,
        )
        for board in boards
    ]
    header = ("name", "alias", "core", "clock", "flash", "RAM", "board")
    emit({"targets": [board.to_dict() for board in boards]}, table(rows, header), as_json)


@targets.command("show")
@click.argument("target")
def show_target(target: str) -> None:
    """Show everything known of a board and the clocks that it will run at, as JSON."""
    from sertool.targets import load

    board = load(target)
    click.echo(json.dumps({**board.to_dict(), "clocks": dict(board.wiring.clocks)}, indent=2))


@targets.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check_targets(files: tuple[Path, ...]) -> None:
    """Check target files of your own; the first one that is wrong is told by file, line and key."""
    from sertool.targets import check

    for path in files:
        click.echo(f"{path}: {check(path).name} is a valid target")
