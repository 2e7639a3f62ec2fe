"""Dask on this machine: a scheduler and workers as processes of their own, ended with the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sertool.experiments.workers import cluster

#: Seconds that anything here may take.
LIMIT = 60

Process = subprocess.Popen[bytes]


class Cluster:
    """A Dask scheduler on a free port of 127.0.0.1, and workers of one thread; `closing` kills what is left."""

    def __init__(self, folder: Path, workers: int, closing: ExitStack) -> None:
        self._folder = folder
        self._closing = closing
        place = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", 0, "--scheduler-file", place)
        until(place.exists)
        self.address = next(word for word in place.read_text().split('"') if word.startswith("tcp://"))
        self.workers = [
            self._start("worker", self.address, "--no-nanny", "--nthreads", 1, "--local-directory", folder)
            for _ in range(workers)
        ]
        until(lambda: cluster.count_workers(self.address) == workers)

    def _start(self, kind: str, *arguments: object) -> Process:
        log = self._closing.enter_context((self._folder / f"{kind}.log").open("ab"))
        here = os.pathsep.join(path for path in sys.path if path)
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", kind, *map(str, arguments), "--host", "127.0.0.1", "--no-dashboard"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": here},
        )  # fmt: skip
        self._closing.callback(kill, process)
        return process


def kill(process: Process) -> None:
    """End a process as a power cut would."""
    process.send_signal(signal.SIGKILL)
    process.wait(LIMIT)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
