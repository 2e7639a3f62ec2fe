"""Running a sweep: what the results file lacks is learned, measured and put there, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from sertool.experiments.running import case_digest
from sertool.experiments.store import Store
from sertool.experiments.sweep.device import Board, Footprint
from sertool.experiments.sweep.grid import Point
from sertool.experiments.sweep.keys import row_key
from sertool.experiments.sweep.learning import Learned
from sertool.experiments.sweep.plans import Wanted
from sertool.experiments.sweep.row import Row
from sertool.experiments.sweep.work import Network, Work, Workers
from sertool.frontend import preset
from sertool.graph import Width
from sertool.material import Case
from sertool.progress import track
from sertool.training import FineTuningConfig, TrainingConfig


@dataclass(frozen=True, eq=False)
class Sweep:
    """All that a sweep goes through: every point with every seed, in this order.

    `cases` are the data by preset and seed, from `corpus` under `protocol` and `fold`; `board` is what images
    are measured for. Each network puts its own hidden sizes and seed into the two configurations.
    """

    corpus: str
    protocol: str
    fold: int
    points: tuple[Point, ...]
    seeds: tuple[int, ...]
    cases: Mapping[tuple[str, int], Case]
    training: TrainingConfig
    fine_tuning: FineTuningConfig
    board: Board


def run(sweep: Sweep, store: Store, workers: Workers) -> int:
    """Make the rows that `store` lacks, each written when it is there; return how many had to be learned.

    A row whose image was measured by other means is measured again, without learning. Raises SertoolError as
    the workers, the board and the store do.
    """
    keys = _keys(sweep)
    store.select(list(keys.values()))
    kept = store.kept()
    scales = _Scales(sweep.board)
    for found in kept.values():
        scales.remember(found.row, found.device)
    for key, found in kept.items():
        row, device = scales.weigh(found.row)
        if device != found.device:
            store.put(key, row, device)
    work = _work(sweep, [asked for asked, key in keys.items() if key not in kept])
    for network, wanted, learned in track(workers.learn(work), "Sweep", work.count) if work.count else ():
        point = Point(network.preset, network.hidden, wanted)
        store.put(keys[point, network.seed], *scales.weigh(_row(sweep, point, network.seed, learned)))
    return work.count


class _Scales:
    """Measures images, each kind once: those of a point's seeds take the same."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._known: dict[str, Footprint] = {}

    def remember(self, row: Row, device: str) -> None:
        """Take up what was measured before under the digest `device`."""
        self._known[device] = Footprint(row.flash, row.ram, row.instructions)

    def weigh(self, row: Row) -> tuple[Row, str]:
        """Return the row with its image's figures, and the digest that they stand under."""
        plan = tuple(map(Width.parse, row.plan.split(",")))
        spec = preset(row.preset)
        device = self._board.digest(row.shape, plan, row.labels, spec)
        if device not in self._known:
            self._known[device] = self._board.measure(row.shape, plan, row.labels, spec)
        figures = dataclasses.asdict(self._known[device])
        return dataclasses.replace(row, target=self._board.target.name, **figures), device


def _keys(sweep: Sweep) -> dict[tuple[Point, int], str]:
    data = {name: case_digest(case) for name, case in sweep.cases.items()}
    work = _work(sweep, [])
    keys = {}
    for point in sweep.points:
        for seed in sweep.seeds:
            origin = {"corpus": sweep.corpus, "protocol": sweep.protocol, "preset": point.preset}
            configs = work.configs(Network(point.preset, point.hidden, seed))
            keys[point, seed] = row_key(origin, data[point.preset, seed], point.wanted, *configs)
    return keys


def _work(sweep: Sweep, asked: list[tuple[Point, int]]) -> Work:
    plans: dict[Network, tuple[Wanted, ...]] = {}
    # Seed by seed, so that an interrupted sweep has whole points to show.
    for point, seed in sorted(asked, key=lambda one: sweep.seeds.index(one[1])):
        network = Network(point.preset, point.hidden, seed)
        plans[network] = (*plans.get(network, ()), point.wanted)
    return Work(plans, sweep.cases, sweep.training, sweep.fine_tuning)


def _row(sweep: Sweep, point: Point, seed: int, learned: Learned) -> Row:
    return Row(
        corpus=sweep.corpus,
        protocol=sweep.protocol,
        fold=sweep.fold,
        preset=point.preset,
        shape=learned.shape,
        wanted=point.wanted.text,
        plan=learned.plan,
        method=point.wanted.method,
        seed=seed,
        labels=sweep.cases[point.preset, seed].data.labels,
        float_validation=learned.float_validation,
        float_test=learned.float_test,
        validation=learned.validation,
        test=learned.test,
        bytes=learned.bytes,
        target=sweep.board.target.name,
    )
