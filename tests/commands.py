"""What tests of the command line call `sertool` through."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

#: Runs `sertool` with arguments; `folder` is where, other keywords are environment variables.
Run = Callable[..., subprocess.CompletedProcess[str]]

#: What runs longer, in seconds, hangs.
_PATIENCE = 900

# Forks of a process that has imported the command: as it is typed, but for the second that a start takes.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["sertool.cli.main", "sertool.stages.build", "sertool.stages.classify"])


def run(
    arguments: Sequence[str], folder: Path | None, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `sertool` in a process of its own, with nothing to read and both outputs caught.

    `variables` are added to the environment; those that Python reads when it starts have it started.
    """
    environment = {**os.environ, **variables}
    if any(name.startswith("PYTHON") for name in variables):
        return subprocess.run(
            [sys.executable, "-c", "from sertool.cli.main import main; main()", *arguments],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as caught:
        paths = [Path(caught) / name for name in ("out", "err")]
        process = _FORKS.Process(target=_main, args=(arguments, folder or Path.cwd(), environment, paths))
        process.start()
        process.join(_PATIENCE)
        if process.exitcode is None:
            process.kill()
        out, err = (path.read_text(encoding="utf-8") for path in paths)
        assert process.exitcode is not None, f"it did not end within {_PATIENCE} seconds\n{err}"
        return subprocess.CompletedProcess(list(arguments), process.exitcode, out, err)


def _main(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], outputs: Sequence[Path]
) -> None:
    from sertool.cli.main import main

    for number, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["sertool", *arguments]
    try:
        main()
    finally:
        # A fork ends without what an interpreter does at its end: what lets threads end, and then the rest.
        threading._shutdown()
        atexit._run_exitfuncs()
