"""Workers of a Dask cluster: any number, on any machines, coming and going while a study runs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sertool.errors import SertoolError
from sertool.experiments.learning import learn
from sertool.experiments.outcomes import Outcome
from sertool.experiments.workers.jobs import Job
from sertool.material import Case

#: Seconds within which a scheduler has to answer, and after which a silent one is asked whether it still lives.
ANSWER = 5.0


class ClusterWorkers:
    """The workers of the Dask scheduler at `address`, such as `tcp://10.0.0.5:8786`.

    Where a worker is lost, others do again what it was doing; for `patience` seconds there may be none at all.
    Raises SertoolError, on entering, where Dask is missing, nothing answers within seconds, or there is no
    worker; later, where scheduler or workers are lost for good.
    """

    def __init__(self, address: str, *, patience: float = 60.0) -> None:
        self._address = address
        self._patience = patience
        self._client: Any = None
        self._count = 0

    @property
    def count(self) -> int:
        """The workers that were there on entering."""
        return self._count

    def __enter__(self) -> ClusterWorkers:
        try:
            import distributed
        except ImportError as error:
            raise SertoolError(
                "work on a cluster needs Dask",
                where="workers.scheduler",
                hint="pip install 'sertool[cluster]'",
            ) from error
        # What goes wrong is told once, by this class.
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._count = count_workers(self._address)
        except Exception as error:  # A stranger's answer can end in anything, MemoryError included.
            raise SertoolError(
                f"no Dask scheduler answers: {_reason(error)}",
                where=f"workers.scheduler = {self._address}",
                allowed="the address that dask scheduler prints, such as tcp://10.0.0.5:8786",
                hint="start one with: dask scheduler; without workers.scheduler the work is done here",
            ) from error
        if not self._count:
            raise self._no_worker("the Dask scheduler has no worker")
        with self._losses():
            self._client = distributed.Client(self._address, timeout=ANSWER, set_as_default=False)
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close(timeout=ANSWER)

    def learn(self, jobs: Sequence[Job]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
        """Submit everything at once and yield what comes; see `Workers`."""
        from distributed import wait

        with self._losses():
            waiting = self._submit(jobs)
            last_seen = time.monotonic()
            while waiting:
                try:
                    with self._client.as_current():
                        done = wait(list(waiting), timeout=ANSWER, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    done = set()
                    if self._still_there():
                        last_seen = time.monotonic()
                    elif time.monotonic() - last_seen > self._patience:
                        raise self._no_worker("the Dask scheduler has lost all its workers") from None
                for future in done:
                    number = waiting.pop(future)
                    yield number, self._result(future)

    def _submit(self, jobs: Sequence[Job]) -> dict[Any, int]:
        # Each case travels once, however many jobs need it. It is a task, not scattered data: a scattered value
        # is gone with the last worker that holds it, a task is done again.
        def submit(function: Any, *arguments: Any) -> Any:
            return self._client.submit(function, *arguments, pure=False)

        cases = {id(job.case): submit(_same, job.case) for job in jobs}
        return {
            submit(learn, cases[id(job.case)], job.recipe, job.trials, job.code): number
            for number, job in enumerate(jobs)
        }

    def _result(self, future: Any) -> tuple[Outcome, ...]:
        if future.status == "cancelled":
            raise CancelledError
        error = future.exception() if future.status == "error" else None
        if error is None:
            result: tuple[Outcome, ...] = future.result()
            return result
        if isinstance(error, SertoolError):
            raise error
        raise SertoolError(
            f"the cluster could not do its part: {_reason(error)}",
            where=f"workers.scheduler = {self._address}",
            hint="see what its workers print; scheduler and workers need the same sertool[cluster,train] as "
            "this machine; finished rows are kept",
        ) from error

    def _still_there(self) -> int:
        try:
            return count_workers(self._address)
        except Exception as error:
            raise CancelledError from error

    @contextmanager
    def _losses(self) -> Iterator[None]:
        try:
            yield
        except (CancelledError, asyncio.CancelledError, OSError) as error:
            raise SertoolError(
                "the Dask scheduler was lost",
                where=f"workers.scheduler = {self._address}",
                hint="start it and its workers, then run the same command again: finished rows are kept",
            ) from error

    def _no_worker(self, what: str) -> SertoolError:
        return SertoolError(
            what,
            where=f"workers.scheduler = {self._address}",
            hint=f"start one, on any machine, with: dask worker {self._address} --nthreads 1; "
            "finished rows are kept",
        )


def _same(case: Case) -> Case:
    return case


def count_workers(address: str) -> int:
    """Ask the scheduler at `address`, within seconds; raises whatever goes wrong, ValueError for a stranger."""

    async def ask() -> int:
        from distributed.core import connect, send_recv

        async with asyncio.timeout(ANSWER):
            comm = await connect(address, timeout=ANSWER)
            try:
                answer = await send_recv(comm, op="identity")
            finally:
                comm.abort()
        if answer.get("type") != "Scheduler":
            raise ValueError(f"a Dask {answer.get('type')} is there instead")
        return len(answer["workers"])

    # In a thread of its own, for a notebook's thread has an event loop already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {ANSWER:g} s"
    return str(error).split("\n")[0] or type(error).__name__
