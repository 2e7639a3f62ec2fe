"""The examples do what they say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands import Run

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.slow
def test_from_python(tmp_path: Path, speech: Path) -> None:
    command = [sys.executable, EXAMPLES / "from_python.py", tmp_path, speech]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "labelled anger" in done.stdout


@pytest.mark.slow
def test_own_recordings(sertool: Run, tmp_path: Path, speech: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLES / "own_recordings", tmp_path / "own"))
    for clip in speech.rglob("*.wav"):
        name = {"s0": "anna", "s1": "ben", "s2": "carla", "s3": "dirk"}[clip.name[:2]] + clip.name[2:]
        place = folder / "recordings" / clip.parent.name / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, place)
    done = sertool("build", "--epochs", 3, "--board-clips", 1, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "test speakers: anna" in done.stderr
    assert "all equal" in done.stdout
