"""What is left to do of a sweep, and who does it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from sertool.experiments.sweep.keys import learning_digest
from sertool.experiments.sweep.learning import Learned
from sertool.experiments.sweep.plans import Wanted
from sertool.material import Case
from sertool.training import FineTuningConfig, TrainingConfig


@dataclass(frozen=True)
class Network:
    """A float network to train, which several plans start from."""

    preset: str
    hidden: tuple[int, ...]
    seed: int


@dataclass(frozen=True, eq=False)
class Work:
    """Networks with the plans wanted of each, and all that training them takes.

    `cases` are the data by preset and seed. Both configurations are the sweep's: each network puts its own
    hidden sizes and seed in.
    """

    plans: Mapping[Network, tuple[Wanted, ...]]
    cases: Mapping[tuple[str, int], Case]
    training: TrainingConfig
    fine_tuning: FineTuningConfig

    @property
    def count(self) -> int:
        """How many rows there will be."""
        return sum(map(len, self.plans.values()))

    @property
    def code(self) -> str:
        """The `learning_digest` that all who do it must have."""
        return learning_digest()

    def case(self, network: Network) -> Case:
        """The data that a network learns from and is tested on."""
        return self.cases[network.preset, network.seed]

    def configs(self, network: Network) -> tuple[TrainingConfig, FineTuningConfig]:
        """How a network is trained and fine-tuned."""
        return (
            dataclasses.replace(self.training, hidden=network.hidden, seed=network.seed),
            dataclasses.replace(self.fine_tuning, seed=network.seed),
        )


class Workers(Protocol):
    """Whoever learns: processes of this machine, or a cluster.

    A context manager; leaving the block ends what was not finished.
    """

    def learn(self, work: Work) -> Iterator[tuple[Network, Wanted, Learned]]:
        """Do the work; yield each network, plan wanted and result as it is there, in any order, each once.

        Raises SertoolError as `learning.train` and `learning.learn` do, and when workers are lost for good.
        """
        ...

    def __enter__(self) -> Workers: ...

    def __exit__(self, *exception: object) -> None: ...
