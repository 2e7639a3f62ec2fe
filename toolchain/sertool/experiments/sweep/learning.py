"""Learning one point with one seed: pure functions that any process, on any machine, runs alike."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sertool import laq, training
from sertool.errors import SertoolError
from sertool.experiments.sweep.keys import learning_digest
from sertool.experiments.sweep.plans import Wanted, byte_costs, choose
from sertool.experiments.sweep.row import Score
from sertool.material import Case
from sertool.training import FineTuningConfig, FloatModel, TrainingConfig
from sertool.training.backend import one_thread

# Keras has one random state a process, and a Dask worker may have several threads.
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Learned:
    """What a point gave with one seed; see `Row` for the fields."""

    shape: tuple[int, ...]
    plan: str
    bytes: int
    float_validation: Score
    float_test: Score
    validation: Score
    test: Score


def train(case: Case, config: TrainingConfig, code: str) -> FloatModel:
    """Train the float network; `code` is the `learning_digest` of who asks.

    Raises SertoolError where this machine's sertool is another one, and as `training.fit` does.
    """
    _check_code(code)
    with _alone():
        return training.fit(case.data, config)[0]


def learn(case: Case, model: FloatModel, wanted: Wanted, config: FineTuningConfig, code: str) -> Learned:
    """Give a float network its widths, fine-tune it, and run the integer reference on validation and test.

    Nothing is chosen by the test part. Raises SertoolError as `train` and `laq.fine_tune` do.
    """
    _check_code(code)
    with _alone():
        plan = choose(wanted, model, case.data, config.seed)
        quantized = laq.fine_tune(model, plan, case.data, config)
        graph = laq.integer_graph(quantized)
        return Learned(
            model.shape,
            laq.format_plan(plan),
            byte_costs(model.shape).of(plan),
            Score.of(training.evaluate(model, case.data.validation)),
            Score.of(training.evaluate(model, case.test)),
            Score.of(laq.evaluate(graph, case.data.validation)),
            Score.of(laq.evaluate(graph, case.test)),
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other threads out, numpy's own too."""
    with _LOCK, one_thread():
        yield


def _check_code(code: str) -> None:
    if code != learning_digest():
        raise SertoolError(
            "a worker has another sertool, TensorFlow or numpy than the machine that asks",
            where=socket.gethostname(),
            hint="install the same sertool[cluster,train] on all machines and start the workers again",
        )
