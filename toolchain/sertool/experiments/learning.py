"""Learning trials on one case: a pure function that any process, on any machine, computes alike."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool import laq, training
from sertool.answers import doubts_of_labels
from sertool.digests import code_digest, value_digest
from sertool.errors import SertoolError
from sertool.experiments.outcomes import Outcome, Score
from sertool.experiments.trials import Recipe, Trial, Workshop, attempt
from sertool.material import Case
from sertool.plain_values import to_plain
from sertool.training import Examples
from sertool.training.backend import one_thread

#: The code and the packages that decide what training gives.
_CODE = (
    "training", "laq", "graph", "baselines", "answers", "firmware/pack.py",
    "experiments/trials.py", "experiments/learning.py", "experiments/calibrating.py",
)  # fmt: skip
_PACKAGES = ("numpy", "tensorflow", "tf-keras", "tensorflow-model-optimization")

# Keras has one random state a process, and a Dask worker may have several threads.
_LOCK = threading.Lock()


def learn(case: Case, recipe: Recipe, trials: Sequence[Trial], code: str) -> tuple[Outcome, ...]:
    """Make trials on one case, and look at its test part once for each; `code` is the digest of who asks.

    Nothing is chosen by the test part. Raises SertoolError where this machine's sertool is another one, and as
    trials do.
    """
    if code != learning_digest():
        raise SertoolError(
            "a worker has another sertool, TensorFlow or numpy than the machine that asks",
            where=socket.gethostname(),
            hint="install the same sertool[cluster,train] on all machines and start the workers again",
        )
    with _alone():
        workshop = Workshop(case.data, recipe)
        return tuple(_outcome(case, workshop, trial) for trial in trials)


def _outcome(case: Case, workshop: Workshop, trial: Trial) -> Outcome:
    made = attempt(workshop, trial)
    judge = case.data.validation if workshop.recipe.judged else None
    heard = laq.answers(made.graph, case.test.features, made.temperature)
    doubts = doubts_of_labels(made.rule, case.test.features, heard.probabilities, heard.labels)

    def quantized(part: Examples, heard: NDArray[np.integer[Any]]) -> Score:
        return Score.of(training.accuracy(part.labels, heard, case.data.labels))

    return Outcome(
        shape=made.shape,
        plan=made.plan,
        bytes=made.bytes,
        float_test=Score.of(training.evaluate(made.real, case.test)),
        test=quantized(case.test, heard.labels),
        heard=_plain(heard.labels),
        elsewhere=_plain(made.classify(case.elsewhere)) if len(case.elsewhere) else (),
        confidence=_plain(heard.confidence),
        untempered=_plain(heard.untempered),
        sure=_plain(doubts == 0),
        temperature=made.temperature,
        float_validation=Score.of(training.evaluate(made.real, judge)) if judge else None,
        validation=quantized(judge, made.classify(judge.features)) if judge else None,
    )


def _plain(values: NDArray[np.generic]) -> tuple[int, ...]:
    return tuple(map(int, values.tolist()))


@functools.cache
def learning_digest() -> str:
    """Digest code and packages that decide what training gives; machines that share a study have it alike."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    return value_digest([code_digest(_CODE), versions])


def case_digest(case: Case) -> str:
    """Return the hexadecimal digest of a case's data, seed and fold."""
    digest = hashlib.sha256()
    scale = case.data.input
    digest.update(json.dumps([case.seed, case.fold, case.data.labels, scale.scale, scale.zero_point]).encode())
    for part in (case.data.train, case.data.validation, case.test):
        digest.update(repr(part.features.shape).encode() + part.features.tobytes() + part.labels.tobytes())
    digest.update(case.elsewhere.tobytes())
    return digest.hexdigest()


def row_key(origin: Mapping[str, str], case: str, trial: Trial, recipe: Recipe) -> str:
    """Digest all that decides a row but its image.

    `origin` is what the row says of the corpus, `case` a `case_digest`.
    """
    return value_digest(
        {
            "origin": origin,
            "case": case,
            "trial": to_plain(trial),
            # The trial says the hidden sizes.
            "training": asdict(dataclasses.replace(recipe.training, hidden=trial.hidden)),
            "fine_tuning": asdict(recipe.fine_tuning),
            "judged": recipe.judged,
            "coverage": recipe.coverage,
            "learning": learning_digest(),
        }
    )


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other threads out, numpy's own too."""
    with _LOCK, one_thread():
        yield
