"""Running a sweep: what is there is not done again, what has changed is."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sertool.errors import SertoolError
from sertool.experiments.store import Store, read
from sertool.experiments.sweep import local
from sertool.experiments.sweep.device import Board, Footprint
from sertool.experiments.sweep.grid import grid
from sertool.experiments.sweep.learning import Learned
from sertool.experiments.sweep.local import LocalWorkers
from sertool.experiments.sweep.plans import Wanted
from sertool.experiments.sweep.running import Sweep, run
from sertool.experiments.sweep.work import Network, Work
from sweep_tasks import quick_learn, quick_train, small_sweep

ROWS = 12


class Quick:
    """Workers of this process that count, and stop after `limit` rows as if interrupted."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit

    def learn(self, work: Work) -> Iterator[tuple[Network, Wanted, Learned]]:
        for network, plans in work.plans.items():
            training, tuning = work.configs(network)
            model = quick_train(work.case(network), training, work.code)
            for wanted in plans:
                if self.limit == 0:
                    raise KeyboardInterrupt
                self.limit = None if self.limit is None else self.limit - 1
                yield network, wanted, quick_learn(work.case(network), model, wanted, tuning, work.code)

    def __enter__(self) -> Quick:
        return self

    def __exit__(self, *exception: object) -> None:
        pass


@dataclasses.dataclass(frozen=True)
class Counting(Board):
    """A board whose images take what their network has outputs, and that remembers what it measured."""

    measured: list[tuple[int, ...]] = dataclasses.field(default_factory=list)

    def measure(self, shape: Sequence[int], *_: Any) -> Footprint:
        self.measured.append(tuple(shape))
        return Footprint(sum(shape), 2, 3)


def with_board(sweep: Sweep, **changes: Any) -> tuple[Sweep, Counting]:
    board = sweep.board
    counting = Counting(
        **{"target": board.target, "name": board.name, "compiler": "gcc", "emulator": None} | changes
    )
    return dataclasses.replace(sweep, board=counting), counting


def test_a_finished_sweep_does_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        assert run(small_sweep(), store, Quick()) == ROWS
        rows = read(path)
        assert run(small_sweep(), store, Quick(limit=0)) == 0
    assert read(path) == rows
    assert [(row.hidden, row.wanted, row.seed) for row in rows] == [
        (point.hidden, point.wanted.text, seed)
        for point in small_sweep().points
        for seed in small_sweep().seeds
    ]


def test_an_interrupted_sweep_keeps_its_rows_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with pytest.raises(KeyboardInterrupt), Store.open(path) as store:
        run(small_sweep(), store, Quick(limit=5))
    assert len(read(path)) == 5
    with Store.open(path) as store:
        assert run(small_sweep(), store, Quick()) == ROWS - 5
    with Store.open(tmp_path / "at once.sqlite") as store:
        run(small_sweep(), store, Quick())
    assert read(path) == read(tmp_path / "at once.sqlite")


def test_the_first_seed_of_all_points_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with pytest.raises(KeyboardInterrupt), Store.open(path) as store:
        run(small_sweep(), store, Quick(limit=ROWS // 2))
    assert [row.seed for row in read(path)] == [0] * (ROWS // 2)


def test_more_points_and_seeds_add_to_what_is_there(tmp_path: Path) -> None:
    path, sweep = tmp_path / "sweep.sqlite", small_sweep()
    with Store.open(path) as store:
        run(dataclasses.replace(sweep, seeds=(1,)), store, Quick())
        assert run(sweep, store, Quick()) == ROWS // 2
        wider = dataclasses.replace(sweep, points=(*sweep.points, *grid(("moments",), ((4,),), (Wanted("8"),))))
        assert run(wider, store, Quick()) == 2
        assert len(read(path)) == ROWS + 2
        assert run(sweep, store, Quick(limit=0)) == 0
        assert len(read(path)) == ROWS


def test_another_configuration_is_learned_anew(tmp_path: Path) -> None:
    sweep = small_sweep()
    with Store.open(tmp_path / "sweep.sqlite") as store:
        run(sweep, store, Quick())
        longer = dataclasses.replace(sweep, training=dataclasses.replace(sweep.training, epochs=5))
        assert run(longer, store, Quick()) == ROWS
        assert run(sweep, store, Quick()) == 0


def test_each_image_is_measured_once_and_again_with_other_tools(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    bare = small_sweep()
    with Store.open(path) as store:
        assert run(bare, store, Quick()) == ROWS
        assert {row.flash for row in read(path)} == {None}
        sweep, board = with_board(bare)
        assert run(sweep, store, Quick(limit=0)) == 0
        assert len(board.measured) == len(sweep.points)
        assert [row.flash for row in read(path)] == [sum(row.shape) for row in read(path)]
        sweep, board = with_board(bare)
        run(sweep, store, Quick(limit=0))
        assert board.measured == []
        sweep, board = with_board(bare, compiler="gcc 99")
        run(sweep, store, Quick(limit=0))
        assert len(board.measured) == len(sweep.points)


def test_an_interruption_that_a_task_drops_ends_the_sweep_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf_learn(*arguments: Any) -> Learned:
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        return quick_learn(*arguments)

    monkeypatch.setattr(local, "train", quick_train)
    monkeypatch.setattr(local, "learn", deaf_learn)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), Store.open(tmp_path / "sweep.sqlite") as store:
        run(small_sweep(), store, LocalWorkers(1))
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.setattr(local, "learn", quick_learn)
    with Store.open(tmp_path / "sweep.sqlite") as store:
        assert run(small_sweep(), store, LocalWorkers(1)) == ROWS


def test_fewer_jobs_than_one() -> None:
    with pytest.raises(SertoolError, match="0 jobs can do nothing"):
        LocalWorkers(0)
