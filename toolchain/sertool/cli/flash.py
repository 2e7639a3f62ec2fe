"""`sertool flash`: the image onto the board on the desk, in the open, and the board's word for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sertool.cli.options import project_options
from sertool.cli.output import emit, json_option
from sertool.cli.setting_names import as_options
from sertool.project import BuildFolder, Project

if TYPE_CHECKING:
    from sertool.stages.flash import Flashed


@click.command()
@project_options()
@click.option("--runner", help="Tool that writes; default: the first of the target's that can be used.")
@click.option("--port", help="Serial port of the board, to ask it afterwards what it carries.")
@click.option("--probe", help="Serial number of the debug probe, where several are connected.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds that a tool may take.",
)
@click.option("--dry-run", is_flag=True, help="Check the image, print what would run, and write nothing.")
@json_option
def flash(
    project: Project,
    folder: BuildFolder,
    runner: str | None,
    port: str | None,
    probe: str | None,
    timeout: float,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write the image to the board on the desk.

    The image is checked against the build before, and with --port the board is asked after: it must say the
    build's manifest and pass its self-test, else the exit status is 1.
    """
    from sertool.stages.flash import flash as stage

    result = stage(
        project,
        folder,
        runner=runner,
        port=port,
        probe=probe,
        timeout=timeout,
        dry_run=dry_run,
        say=lambda text: click.echo(as_options(text), nl=False, err=True),
    )
    emit(result.to_dict(), flashed_text(result), as_json)


def flashed_text(result: Flashed) -> str:
    """A few lines for the person who typed the command."""
    if result.written and result.verified:
        done = [
            f"{result.runner} wrote {result.bytes:,} bytes; the board says that it carries "
            f"manifest {result.manifest}, and passed its self-test"
        ]
    elif result.written:
        done = [
            f"{result.runner} says that it wrote {result.bytes:,} bytes; nothing was verified: "
            "name the board's serial port with --port"
        ]
    else:
        done = [*(_would(result, runner) for runner in result.commands), "nothing was written"]
    return "\n".join([*done, *_kept(result)])


#: What a board says of the speaker whom it kept.
_KEPT = {
    "none": "nobody is kept there",
    "state": "a speaker whom it knew before is still known",
    "foreign": "what is kept there is of another model, and not taken",
    "damaged": "what stands there is no whole state, and not taken",
    "unread": "it has not looked there",
}


def _kept(result: Flashed) -> list[str]:
    if result.place is None or not result.written:
        return []
    where = (
        f"{result.place[0]:#010x} to {result.place[1]:#010x}, where a speaker may be kept, is not in the image"
    )
    said = "left as it is, unless the tool erases all flash" if result.kept is None else _KEPT[result.kept]
    return [f"{where}: {said}"]


def _would(result: Flashed, runner: str) -> str:
    if runner in result.obstacles:
        return f"cannot run: {result.commands[runner]} ({result.obstacles[runner]})"
    return f"{'would run' if runner == result.runner else 'else'}: {result.commands[runner]}"
