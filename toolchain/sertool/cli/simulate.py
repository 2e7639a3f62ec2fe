"""`sertool simulate`: the same clips through several engines, compared after every layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sertool.cli.options import RECORDINGS, project_options
from sertool.cli.output import emit, json_option
from sertool.project import BuildFolder, Project
from sertool.verify.verdict import paragraph

if TYPE_CHECKING:
    from sertool.stages.simulate import Simulated


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@project_options(*RECORDINGS, writes="build")
@click.option(
    "-e",
    "--engines",
    help="Comma-separated: tflm, tflite, host, emulator (or emulator:cortex-m0), board. "
    "Default: all of them, with the target's core.",
)
@click.option("--clips", type=click.IntRange(min=1), help="At most so many clips of the test split.")
@click.option(
    "--board-clips",
    default=3,
    show_default=True,
    type=click.IntRange(min=0),
    help="At most so many clips, from PCM to label, for the board (it runs at the pace of its UART).",
)
@click.option("--port", help="Serial port of a real board; without it the board is emulated.")
@json_option
def simulate(
    files: tuple[Path, ...],
    project: Project,
    folder: BuildFolder,
    engines: str | None,
    clips: int | None,
    board_clips: int,
    port: str | None,
    as_json: bool,
) -> int:
    """Compare engines, layer by layer.

    Runs the test split, or audio FILES, through several engines and compares every layer with the reference.

    Exit status 1 when a single integer differs; the first one is named by engine, clip, layer and index.
    """
    from sertool.stages.simulate import simulate as stage

    names = tuple(name.strip() for name in engines.split(",")) if engines else None
    result = stage(project, folder, files=files, engines=names, clips=clips, board_clips=board_clips, port=port)
    emit(result.to_dict(), simulated_text(result), as_json)
    return 1 if result.comparison.first_difference else 0


def simulated_text(result: Simulated) -> str:
    """The comparison in one paragraph, and a line for each core."""
    lines = [paragraph(result.comparison)]
    lines += [
        f"{count.core}: {count.inference:,} instructions an inference, {count.audio_second:,} a second of sound"
        for count in result.instructions
    ]
    return "\n".join(lines)
