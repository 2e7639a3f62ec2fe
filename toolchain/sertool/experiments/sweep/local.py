"""Workers on this machine: joblib's processes, of one thread each."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from sertool.errors import SertoolError
from sertool.experiments.cases import Case
from sertool.experiments.sweep.learning import Learned, learn, train
from sertool.experiments.sweep.plans import Wanted
from sertool.experiments.sweep.work import Network, Work
from sertool.interrupts import lasting_interrupt
from sertool.progress import track
from sertool.training import FineTuningConfig, FloatModel, TrainingConfig


class LocalWorkers:
    """`jobs` processes; a single job is this process. Raises SertoolError for fewer than one."""

    def __init__(self, jobs: int) -> None:
        if jobs < 1:
            raise SertoolError(f"{jobs} jobs can do nothing", where="--jobs", allowed="1 or more")
        self._jobs = jobs

    def learn(self, work: Work) -> Iterator[tuple[Network, Wanted, Learned]]:
        """Train all float networks, then learn all plans; see `Workers`."""
        from joblib import delayed

        fits = (
            delayed(_train)(network, work.case(network), work.configs(network)[0], work.code)
            for network in work.plans
        )
        with self._results(fits) as done:
            models = dict(track(done, "Float networks", len(work.plans)))
        tasks = (
            delayed(_learn)(
                network, work.case(network), models[network], wanted, work.configs(network)[1], work.code
            )
            for network, plans in work.plans.items()
            for wanted in plans
        )
        with self._results(tasks) as done:
            yield from done

    @staticmethod
    def _unless_interrupted(results: Iterator[Any]) -> Iterator[Any]:
        with lasting_interrupt() as raise_again:
            for result in results:
                raise_again()
                yield result

    @contextmanager
    def _results(self, tasks: Iterator[Any]) -> Iterator[Iterator[Any]]:
        from joblib import Parallel

        results = Parallel(n_jobs=self._jobs, return_as="generator_unordered")(tasks)
        try:
            # Closed on its way out, joblib's own generator would warn; this one lets it be.
            yield self._unless_interrupted(results)
        except BrokenProcessPool as error:
            raise SertoolError(
                "a worker process died: killed from outside, or for want of memory",
                where=f"--jobs {self._jobs}",
                hint="run the same command again: finished rows are kept; fewer --jobs leave each more memory",
            ) from error
        finally:
            # Whoever interrupts a sweep knows that some work was not used.
            with warnings.catch_warnings(action="ignore"):
                results.close()

    def __enter__(self) -> LocalWorkers:
        return self

    def __exit__(self, *exception: object) -> None:
        pass


def _train(network: Network, case: Case, config: TrainingConfig, code: str) -> tuple[Network, FloatModel]:
    return network, train(case, config, code)


def _learn(
    network: Network, case: Case, model: FloatModel, wanted: Wanted, config: FineTuningConfig, code: str
) -> tuple[Network, Wanted, Learned]:
    return network, wanted, learn(case, model, wanted, config, code)
