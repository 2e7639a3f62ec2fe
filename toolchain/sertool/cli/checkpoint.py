"""`sertool checkpoint`: networks that are made already, and making one of a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sertool.cli.output import emit, json_option, show_path, table
from sertool.project import BuildFolder

if TYPE_CHECKING:
    from sertool.checkpoints import Checkpoint


@click.group()
def checkpoint() -> None:
    """Networks that are made already: list, export."""


@checkpoint.command("list")
@json_option
def list_checkpoints(as_json: bool) -> None:
    """List the checkpoints that ship with sertool, for `sertool build --checkpoint`."""
    from sertool import checkpoints

    found = [checkpoints.load(name)[0] for name in checkpoints.names()]
    header = ("name", "network", "accuracy by protocol", "terms of the recordings")
    emit({"checkpoints": [each.headline() for each in found]}, table(list(map(_row, found)), header), as_json)


def _row(found: Checkpoint) -> tuple[str, ...]:
    network = f"{'-'.join(map(str, found.shape))} at {','.join(found.plan)}"
    accuracy = ", ".join(f"{each.protocol} {100 * each.accuracy.mean:.1f} %" for each in found.evaluations)
    terms = found.corpus.terms
    return found.name, network, accuracy or "-", terms.terms if terms else "known to their owner"


@checkpoint.command("export")
@click.argument("build", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What the checkpoint is called: a-z, 0-9, - and _.")
@click.option(
    "--evaluation",
    "evaluations",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Figures of `sertool evaluate` with the same settings: an evaluation.json. May be said several times.",
)
@click.option(
    "--into",
    default="checkpoints",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of checkpoints, which gets one of this name.",
)
@json_option
def export_checkpoint(build: Path, name: str, evaluations: tuple[Path, ...], into: Path, as_json: bool) -> None:
    """Make a checkpoint of the finished BUILD, a folder such as build/stm32."""
    from sertool.stages.export import export

    made = export(BuildFolder(build.resolve()), name, into, evaluations)
    emit(made.to_dict(), f"wrote {show_path(made.folder)} ({made.bytes:,} bytes)", as_json)
