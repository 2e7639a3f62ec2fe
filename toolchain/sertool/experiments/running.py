"""Running many trials on many cases: processes side by side, each outcome kept for when a run goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from sertool import training
from sertool.caches import keep_value, kept_value
from sertool.digests import code_digest, value_digest
from sertool.errors import SertoolError
from sertool.experiments.cases import Experiment
from sertool.experiments.outcomes import Outcome
from sertool.experiments.processes import check_jobs, side_by_side
from sertool.experiments.trials import Trial, Workshop, attempt
from sertool.locations import cache_folder
from sertool.material import Case
from sertool.progress import track
from sertool.training.backend import one_thread

#: The rooms whose code decides what a trial gives, and the module that goes its way.
_CODE = ("training", "laq", "graph", "baselines", "experiments/trials.py", "firmware/pack.py")

#: A trial of one case that has to be made, and the file that will keep its outcome.
_Waiting = tuple[Trial, Path]


def run(
    cases: Iterable[Case], experiment: Experiment, trials: Sequence[Trial], *, jobs: int = 1
) -> dict[Trial, list[Outcome]]:
    """Make every trial on every case in `jobs` processes of one thread each; outcomes in the cases' order.

    Finished ones are read from the user's cache, where the data, the settings and the code of training are the
    key. The trials of a case share one process and the networks that it trains. Raises SertoolError for fewer
    than one job, where a process dies, and as trials do.
    """
    from joblib import delayed

    check_jobs(jobs)
    keys: list[dict[Trial, Path]] = []
    waiting: list[tuple[Case, list[_Waiting]]] = []
    for case in cases:
        data = case_digest(case)
        files = {trial: _kept(outcome_key(data, experiment, trial)) for trial in trials}
        keys.append(files)
        missing = [(trial, path) for trial, path in files.items() if kept_value(path, Outcome) is None]
        if missing:
            waiting.append((case, missing))
    tasks = (delayed(_solve_and_keep)(case, missing, experiment) for case, missing in waiting)
    with side_by_side(tasks, min(jobs, max(1, len(waiting)))) as done:
        for _ in track(done, "Cases", total=len(waiting)):
            pass
    return {trial: [_outcome(files[trial]) for files in keys] for trial in trials}


def solve(case: Case, experiment: Experiment, trials: Sequence[Trial]) -> Iterator[Outcome]:
    """Make trials on one case, and look at its test part once for each. Raises SertoolError as trials do."""
    workshop = Workshop(case.data, experiment, case.seed)
    for trial in trials:
        made = attempt(workshop, trial)
        yield Outcome(
            case.seed,
            case.fold,
            "-".join(map(str, made.shape)),
            made.plan,
            made.bytes,
            training.evaluate(made.real, case.test),
            training.accuracy(case.test.labels, made.classify(case.test.features), case.data.labels),
        )


def case_digest(case: Case) -> str:
    """Return the hexadecimal digest of a case's data, seed and fold."""
    digest = hashlib.sha256()
    scale = case.data.input
    digest.update(json.dumps([case.seed, case.fold, case.data.labels, scale.scale, scale.zero_point]).encode())
    for part in (case.data.train, case.data.validation, case.test):
        digest.update(repr(part.features.shape).encode() + part.features.tobytes() + part.labels.tobytes())
    return digest.hexdigest()


def outcome_key(data: str, experiment: Experiment, trial: Trial) -> str:
    """Return the hexadecimal digest of everything that a trial's outcome on the case `data` depends on."""
    settings = {
        "code": code_digest(_CODE),
        "data": data,
        "trial": asdict(trial),
        "training": asdict(experiment.training),
        "fine_tuning": asdict(experiment.fine_tuning),
    }
    return value_digest(settings)


def _solve_and_keep(case: Case, missing: list[_Waiting], experiment: Experiment) -> None:
    with one_thread():
        outcomes = solve(case, experiment, [trial for trial, _ in missing])
        for (_, path), outcome in zip(missing, outcomes, strict=True):
            keep_value(path, outcome)


def _kept(key: str) -> Path:
    return cache_folder("experiments") / f"{key}.json"


def _outcome(path: Path) -> Outcome:
    found = kept_value(path, Outcome)
    if found is None:
        raise SertoolError("a finished trial is gone from the cache", where=path, hint="run it again")
    return found
