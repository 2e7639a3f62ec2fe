"""Reference, interpreters, host C and emulated cores at inputs built where integers change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from boundaries import EDGES, LOGITS, SOFTMAX_SCALES, ZERO_POINTS, classifier_of, tied_layer
from foreign_models import foreign_model
from kernel_drivers import CoreDriver, Driver, HostDriver, check
from sertool import tflite
from sertool.engines.interpreter_process import InterpreterProcess
from sertool.errors import SertoolError
from sertool.graph import Rounding, TensorScale, reference
from sertool.graph.operators.softmax import softmax_parameters

CAMPAIGN = Path(__file__).resolve().parents[1] / "campaigns" / "boundaries.py"
ZERO = np.zeros((1, 1), np.int8)


@pytest.fixture(scope="module", params=["host", "cortex-m0", "cortex-m4"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return HostDriver() if request.param == "host" else CoreDriver(request.param)


def test_kernels_agree_at_every_tie_of_a_factor_at_its_edge(driver: Driver) -> None:
    for scales in EDGES.values():
        for zero_points in ZERO_POINTS:
            layer = tied_layer(scales, zero_points)
            given = np.array([[zero_points[0]], [-128], [127]], np.int8)
            check(driver, layer, given, Rounding.DOUBLE)


def test_softmax_kernels_agree_at_every_difference(driver: Driver) -> None:
    cases = [(scale, logits) for scale in SOFTMAX_SCALES for logits in LOGITS]
    for scale, logits in [*cases, (0.5, np.full(511, -128)), (0.5, np.full(511, 127))]:
        expected = reference.run(classifier_of(logits, scale), ZERO)["probabilities"]
        got = driver.softmax(softmax_parameters(scale), logits[np.newaxis].astype(np.int8))
        assert np.array_equal(got, expected), (scale, logits)


def test_interpreters_agree_at_every_boundary_and_at_the_ties_of_drawn_scales() -> None:
    command = [sys.executable, str(CAMPAIGN), "--seed", "0", "--count", "20"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_first_of_equal_logits_is_the_label() -> None:
    graph = classifier_of([-7, 0, 0, -128, 0], 0.5)
    labels = reference.run(graph, np.array([[-128], [0]], np.int8))["label"]
    assert labels.ravel().tolist() == [0, 1]


def test_a_sum_that_wraps_before_the_clamp_in_a_runtime_is_not_read() -> None:
    # A factor of 1 - 2^-30 and the greatest sum: the zero point takes it beyond int32, where TFLM wraps.
    source, output = TensorScale(1 + 2.0**-15, 0), TensorScale(1.0, 127)
    model = foreign_model([[1]], [1 - 2.0**-15], [2**31 - 1 - 128], source, output)
    process = InterpreterProcess("TFLM", ("tflm", "1000000"), model, [3])
    assert process.run([np.array([[127]], np.int8)])[3].tolist() == [[-128]]
    process.close()
    with pytest.raises(SertoolError, match="output 0 can leave int32 before it is clamped"):
        tflite.read(model)
