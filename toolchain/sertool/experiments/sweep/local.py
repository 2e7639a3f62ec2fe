"""Workers on this machine: joblib's processes, of one thread each."""

from __future__ import annotations

from collections.abc import Iterator

from sertool.experiments.processes import check_jobs, side_by_side
from sertool.experiments.sweep.learning import Learned, learn, train
from sertool.experiments.sweep.plans import Wanted
from sertool.experiments.sweep.work import Network, Work
from sertool.material import Case
from sertool.progress import track
from sertool.training import FineTuningConfig, FloatModel, TrainingConfig


class LocalWorkers:
    """`jobs` processes; a single job is this process. Raises SertoolError for fewer than one."""

    def __init__(self, jobs: int) -> None:
        check_jobs(jobs)
        self._jobs = jobs

    def learn(self, work: Work) -> Iterator[tuple[Network, Wanted, Learned]]:
        """Train all float networks, then learn all plans; see `Workers`."""
        from joblib import delayed

        fits = (
            delayed(_train)(network, work.case(network), work.configs(network)[0], work.code)
            for network in work.plans
        )
        with side_by_side(fits, self._jobs) as done:
            models = dict(track(done, "Float networks", len(work.plans)))
        tasks = (
            delayed(_learn)(
                network, work.case(network), models[network], wanted, work.configs(network)[1], work.code
            )
            for network, plans in work.plans.items()
            for wanted in plans
        )
        with side_by_side(tasks, self._jobs) as done:
            yield from done

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
