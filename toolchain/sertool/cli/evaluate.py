"""`sertool evaluate`: how right a network is on people that it has not heard."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from sertool.cli.crew import crew_options
from sertool.cli.options import RECORDINGS, project_options
from sertool.cli.output import emit, json_option, show_path, table
from sertool.evaluation import Evaluation
from sertool.project import BuildFolder, Project

#: What a model that is built already leaves to be said, beside where recordings lie.
_SAID = {"project_file", "target", "output", "build", "without", "features", "conditions", "as_json"}


@click.command()
@project_options(
    *RECORDINGS,
    "corpus.protocol",
    "corpus.seed",
    "frontend",
    "augmentation",
    "training",
    "quantization",
    "fine_tuning",
    "evaluation",
    writes="evaluation",
)
@crew_options
@click.option(
    "--build",
    type=click.Path(path_type=Path),
    help="Score the model of this build folder, such as build/stm32, on the recordings: nothing is trained.",
)
@click.option("--without", help="With --build: labels to leave out, such as surprise,calm.")
@click.option(
    "--features",
    type=click.Path(path_type=Path),
    help="Write the features of all recordings to this file too, CSV or (with pyarrow) Parquet.",
)
@json_option
def evaluate(
    project: Project,
    folder: BuildFolder,
    jobs: int,
    scheduler: str | None,
    build: Path | None,
    without: str | None,
    features: Path | None,
    as_json: bool,
) -> None:
    """Test a network on every fold of a protocol.

    For each fold and seed a network is trained, given its widths and tested on clips that it has not heard, as
    sertool build does it once. By speaker (--protocol speaker) that says what a stranger gets; with
    --standardization running also what following the speaker gives, beside not following. What is finished
    is kept: an interrupted evaluation goes on where it stopped. With --build a model that is there already is
    scored on other labelled recordings (--corpus), or on a list of your own (--labels).
    """
    if build is None:
        if without is not None:
            raise click.UsageError("--without is for --build: a network trains on every label that there is")
        from sertool.stages.evaluate import evaluate as stage

        result = stage(project, folder, jobs=jobs, scheduler=scheduler, features=features)
    else:
        _refuse_training()
        from sertool.stages.score import score

        labels = [word.strip() for word in without.split(",")] if without else []
        result = score(BuildFolder(build.resolve()), project, without=labels, features=features)
    value, following = result.value, result.value.following
    rows = [
        (name, "" if spread is None else f"{100 * spread.mean:.1f}", _interval(spread.low, spread.high))
        for name, spread in (
            ("accuracy", value.accuracy),
            ("unweighted recall", value.unweighted),
            ("macro F1", value.macro_f1),
            ("accuracy in float", value.float_accuracy),
            ("accuracy, following nobody", following.plain if following else None),
            ("gain of following", following.gain if following else None),
            *(
                (f"{each.condition}{told}", spread)
                for each in value.conditions
                for told, spread in (
                    ("", each.accuracy),
                    (", not augmented", each.unaugmented),
                )
            ),
        )
        if spread is not None
    ]
    over = "a built model"
    if build is None:
        over = f"{value.protocol}, {_count(value.folds, 'fold')}, {_count(value.seeds, 'seed')}"
    errors = (f"{100 * found.error:.1f} %" for found in (value.calibration.after, value.calibration.before))
    lines = [
        f"{value.corpus}{', SYNTHETIC speech' if value.synthetic else ''}: {over}",
        table(rows, ("", "%", "95 % interval")),
        "calibration error {}, without temperature {}".format(*errors),
        "sure of {sure} of {answers} answers, {right} of them right".format(**vars(value.sureness)),
        *_calm(value),
        *_enrolled(value),
        f"page     {show_path(result.page)}",
        f"figures  {show_path(result.figures)}",
    ]
    emit(result.to_dict(), "\n".join(lines), as_json)


def _calm(value: Evaluation) -> list[str]:
    """What becomes of who was only heard neutral."""
    calm = value.following and value.following.calm
    if not calm:
        return []
    shares = [
        f"{100 * share:.1f} % of {clips} (following nobody {100 * plain:.1f} %)"
        for share, clips, plain in (
            (calm.all, "all clips", calm.all_plain),
            (calm.neutral, "neutral ones", calm.neutral_plain),
        )
    ]
    return [f"after {calm.utterances} neutral utterances right: {', '.join(shares)}"]


def _enrolled(value: Evaluation) -> list[str]:
    """How right networks are by the number of utterances that enrolled."""
    return [
        f"enrolled with {each.utterances} right: {100 * each.accuracy:.1f} % (following nobody "
        f"{100 * each.plain:.1f} %)"
        for each in (value.following.enrolled if value.following else ())
    ]


def _interval(low: float | None, high: float | None) -> str:
    return "none" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _refuse_training() -> None:
    """Raise UsageError for an option that says how to split, train or quantize."""
    context = click.get_current_context()
    recordings = {key.rpartition(".")[2] for key in RECORDINGS if key != "corpus.path"} | {"corpus"}
    for parameter in context.command.params:
        name = str(parameter.name)
        if name not in _SAID | recordings and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{max(parameter.opts, key=len)} means nothing with --build")
