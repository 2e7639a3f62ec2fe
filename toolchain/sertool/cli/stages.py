"""The stages as commands: each loads the project, calls one stage and prints what it found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sertool.cli.options import RECORDINGS, project_options
from sertool.cli.output import emit, json_option, show_path
from sertool.errors import SertoolError
from sertool.project import BuildFolder, Project
from sertool.project.manifest import Manifest

if TYPE_CHECKING:
    from sertool.stages.build import Built


@click.command()
@project_options("corpus", "frontend", "augmentation", "training", writes="build")
@json_option
def train(project: Project, folder: BuildFolder, as_json: bool) -> None:
    """Train the float network on recordings."""
    from sertool.stages.train import train as stage

    result = stage(project, folder)
    shape = "-".join(map(str, result.shape))
    emit(
        result.to_dict(),
        f"{shape}, {result.parameters} parameters, {result.epochs} epochs: validation accuracy "
        f"{100 * result.validation_accuracy:.1f} %",
        as_json,
    )


@click.command()
@project_options(*RECORDINGS, "quantization", "fine_tuning", writes="build")
@json_option
def quantize(project: Project, folder: BuildFolder, as_json: bool) -> None:
    """Give each layer its width and fine-tune the network for it."""
    from sertool.stages.quantize import quantize as stage

    result = stage(project, folder)
    emit(
        result.to_dict(),
        f"plan {','.join(result.plan)}, {result.bytes:,} bytes: "
        f"validation accuracy {100 * result.validation_accuracy:.1f} %, "
        f"float {100 * result.float_validation_accuracy:.1f} %",
        as_json,
    )


@click.command()
@project_options(writes="build")
@json_option
def convert(project: Project, folder: BuildFolder, as_json: bool) -> None:
    """Write model.tflite, which TFLite Micro runs."""
    from sertool.stages.convert import convert as stage

    result = stage(folder)
    emit(
        result.to_dict(),
        f"wrote {show_path(folder.tflite)} ({result.tflite_bytes} bytes) and "
        f"{show_path(folder.tflite_lut)} ({result.tflite_lut_bytes} bytes)",
        as_json,
    )


@click.command()
@project_options("name", writes="build")
@json_option
def render(project: Project, folder: BuildFolder, as_json: bool) -> None:
    """Render the C project of the board.

    It builds with make or CMake, without Python.
    """
    from sertool.stages.render import render as stage

    result = stage(project, folder)
    emit(result.to_dict(), f"wrote {result.files} files to {show_path(folder.firmware)}", as_json)


@click.command()
@project_options(
    "name",
    "corpus",
    "frontend",
    "augmentation",
    "training",
    "quantization",
    "fine_tuning",
    again=True,
    writes="build",
)
@click.option(
    "--checkpoint",
    help="Take up a network that is made already: a name from `sertool checkpoint list`, or a folder of your "
    "own (./mine). No recordings, no training.",
)
@click.option(
    "--board-clips",
    type=click.IntRange(min=0),
    help="Recordings to play to the emulated board. Default: 3, or 1 with --checkpoint.",
)
@json_option
def build(
    project: Project,
    folder: BuildFolder,
    checkpoint: str | None,
    board_clips: int | None,
    as_json: bool,
    again: Manifest | None = None,
) -> int:
    """Run all stages, from recordings to a verified image.

    Trains, quantizes, converts, renders, compiles, verifies and reports.

    What still holds from an earlier run is not done again; an interrupted build goes on where it stopped. Exit
    status 1 when the image does not give exactly the integers that Python predicted.
    """
    from sertool.stages.build import build as stage

    result = stage(project, folder, board_clips=board_clips, again=again, checkpoint=checkpoint)
    emit(result.to_dict(), built_text(result), as_json)
    return 0 if result.exact else 1


def built_text(result: Built) -> str:
    """A few lines for the person who typed the command."""
    head, exactness, memory = result.report.headline, result.report.exactness, result.report.memory
    lines = [f"{head.shape} at {head.plan} for {head.target}"]
    if memory:
        lines.append(
            f"flash {memory.flash.used:,} of {memory.flash.capacity:,} bytes, "
            f"RAM {memory.ram.used:,} of {memory.ram.capacity:,}"
        )
    strangers = result.report.of_strangers
    if strangers:
        mean, folds = 100 * strangers.accuracy.mean, strangers.folds
        lines.append(f"accuracy {mean:.1f} % on strangers' voices: {folds} folds, networks made as this one")
    if head.quantized_accuracy is not None and head.float_accuracy is not None:
        quantized, floating = 100 * head.quantized_accuracy, 100 * head.float_accuracy
        speech = ", on SYNTHETIC speech" if head.synthetic else ""
        split = result.report.split
        more = "" if strangers else "; of strangers see: sertool evaluate --protocol speaker"
        known = f" (voices that training heard{more})" if split and split.shared_speakers else ""
        lines.append(f"test accuracy {quantized:.1f} %, in float {floating:.1f} %{speech}{known}")
    if exactness:
        verdict = "all equal" if result.exact else f"{exactness.mismatches:,} DIFFER"
        lines.append(f"{exactness.compared:,} integers compared with the reference: {verdict}")
    lines.append(f"image   {result.folder.image / 'firmware.elf'}")
    lines.append(f"report  {result.folder.report / 'report.html'}")
    return "\n".join(lines)


@click.command()
@project_options(*RECORDINGS, writes="build")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help="Compare the rows of a results file, such as results/accuracy.json, instead of reporting a build.",
)
@click.option(
    "--max-flash",
    type=click.IntRange(min=1),
    help="Bytes of flash that advice may count on. Default: the target's.",
)
@json_option
def report(
    project: Project, folder: BuildFolder, results: Path | None, max_flash: int | None, as_json: bool
) -> None:
    """Write the report and the model card of a build, or compare results.

    After `sertool sweep` the report advises which network to take for the target.
    """
    if results is not None:
        if max_flash is not None:
            raise SertoolError(
                "--max-flash says what an image may take, but --results count the bytes of models",
                allowed="--max-flash for the report of a build",
            )
        from sertool.stages.tradeoff import write_comparison

        page, data = write_comparison(results, folder.report)
        emit({"page": str(page), "data": str(data)}, f"wrote {show_path(page)}", as_json)
        return
    from sertool.stages.report import write_report as stage

    value = stage(project, folder, max_flash)
    emit(value.to_dict(), f"wrote {show_path(folder.report / 'report.html')}", as_json)
