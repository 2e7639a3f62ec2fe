"""Running a study: what its results file lacks is learned and put there, a row a trial and case."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sertool.experiments.learning import case_digest, learning_digest, row_key
from sertool.experiments.outcomes import Outcome, Row
from sertool.experiments.store import Store
from sertool.experiments.trials import Recipe, Trial
from sertool.experiments.workers import Job, Workers
from sertool.material import Case
from sertool.progress import track


@dataclass(frozen=True)
class Asked:
    """A trial on one seed and fold of a corpus, heard through a preset of the front end."""

    preset: str
    seed: int
    fold: int
    trial: Trial

    @property
    def case(self) -> tuple[str, int, int]:
        """What a study's cases are found by."""
        return self.preset, self.seed, self.fold


class Scales(Protocol):
    """Whoever measures what a row's image takes of a board."""

    def remember(self, row: Row, device: str) -> None:
        """Take up what was measured before under the digest `device`."""
        ...

    def weigh(self, row: Row) -> tuple[Row, str]:
        """Return the row with its image's figures, and the digest that they stand under."""
        ...


@dataclass(frozen=True, eq=False)
class Study:
    """All that is tried, in the order in which it is told: trials on cases of one corpus under one protocol.

    `cases` are by preset, seed and fold, `recipes` by seed; `scales`, where there are some, measure images.
    """

    corpus: str
    protocol: str
    asked: tuple[Asked, ...]
    cases: Mapping[tuple[str, int, int], Case]
    recipes: Mapping[int, Recipe]
    scales: Scales | None = None


def run(study: Study, store: Store, workers: Workers, description: str = "Trials") -> int:
    """Make the rows that `store` lacks, each written when it is there; return how many had to be learned.

    Trials of a case that share their networks are learned together. A row whose image was measured by other
    means is measured again, without learning. Raises SertoolError as the workers, the scales and the store do.
    """
    keys = _keys(study)
    store.select(list(keys.values()))
    kept = store.kept()
    if study.scales:
        for found in kept.values():
            if found.device is not None:
                study.scales.remember(found.row, found.device)
        for key, found in kept.items():
            row, device = study.scales.weigh(found.row)
            if device != found.device:
                store.put(key, row, device)
    missing = [asked for asked, key in keys.items() if key not in kept]
    groups = _groups(study, missing, workers.count)
    code = learning_digest()
    jobs = [
        Job(
            study.cases[group[0].case],
            study.recipes[group[0].seed],
            tuple(asked.trial for asked in group),
            code,
        )
        for group in groups
    ]
    done = workers.learn(jobs) if jobs else iter(())
    learned = (pair for number, outcomes in done for pair in zip(groups[number], outcomes, strict=True))
    for asked, outcome in track(learned, description, len(missing)):
        row = _row(study, asked, outcome)
        store.put(keys[asked], *(study.scales.weigh(row) if study.scales else (row,)))
    return len(missing)


def rows_of(study: Study, store: Store) -> dict[Asked, Row]:
    """Return the rows of a study that has been run, in its order."""
    return dict(zip(study.asked, (kept.row for kept in store.kept().values()), strict=True))


def _keys(study: Study) -> dict[Asked, str]:
    data = {name: case_digest(case) for name, case in study.cases.items()}
    return {
        asked: row_key(
            {"corpus": study.corpus, "protocol": study.protocol, "preset": asked.preset},
            data[asked.case],
            asked.trial,
            study.recipes[asked.seed],
        )
        for asked in study.asked
    }


def _groups(study: Study, missing: Sequence[Asked], workers: int) -> list[tuple[Asked, ...]]:
    """Put together what shares case and network; part it again where workers would have nothing to do."""
    sharing: dict[tuple[object, ...], list[Asked]] = {}
    # Seed by seed, so that an interrupted study has whole points to show.
    order = {seed: place for place, seed in enumerate(study.recipes)}
    for asked in sorted(missing, key=lambda asked: order[asked.seed]):
        sharing.setdefault((*asked.case, asked.trial.hidden), []).append(asked)
    largest = len(missing) if len(sharing) >= workers else math.ceil(len(missing) / workers)
    return [
        tuple(group[start : start + largest])
        for group in sharing.values()
        for start in range(0, len(group), largest)
    ]


def _row(study: Study, asked: Asked, outcome: Outcome) -> Row:
    return Row(
        **vars(outcome),
        corpus=study.corpus,
        protocol=study.protocol,
        fold=asked.fold,
        preset=asked.preset,
        wanted=asked.trial.wanted,
        method=asked.trial.way,
        seed=asked.seed,
        labels=study.cases[asked.case].data.labels,
    )
