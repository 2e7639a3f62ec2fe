"""Running many cases: processes side by side, each finished case kept, so that an interrupted run goes on."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from sertool.errors import SertoolError
from sertool.experiments.accuracy import Case, Experiment, Outcome, outcome_from_dict, solve
from sertool.files import write_atomic
from sertool.locations import cache_folder
from sertool.progress import track

#: The rooms whose code decides what a case gives.
_ROOMS = ("training", "laq", "graph")


def run(cases: Iterable[Case], experiment: Experiment, *, jobs: int = 1) -> list[Outcome]:
    """Solve all cases in `jobs` processes of one thread each; return their outcomes in the cases' order.

    Finished cases are read from the user's cache, where the data, the configuration and this package's training
    code are the key. Raises SertoolError for fewer than one job, and what `solve` raises.
    """
    if jobs < 1:
        raise SertoolError(f"{jobs} jobs can do nothing", allowed="1 or more")
    waiting: list[tuple[int, Case, Path]] = []
    outcomes: dict[int, Outcome] = {}
    for index, case in enumerate(cases):
        kept = cache_folder("experiments") / f"{case_key(case, experiment)}.json"
        known = _read(kept)
        if known is None:
            waiting.append((index, case, kept))
        else:
            outcomes[index] = known
    for index, outcome in _solved(waiting, experiment, jobs):
        outcomes[index] = outcome
    return [outcomes[index] for index in sorted(outcomes)]


def case_key(case: Case, experiment: Experiment) -> str:
    """Return the hexadecimal digest of everything that a case's outcome depends on."""
    digest = hashlib.sha256(_code().encode())
    scale = case.data.input
    settings = {
        "case": [case.seed, case.fold, case.data.labels, scale.scale, scale.zero_point],
        "plan": experiment.plan,
        "training": asdict(experiment.training),
        "fine_tuning": asdict(experiment.fine_tuning),
    }
    digest.update(json.dumps(settings, sort_keys=True).encode())
    for part in (case.data.train, case.data.validation, case.test):
        digest.update(repr(part.features.shape).encode() + part.features.tobytes() + part.labels.tobytes())
    return digest.hexdigest()


def _solved(
    waiting: list[tuple[int, Case, Path]], experiment: Experiment, jobs: int
) -> Iterator[tuple[int, Outcome]]:
    from joblib import Parallel, delayed

    tasks = (delayed(_solve_and_keep)(index, case, kept, experiment) for index, case, kept in waiting)
    done = Parallel(n_jobs=min(jobs, max(1, len(waiting))), return_as="generator_unordered")(tasks)
    yield from track(done, "Cases", total=len(waiting))


def _solve_and_keep(index: int, case: Case, kept: Path, experiment: Experiment) -> tuple[int, Outcome]:
    outcome = solve(case, experiment)
    write_atomic(kept, json.dumps(outcome.to_dict()))
    return index, outcome


def _read(kept: Path) -> Outcome | None:
    try:
        return outcome_from_dict(json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError):
        return None


@functools.cache
def _code() -> str:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((package / room).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
