"""Files that somebody changed: refused, or run alike by every runtime."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from foreign_models import foreign_model
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.errors import SertoolError
from sertool.graph import TensorScale

CAMPAIGN = Path(__file__).resolve().parents[1] / "campaigns" / "tflite_mutants.py"


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_mutants_are_refused_or_run_alike(count: int) -> None:
    run = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--seed", str(count), "--count", str(count)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "'alike, C too'" in run.stdout


def test_an_interpreter_that_aborts_is_an_error_and_no_death() -> None:
    # 512 equal logits: TFLM's softmax shifts by 32, and ends the process.
    codes, scales = np.ones((512, 1)), np.full(512, 0.01)
    model = foreign_model(
        codes, scales, np.zeros(512), TensorScale(0.1, 0), TensorScale(0.1, 0), ends=("softmax",)
    )
    process = InterpreterProcess("TensorFlow Lite Micro", ("tflm", "1000000"), model, [4])
    with pytest.raises(SertoolError, match="the process of TensorFlow Lite Micro was ended by SIG"):
        process.run([np.zeros((1, 1), np.int8)])
    process.close()
