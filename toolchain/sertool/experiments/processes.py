"""Tasks side by side: joblib's processes on this machine, with every end that they may come to."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from sertool.errors import SertoolError
from sertool.interrupts import lasting_interrupt


def check_jobs(jobs: int) -> None:
    """Raise SertoolError for fewer processes than one."""
    if jobs < 1:
        raise SertoolError(f"{jobs} jobs can do nothing", where="workers.jobs", allowed="1 or more")


@contextmanager
def side_by_side(tasks: Iterable[Any], jobs: int) -> Iterator[Iterator[Any]]:
    """Yield what `tasks`, calls wrapped by joblib's `delayed`, return: as it is there, in any order.

    A single job is this process. Leaving the block ends what is not finished. Raises SertoolError where a
    process dies, and what a task raises.
    """
    from joblib import Parallel

    with warnings.catch_warnings():
        # joblib renews a process that has grown, as any does in which TensorFlow trains; no task is lost by it.
        warnings.filterwarnings("ignore", "A worker stopped")
        with _unheard_interrupts():
            results = Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks)
        try:
            # Closed on its way out, joblib's own generator would warn; this one lets it be.
            yield _unless_interrupted(results)
        except BrokenProcessPool as error:
            raise SertoolError(
                "a worker process died: killed from outside, or for want of memory",
                where=f"workers.jobs = {jobs}",
                hint="run it again: what is finished is kept; fewer of them leave each more memory",
            ) from error
        finally:
            # Whoever interrupts knows that some work was not used.
            with warnings.catch_warnings(action="ignore"):
                results.close()


@contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """Let interrupts wait, and processes and threads that begin within never hear of any.

    A terminal sends them to the workers too, which would tell of it wherever it hits them: whoever waits for
    them ends them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _unless_interrupted(results: Iterator[Any]) -> Iterator[Any]:
    with lasting_interrupt() as raise_again:
        for result in results:
            raise_again()
            yield result
