"""Running a study: what is there is not done again, what has changed is."""

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
from sertool.experiments.outcomes import Outcome, Row
from sertool.experiments.store import Store
from sertool.experiments.studies.sweep import read_sweep as read
from sertool.experiments.study import rows_of, run
from sertool.experiments.sweep.device import Board, Footprint, Images
from sertool.experiments.workers import LocalWorkers, local
from sertool.experiments.workers.jobs import Job
from sertool.targets import load
from sweep_tasks import SHAPES, WANTED, quick_learn, small_sweep

ROWS = 12


class Quick:
    """Workers of this process that note their jobs, and stop after `limit` of them as if interrupted."""

    def __init__(self, limit: int | None = None, count: int = 1) -> None:
        self.limit, self.count = limit, count
        self.jobs: list[Job] = []

    def learn(self, jobs: Sequence[Job]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        self.jobs += jobs
        for number, job in enumerate(jobs):
            if number == self.limit:
                raise KeyboardInterrupt
            yield number, quick_learn(job.case, job.recipe, job.trials, job.code)

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


def counting(**changes: Any) -> Counting:
    return Counting(**{"target": load("stm32"), "name": "test", "compiler": "gcc", "emulator": None} | changes)


def test_a_finished_sweep_does_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        assert run(small_sweep(), store, Quick()) == ROWS
        rows = read(path)
        assert tuple(rows_of(small_sweep(), store).values()) == rows
        assert run(small_sweep(), store, Quick(limit=0)) == 0
    assert read(path) == rows
    asked = small_sweep().asked
    assert [(row.hidden, row.wanted, row.seed) for row in rows] == [
        (one.trial.hidden, one.trial.wanted, one.seed) for one in asked
    ]


def test_an_interrupted_sweep_keeps_its_rows_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with pytest.raises(KeyboardInterrupt), Store.open(path) as store:
        run(small_sweep(), store, Quick(limit=1))
    kept = read(path)
    assert len(kept) == len(WANTED)
    with Store.open(path) as store:
        assert run(small_sweep(), store, Quick()) == ROWS - len(kept)
    with Store.open(tmp_path / "at once.sqlite") as store:
        run(small_sweep(), store, Quick())
    assert read(path) == read(tmp_path / "at once.sqlite")


def test_the_first_seed_of_all_points_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with pytest.raises(KeyboardInterrupt), Store.open(path) as store:
        run(small_sweep(), store, Quick(limit=len(SHAPES)))
    assert [row.seed for row in read(path)] == [0] * (ROWS // 2)


@pytest.mark.parametrize(
    ("workers", "sizes"), [(1, [3, 3, 3, 3]), (4, [3, 3, 3, 3]), (6, [2, 1] * 4), (99, [1] * 12)]
)
def test_trials_of_a_network_share_a_job_while_there_are_jobs_for_all(
    tmp_path: Path, workers: int, sizes: list[int]
) -> None:
    crew = Quick(count=workers)
    with Store.open(tmp_path / "sweep.sqlite") as store:
        assert run(small_sweep(), store, crew) == ROWS
    assert [len(job.trials) for job in crew.jobs] == sizes
    assert all(len({trial.hidden for trial in job.trials}) == 1 for job in crew.jobs)


def test_more_points_and_seeds_add_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    with Store.open(path) as store:
        run(small_sweep(seeds=(1,)), store, Quick())
        assert run(small_sweep(), store, Quick()) == ROWS // 2
        assert run(small_sweep(shapes=(*SHAPES, (4,))), store, Quick()) == ROWS // 2
        assert len(read(path)) == ROWS + ROWS // 2
        assert run(small_sweep(), store, Quick(limit=0)) == 0
        assert len(read(path)) == ROWS


def test_another_configuration_is_learned_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path / "sweep.sqlite") as store:
        run(small_sweep(), store, Quick())
        assert run(small_sweep(epochs=5), store, Quick()) == ROWS
        assert run(small_sweep(), store, Quick()) == 0


def test_each_image_is_measured_once_and_again_with_other_tools(tmp_path: Path) -> None:
    path = tmp_path / "sweep.sqlite"
    points = len(SHAPES) * len(WANTED)
    with Store.open(path) as store:
        assert run(small_sweep(), store, Quick()) == ROWS
        assert {row.flash for row in read(path)} == {None}
        for board, measured in ((counting(), points), (counting(), 0), (counting(compiler="gcc 99"), points)):
            assert run(small_sweep(scales=Images(board)), store, Quick(limit=0)) == 0
            assert len(board.measured) == measured
            assert [row.flash for row in read(path)] == [sum(row.shape) for row in read(path)]


def test_without_scales_rows_have_no_image(tmp_path: Path) -> None:
    study = dataclasses.replace(small_sweep(), scales=None)
    with Store.open(tmp_path / "rows.sqlite") as store:
        run(study, store, Quick())
        rows = rows_of(study, store)
        assert run(study, store, Quick(limit=0)) == 0
    assert {(row.target, row.flash) for row in rows.values()} == {(None, None)}
    assert all(isinstance(row, Row) for row in rows.values())


def test_an_interruption_that_a_task_drops_ends_the_sweep_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf_learn(*arguments: Any) -> tuple[Outcome, ...]:
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        return quick_learn(*arguments)

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
