"""`sertool classify`: what the built model hears in a recording."""

from __future__ import annotations

from pathlib import Path

import click

from sertool.cli.options import project_options
from sertool.cli.output import emit, json_option, table
from sertool.project import BuildFolder, Project


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@project_options("corpus.skip_bad")
@click.option(
    "--one-speaker",
    is_flag=True,
    help="FILES are what one person says, in this order; without it each is somebody new. For models that "
    "follow their speaker by all that is heard.",
)
@click.option(
    "--enroll",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A neutral utterance with which the speaker of FILES enrols; up to three times. For models of the "
    "standardization enrolled.",
)
@json_option
def classify(
    files: tuple[Path, ...],
    project: Project,
    folder: BuildFolder,
    one_speaker: bool,
    enroll: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Name the emotion in audio FILES.

    Computes the integers that the chip computes. The answer says whether to believe the label: sure, not sure
    and why, or no voice, where the label means nothing.
    """
    from sertool.stages.classify import classify as stage

    results = stage(folder, files, project=project, one_speaker=one_speaker, enrolled=enroll)
    rows = [
        (
            str(result.path),
            result.label,
            f"{100 * result.confidence:.0f} %",
            ": ".join(filter(None, (result.certainty.told, ", ".join(result.doubts.told)))),
        )
        for result in results
    ]
    emit(
        {"clips": [result.to_dict() for result in results]},
        table(rows, ("file", "label", "probability", "answer")),
        as_json,
    )
