"""States in flash that wears and loses power: C on a simulated flash, under two sanitizers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from kept_states import SCENARIOS, compiled


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize("scenario", [*SCENARIOS, "anything"])
def test_what_is_kept_is_the_old_state_or_the_new_one(program: Path, scenario: str) -> None:
    done = subprocess.run([program, scenario, "1", "1000"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
