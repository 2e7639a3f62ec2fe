"""The options that say who does the work of many trainings."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import click


def crew_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--jobs` and `--scheduler`, as the keyword arguments `jobs` (a number) and `scheduler`."""

    @click.option("-j", "--jobs", type=int, help="Processes of this machine. Default: one a processor.")
    @click.option("--scheduler", help="Dask scheduler whose workers do the work, such as tcp://10.0.0.5:8786.")
    @functools.wraps(command)
    def wrapped(jobs: int | None, scheduler: str | None, **given: Any) -> Any:
        if jobs is not None and scheduler is not None:
            raise click.UsageError(
                "--jobs is for this machine, --scheduler for a cluster's workers: give one of them"
            )
        jobs = len(os.sched_getaffinity(0)) if jobs is None else jobs
        return command(jobs=jobs, scheduler=scheduler, **given)

    return wrapped
