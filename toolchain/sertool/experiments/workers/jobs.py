"""What workers do, and what every kind of them can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sertool.experiments.outcomes import Outcome
from sertool.experiments.trials import Recipe, Trial
from sertool.material import Case


@dataclass(frozen=True, eq=False)
class Job:
    """Trials that share what they train on one case; `code` is the `learning_digest` of who asks."""

    case: Case
    recipe: Recipe
    trials: tuple[Trial, ...]
    code: str


class Workers(Protocol):
    """Whoever learns. A context manager; leaving the block ends what was not finished."""

    @property
    def count(self) -> int:
        """How many jobs can be done at once."""
        ...

    def learn(self, jobs: Sequence[Job]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        """Do the jobs; yield the number of each and an outcome a trial when it is through, in any order.

        Raises SertoolError as `learning.learn` does, and when workers are lost for good.
        """
        ...

    def __enter__(self) -> Workers: ...

    def __exit__(self, *exception: object) -> None: ...
