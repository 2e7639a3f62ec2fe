"""A build folder is one process's; what could not be written there is told before the work."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commands import Run
from sertool.errors import SertoolError
from sertool.project import BuildFolder, Project
from sertool.project.holding import held

HOLDS = """
import sys
from pathlib import Path
from sertool.project import BuildFolder, Project
from sertool.project.holding import held
with held(Project(), BuildFolder(Path(sys.argv[1])), "sertool build --seed 7", sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path, work: str = "build") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a build folder until the end, or until it is killed."""
    command = [sys.executable, "-c", HOLDS, str(folder), work]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "words",
    [
        ("train",),
        ("quantize",),
        ("convert",),
        ("render",),
        ("build",),
        ("simulate", "--engines", "host"),
        ("report",),
    ],
    ids=lambda words: words[0],
)
def test_a_second_process_is_told_who_writes_and_spoils_nothing(
    sertool: Run, modelled: Path, words: tuple[str, ...]
) -> None:
    folder = modelled / "build" / "stm32"
    with holder(folder) as process:
        before = files(folder)
        done = sertool(*words, folder=modelled)
        assert done.returncode == 2, done.stderr
        assert f"this build folder is in use by process {process.pid} since 2" in done.stderr
        assert ": sertool build --seed 7\n" in done.stderr
        assert str(folder) in done.stderr
        assert files(folder) == before


def test_a_sweep_keeps_sweeps_away_and_nothing_else(sertool: Run, modelled: Path) -> None:
    with holder(modelled / "build" / "stm32", "sweep"):
        done = sertool("sweep", folder=modelled)
        assert done.returncode == 2, done.stderr
        assert "in use by process" in done.stderr
        done = sertool("render", folder=modelled)
        assert done.returncode == 0, done.stderr


def test_reading_commands_do_not_wait(sertool: Run, modelled: Path, noise: Path) -> None:
    with holder(modelled / "build" / "stm32"):
        done = sertool("classify", noise, folder=modelled)
        assert done.returncode == 0, done.stderr


def test_what_a_dead_process_held_is_taken_over(sertool: Run, modelled: Path) -> None:
    folder = modelled / "build" / "stm32"
    with holder(folder) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (folder / ".build.lock").exists()
    done = sertool("render", folder=modelled)
    assert done.returncode == 0, done.stderr
    assert not (folder / ".build.lock").exists()


def test_a_folder_in_which_nothing_was_made_does_not_stay(sertool: Run, tmp_path: Path) -> None:
    done = sertool("train", "--corpus", "/nowhere", "-o", "a/b", folder=tmp_path)
    assert (done.returncode, "no such corpus" in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    with held(Project(), BuildFolder(tmp_path), ""):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", ["train", "quantize", "convert", "render", "build", "simulate", "report", "evaluate", "sweep"]
)
@pytest.mark.parametrize("output", ["/proc/zzz", "taken", "taken/below"])
def test_an_output_folder_that_cannot_be_is_told_by_every_command(
    sertool: Run, tmp_path: Path, command: str, output: str
) -> None:
    (tmp_path / "taken").write_text("")
    done = sertool(command, "-o", output, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "output path is taken" in done.stderr or "cannot write" in done.stderr
    assert (tmp_path / "taken").read_text() == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["model", "firmware", "image", "report"])
def test_a_file_where_a_folder_has_to_be(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    with (
        pytest.raises(SertoolError, match="taken by something of another kind"),
        held(Project(), BuildFolder(tmp_path), ""),
    ):
        pass


@pytest.mark.parametrize("path", BuildFolder(Path()).files, ids=lambda path: path.name)
def test_a_folder_where_a_file_has_to_be(tmp_path: Path, path: Path) -> None:
    (tmp_path / path).mkdir(parents=True)
    with (
        pytest.raises(SertoolError, match="taken by something of another kind"),
        held(Project(), BuildFolder(tmp_path), ""),
    ):
        pass


def test_every_path_of_a_build_folder_is_looked_at() -> None:
    folder = BuildFolder(Path("x"))
    paths = {
        getattr(folder, name) for name, value in vars(BuildFolder).items() if isinstance(value, property)
    } - {folder.files}
    # The C project is moved into its place as a whole.
    paths = {path for path in paths if folder.firmware not in path.parents}
    folders = {folder.model, folder.firmware, folder.image, folder.report, folder.evaluation}
    assert paths - set(folder.files) == folders


@pytest.mark.parametrize(
    ("code", "message"), [(errno.ENOSPC, "no space left"), (errno.EDQUOT, "quota"), (errno.EROFS, "read-only")]
)
def test_a_full_disk_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, message: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(SertoolError, match=message), held(Project(), BuildFolder(tmp_path / "a" / "b"), ""):
        pytest.fail("it began")
    assert list(tmp_path.iterdir()) == []


def test_two_targets_of_one_name_do_not_share_a_folder(sertool: Run, modelled: Path) -> None:
    text = (Path(__file__).parents[2] / "targets" / "stm32f405.toml").read_text().replace('"stm32"', "")
    for name, clock in (("a", "168_000_000"), ("b", "84_000_000")):
        (modelled / name).mkdir()
        board = text.replace('"stm32f405"', '"mine"').replace("168_000_000", clock)
        (modelled / name / "stm32.toml").write_text(board)
    done = sertool("render", "--target", "a/stm32.toml", folder=modelled)
    assert done.returncode == 0, done.stderr
    for other in ("b/stm32.toml", "stm32"):
        done = sertool("render", "--target", other, folder=modelled)
        assert done.returncode == 2, done.stderr
        assert f"another target that is called stm32 too: {modelled / 'a' / 'stm32.toml'}" in done.stderr
    # What is no longer there, or says the same, is not in the way.
    (modelled / "a" / "stm32.toml").rename(modelled / "stm32.toml")
    done = sertool("render", "--target", "b/stm32.toml", folder=modelled)
    assert done.returncode == 0, done.stderr
