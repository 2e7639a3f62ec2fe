"""Sweeps on a Dask cluster: no row is lost or doubled when workers die, and what is lost for good is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from dask_processes import Cluster, kill

import sweep_tasks
from sertool.errors import SertoolError
from sertool.experiments import study
from sertool.experiments.outcomes import Outcome, Row
from sertool.experiments.store import Store
from sertool.experiments.studies.sweep import read_sweep as read
from sertool.experiments.study import run
from sertool.experiments.workers import Job, LocalWorkers, Workers, cluster
from sertool.experiments.workers.cluster import ClusterWorkers
from sweep_tasks import small_sweep

ROWS = 12


class Watched:
    """Workers during whose work something happens, after the third job; as many jobs as there are rows."""

    count = ROWS

    def __init__(self, workers: Workers, happening: Callable[[], object]) -> None:
        self._workers, self._happening = workers, happening
        self.seen: list[int] = []

    def learn(self, jobs: Sequence[Job]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        for number, outcomes in self._workers.learn(jobs):
            self.seen.append(number)
            yield number, outcomes
            if len(self.seen) == 3:
                self._happening()

    def __enter__(self) -> Watched:
        self._workers.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._workers.__exit__(*exception)


def swept(path: Path, workers: Workers) -> tuple[Row, ...]:
    with Store.open(path) as store, workers:
        run(small_sweep(), store, workers)
    return read(path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks that need no TensorFlow."""
    monkeypatch.setattr(cluster, "learn", sweep_tasks.slow_learn)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing_and_rows_equal_those_of_this_machine(
    tmp_path: Path, start: Callable[[int], Cluster]
) -> None:
    dask = start(2)
    workers = Watched(ClusterWorkers(dask.address), lambda: kill(dask.workers[0]))
    rows = swept(tmp_path / "dask.sqlite", workers)
    assert len(rows) == len(workers.seen) == len(set(workers.seen)) == ROWS
    assert rows == swept(tmp_path / "local.sqlite", LocalWorkers(2))


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_killed_scheduler_is_told_and_the_sweep_goes_on_later(
    tmp_path: Path, start: Callable[[int], Cluster]
) -> None:
    dask, path = start(2), tmp_path / "sweep.sqlite"
    with pytest.raises(SertoolError, match="scheduler was lost") as caught:
        swept(path, Watched(ClusterWorkers(dask.address), lambda: kill(dask.scheduler)))
    assert caught.value.where == f"workers.scheduler = {dask.address}"
    kept = read(path)
    assert 3 <= len(kept) < ROWS
    workers = Watched(ClusterWorkers(start(1).address), lambda: None)
    rows = swept(path, workers)
    assert len(workers.seen) == ROWS - len(kept)
    assert len(rows) == len(set(rows)) == ROWS
    assert set(kept) < set(rows)


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_when_all_workers_die_and_none_comes_the_sweep_ends(
    tmp_path: Path, start: Callable[[int], Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ANSWER", 3.0)
    dask, path = start(1), tmp_path / "sweep.sqlite"
    workers = ClusterWorkers(dask.address, patience=0.5)
    with pytest.raises(SertoolError, match="lost all its workers") as caught:
        swept(path, Watched(workers, lambda: kill(dask.workers[0])))
    assert f"dask worker {dask.address} --nthreads 1" in str(caught.value)
    assert 3 <= len(read(path)) < ROWS


@pytest.mark.usefixtures("quick")
def test_what_a_task_raises_is_told(
    tmp_path: Path, start: Callable[[int], Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = start(1)
    monkeypatch.setattr(cluster, "learn", sweep_tasks.broken_learn)
    with pytest.raises(SertoolError, match="could not do its part: a task went wrong"):
        swept(tmp_path / "sweep.sqlite", ClusterWorkers(dask.address))
    monkeypatch.undo()
    monkeypatch.setattr(study, "learning_digest", lambda: "of another version")
    with pytest.raises(SertoolError, match="a worker has another sertool") as caught:
        swept(tmp_path / "sweep.sqlite", ClusterWorkers(dask.address))
    assert caught.value.where == socket.gethostname()


def test_a_scheduler_without_workers(start: Callable[[int], Cluster]) -> None:
    dask = start(0)
    with pytest.raises(SertoolError, match="has no worker") as caught, ClusterWorkers(dask.address):
        pass
    assert f"dask worker {dask.address}" in str(caught.value)


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of a server that speaks HTTP, to every line."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"<p>who are you?</p>" * 20)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["nobody", "stranger", "silent", "10.0.0.5", "http://127.0.0.1:8786"])
def test_a_scheduler_that_cannot_be_reached_is_told_within_seconds(
    address: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ANSWER", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        places = {
            "nobody": lambda: request.getfixturevalue("nobody"),
            "stranger": lambda: request.getfixturevalue("stranger"),
            "silent": lambda: f"tcp://127.0.0.1:{silent.getsockname()[1]}",
        }
        address = places.get(address, lambda: address)()
        begin = time.monotonic()
        with (
            pytest.raises(SertoolError, match=r"no Dask scheduler answers: \w") as caught,
            ClusterWorkers(address),
        ):
            pass
    assert time.monotonic() - begin < 30
    assert caught.value.where == f"workers.scheduler = {address}"
    assert "tcp://10.0.0.5:8786" in str(caught.value.allowed)
