"""`sertool sweep`: widths and hidden sizes searched together."""

from __future__ import annotations

import click

from sertool.cli.crew import crew_options
from sertool.cli.options import project_options
from sertool.cli.output import emit, json_option, show_path, table
from sertool.project import BuildFolder, Project


@click.command()
@project_options(
    "name",
    "corpus",
    "frontend",
    "augmentation",
    "training.epochs",
    "quantization.margin",
    "sweep",
    writes="sweep",
)
@crew_options
@json_option
def sweep(
    project: Project,
    folder: BuildFolder,
    jobs: int,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Search widths and hidden sizes together.

    Trains every network of [sweep] in sertool.toml at every plan, with several seeds, and prints the points
    that no other beats in validation accuracy, flash, RAM and instructions. Rows are kept as they finish: an
    interrupted sweep goes on where it stopped.
    """
    from sertool.stages.sweep import sweep as stage

    result = stage(project, folder, jobs=jobs, scheduler=scheduler)
    rows = [
        (
            point.preset,
            "-".join(map(str, point.shape)),
            point.wanted,
            f"{100 * point.validation.mean:.1f}",
            f"{100 * point.test.mean:.1f}",
            f"{point.bytes:,}",
            *(("-" if size is None else f"{size:,}") for size in (point.flash, point.ram, point.instructions)),
        )
        for point in result.front
    ]
    header = ("front end", "network", "plan", "validation %", "test %", "bytes", "flash", "RAM", "instructions")
    tried = f"{len(result.points)} points, {len(result.front)} of them on the front"
    emit(result.to_dict(), f"{table(rows, header)}\n{tried}; all rows: {show_path(result.file)}", as_json)
