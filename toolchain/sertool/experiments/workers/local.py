"""Workers on this machine: joblib's processes, of one thread each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sertool.experiments.learning import learn
from sertool.experiments.outcomes import Outcome
from sertool.experiments.processes import check_jobs, side_by_side
from sertool.experiments.workers.jobs import Job
from sertool.interrupts import lasting_interrupt


class LocalWorkers:
    """`jobs` processes; a single job is this process. Raises SertoolError for fewer than one."""

    def __init__(self, jobs: int) -> None:
        check_jobs(jobs)
        self._jobs = jobs

    @property
    def count(self) -> int:
        """The processes."""
        return self._jobs

    def learn(self, jobs: Sequence[Job]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        """Do the jobs; see `Workers`."""
        from joblib import delayed

        tasks = (delayed(_learn)(number, job) for number, job in enumerate(jobs))
        with side_by_side(tasks, min(self._jobs, len(jobs))) as done:
            yield from done

    def __enter__(self) -> LocalWorkers:
        return self

    def __exit__(self, *exception: object) -> None:
        pass


def _learn(number: int, job: Job) -> tuple[int, tuple[Outcome, ...]]:
    # A single job is this process, which a terminal interrupts.
    with lasting_interrupt() as raise_again:
        outcomes = learn(job.case, job.recipe, job.trials, job.code)
        raise_again()
    return number, outcomes
