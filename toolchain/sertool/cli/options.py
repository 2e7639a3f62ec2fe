"""The options that stages share, and how they override `sertool.toml`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sertool.project import build_folder, load_project, resolve_project

_OVERRIDES: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.option(
        "--project",
        "project_file",
        type=click.Path(path_type=Path),
        help="Project file; default: sertool.toml in this folder, if there is one.",
    ),
    click.option(
        "-t", "--target", help="Board: a name from `sertool targets list`, or a TOML file. Default: stm32."
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="Folder for builds, one sub-folder a target. Default: build.",
    ),
    click.option("-c", "--corpus", help="Folder of recordings, or a name below $SERTOOL_CORPORA."),
    click.option("--preset", help="Front end: laq180 or moments."),
    click.option("--protocol", help="Split: random10 or speaker."),
    click.option("--fold", type=int, help="Which fold of the protocol."),
    click.option("--seed", type=int, help="Seed of split and training."),
    click.option("--bits", help="Width of each layer, such as 1,1,4,4,8, or auto."),
    click.option(
        "--strategy", help="Search for widths: laq, budget, uniform, random-order or exhaustive. Default: laq."
    ),
    click.option("--margin", type=float, help="Points of validation accuracy that the search may give away."),
    click.option("--max-bytes", type=int, help="Most bytes of packed weights, scales and biases."),
    click.option(
        "--max-instructions", type=int, help="Most instructions of an inference on the target's core."
    ),
    click.option("--epochs", type=int, help="Length of training and of fine-tuning, in epochs."),
    click.option("--skip-bad", is_flag=True, default=None, help="Leave unreadable recordings out."),
)


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options; the command receives a `Project` and its `BuildFolder` in their place."""

    @functools.wraps(command)
    def wrapped(
        project_file: Path | None,
        target: str | None,
        output: Path | None,
        corpus: str | None,
        preset: str | None,
        protocol: str | None,
        fold: int | None,
        seed: int | None,
        bits: str | None,
        strategy: str | None,
        margin: float | None,
        max_bytes: int | None,
        max_instructions: int | None,
        epochs: int | None,
        skip_bad: bool | None,
        **rest: Any,
    ) -> Any:
        project = resolve_project(
            load_project(project_file),
            target=target,
            output=output,
            corpus=corpus,
            preset=preset,
            protocol=protocol,
            fold=fold,
            seed=seed,
            bits=bits,
            strategy=strategy,
            margin=margin,
            max_bytes=max_bytes,
            max_instructions=max_instructions,
            epochs=epochs,
            skip_bad=skip_bad,
        )
        return command(project=project, folder=build_folder(project), **rest)

    for option in reversed(_OVERRIDES):
        wrapped = option(wrapped)
    return wrapped
