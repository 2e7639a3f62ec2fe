"""TensorFlow as this project uses it: the Keras that TFMOT takes, quiet, single-threaded, deterministic."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sertool.errors import SertoolError

_ENVIRONMENT = {
    "TF_USE_LEGACY_KERAS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # oneDNN chooses kernels by processor; without it a seed gives the same weights on more machines.
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


@dataclass(frozen=True)
class Backend:
    """What training needs: `tf` (tensorflow), `keras` (tf-keras), `tfmot` (tensorflow_model_optimization)."""

    tf: Any
    keras: Any
    tfmot: Any


@functools.cache
def backend() -> Backend:
    """Import TensorFlow, tf-keras (TFMOT 0.8.1 takes no other Keras) and TFMOT; on the CPU, deterministic.

    One thread runs an operation: networks of this size gain nothing from more, and sums come in one order.
    Where TensorFlow runs already, its threads stay as they are. Raises SertoolError where a module is missing.
    """
    started = "tensorflow" in sys.modules
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        with quiet():
            import tensorflow as tf
            import tf_keras as keras

            with _without_keras3():
                import tensorflow_model_optimization as tfmot
    except ImportError as error:
        raise SertoolError(
            f"training needs TensorFlow, tf-keras and TFMOT: {error}", hint="pip install 'sertool[train]'"
        ) from error
    if not started:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.get_logger().setLevel("ERROR")
    tf.config.experimental.enable_op_determinism()
    return Backend(tf, keras, tfmot)


@contextmanager
def _without_keras3() -> Iterator[None]:
    # TFMOT looks into Keras 3 for a class that is not there, which takes a third of the time of all imports.
    hidden = "keras" not in sys.modules
    if hidden:
        sys.modules["keras"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["keras"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Let numpy compute on one thread within the block: the last bits of its products depend on how many.

    Raises SertoolError where what training needs is missing.
    """
    backend()
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """Keep away from the terminal what TensorFlow's C++ writes to file descriptor 2, whatever its log level."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
