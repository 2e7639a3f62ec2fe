"""`sertool sweep` as a person runs it: the table, the file, interruptions, and what cannot be used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import Run
from sertool.errors import SertoolError
from sertool.experiments.studies.sweep import read_sweep as read

PROJECT = """\
[corpus]
path = "speech"
speaker_pattern = "/(?P<speaker>s[0-9])_"

[frontend]
preset = "laq180"

[training]
epochs = 8

[fine_tuning]
epochs = 6

[sweep]
hidden = [[16, 8], [8]]
plans = ["1", "8"]
seeds = 2
"""
ROWS = 8


@pytest.fixture
def project(tmp_path: Path, speech: Path) -> Path:
    (tmp_path / "speech").symlink_to(speech)
    (tmp_path / "sertool.toml").write_text(PROJECT)
    return tmp_path


def front(points: list[dict[str, object]]) -> list[dict[str, object]]:
    """The front by its definition."""

    def costs(point: dict[str, object]) -> list[float]:
        return [1 - point["validation"]["mean"], point["flash"], point["ram"], point["instructions"]]

    def beaten(point: dict[str, object]) -> bool:
        return any(
            costs(other) != costs(point)
            and all(a <= b for a, b in zip(costs(other), costs(point), strict=True))
            for other in points
        )

    return sorted((point for point in points if not beaten(point)), key=lambda point: point["bytes"])


@pytest.mark.slow
def test_a_sweep_and_the_same_again(sertool: Run, project: Path) -> None:
    done = sertool("sweep", "--jobs", 2, "--json", folder=project)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["learned"], len(found["rows"]), len(found["points"])) == (ROWS, ROWS, ROWS // 2)
    assert found["target"] == "stm32f405"
    assert found["front"] == front(found["points"])
    rows = read(project / "build" / "stm32" / "sweep.sqlite")
    assert [json.loads(json.dumps(row.to_dict())) for row in rows] == found["rows"]
    assert {row.method for row in rows} == {"uniform"}
    assert all(row.flash and row.ram and row.instructions for row in rows)
    again = sertool("sweep", folder=project)
    assert again.returncode == 0, again.stderr
    for point in found["front"]:
        assert "-".join(map(str, point["shape"])) in again.stdout
    assert "build/stm32/sweep.sqlite" in again.stdout
    more = json.loads(sertool("sweep", "--seeds", 1, "--json", folder=project).stdout)
    assert (more["learned"], len(more["rows"])) == (0, ROWS // 2)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_sweep_keeps_its_rows_and_goes_on(sertool: Run, project: Path, jobs: int) -> None:
    # As a terminal does it: the signal goes to the workers too.
    process = subprocess.Popen(
        [sys.executable, "-c", "from sertool.cli.main import main; main()", "sweep", "--jobs", str(jobs)],
        cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    path = project / "build" / "stm32" / "sweep.sqlite"
    deadline = time.monotonic() + 300
    while not finished(path) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert said.endswith("interrupted: no file was left half-written; run the same command to go on\n")
    assert "Traceback" not in said
    assert "Warning" not in said
    kept = read(path)
    assert 1 <= len(kept) < ROWS
    assert sorted(file.name for file in path.parent.iterdir()) == [".target.json", "sweep.sqlite"]
    done = sertool("sweep", "--json", folder=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["learned"] == ROWS - len(kept)
    assert set(kept) < set(read(path))


def finished(path: Path) -> bool:
    try:
        return bool(read(path))
    except SertoolError:
        return False


@pytest.mark.slow
def test_a_dead_worker_process_is_told_and_the_sweep_goes_on(
    sertool: Run, project: Path, tmp_path: Path
) -> None:
    # A worker whose memory ends is killed; here it ends itself, the first time only.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if any('loky' in word for word in sys.orig_argv) and 'resource_tracker' not in str(sys.orig_argv):\n"
        "    import threading\n"
        "    threading.Timer(3, os.kill, (os.getpid(), 9)).start()\n"
    )
    done = sertool("sweep", "--jobs", 2, folder=project, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    assert done.returncode == 2, done.stderr
    assert "a worker process died" in done.stderr
    assert "Traceback" not in done.stderr
    done = sertool("sweep", "--json", folder=project)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["rows"]) == ROWS


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--jobs", 2, "--scheduler", "tcp://127.0.0.1:1"), "give one of them"),
        (("--jobs", 0), "0 jobs can do nothing"),
        (("--seeds", 0), "seeds = 0 cannot be used"),
        (("--bits", "1,1"), "--bits means nothing to sertool sweep; it is for quantize, build"),
        (("--max-bytes", 9000), "--max-bytes means nothing to sertool sweep"),
        (("--scheduler", "10.0.0.5"), "no Dask scheduler answers: missing port number"),
        (("--target", "stm23"), "unknown target 'stm23'"),
    ],
)
def test_options_that_cannot_be_used(
    sertool: Run, project: Path, arguments: tuple[object, ...], message: str
) -> None:
    done = sertool("sweep", *map(str, arguments), folder=project)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_plan_that_does_not_fit_a_shape_is_told_before_anything_is_read(sertool: Run, project: Path) -> None:
    (project / "sertool.toml").write_text(PROJECT.replace('"8"]', '"1,8"]').replace("speech", "nowhere"))
    done = sertool("sweep", folder=project)
    assert done.returncode == 2
    assert "too few widths: logits have none (hidden layers 16-8)" in done.stderr
    assert not (project / "build").exists()


def test_members_that_a_shape_cannot_have_are_told_before_anything_is_read(sertool: Run, project: Path) -> None:
    text = PROJECT.replace("epochs = 8", "epochs = 8\nhidden = [8]\nmembers = 2")
    (project / "sertool.toml").write_text(text.replace("speech", "nowhere"))
    done = sertool("sweep", folder=project)
    assert done.returncode == 2
    assert "members = 2 cannot share hidden = [16, 8]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "build").exists()


def test_a_damaged_results_file_is_left_alone(sertool: Run, project: Path) -> None:
    path = project / "build" / "stm32" / "sweep.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    before = path.read_bytes()
    done = sertool("sweep", folder=project)
    assert done.returncode == 2, done.stderr
    assert "the results file is damaged or no results file" in done.stderr
    assert "move it away" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_bytes() == before
