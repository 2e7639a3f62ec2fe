"""Drives the runtime, built with AddressSanitizer and UndefinedBehaviorSanitizer, in a process of its own.

`python sanitized_runtime.py kernels|public|overrun`: the first two pass when the sanitizers find nothing and
every integer equals the reference's; the last writes past a buffer on purpose.
"""

from __future__ import annotations

import sys

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kernel_drivers import HostDriver, check
from kernel_layers import STRAINS, WIDTHS, Strain, layer, vectors
from networks import network
from sertool.engines.host import HostEngine
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, preset
from sertool.graph import Rounding, Width, reference
from sertool.standardization import STANDARDIZATIONS, Enrolled, Running, Speaker, Standardizer

FLAGS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
EXAMPLES = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def kernels() -> None:
    """Any shape, width and strain, arrays of exactly the right size."""
    drivers = {rounding: HostDriver(rounding, FLAGS) for rounding in Rounding}

    @EXAMPLES
    @given(
        st.sampled_from(WIDTHS),
        st.integers(1, 21),
        st.integers(1, 140),
        st.sampled_from(STRAINS),
        st.integers(0, 2**16),
        st.sampled_from(list(Rounding)),
    )
    def exact(width: str, outputs: int, inputs: int, strain: Strain, seed: int, rounding: Rounding) -> None:
        made = layer(Width.parse(width), (outputs, inputs), strain, seed)
        check(drivers[rounding], made, vectors(made, 5, seed), rounding)

    exact()


def public() -> None:
    """ser_init, ser_push in any pieces, ser_classify, ser_features, ser_input and ser_run on any sound."""
    for name, plan in (("laq180", ("1", "ternary", "5")), ("moments", ("8", "3", "4"))):
        spec = preset(name)
        for following in STANDARDIZATIONS.values():
            _drive(spec, plan, following)


def _drive(spec: FrontendSpec, plan: tuple[str, ...], following: Running | Enrolled | None) -> None:
    graph = network([spec.features, 37, 18, 5], plan, seed=9)
    rng = np.random.default_rng(2)
    drawn = rng.integers(-(2**20), 2**20, (9, spec.features)).astype(np.int32)
    fitted = Standardizer.fit(drawn, following=following)
    speaker = Speaker.unknown(spec.features)

    @settings(EXAMPLES, max_examples=12)
    @given(st.integers(0, 6000), st.sampled_from(("noise", "silence", "loudest", "square")), st.integers(0, 99))
    def any_sound(samples: int, kind: str, seed: int) -> None:
        pcm = _sound(samples, kind, seed)
        try:
            made = engine.classify(pcm)
        except SertoolError as error:
            assert samples < spec.frame_length, error
            return
        assert np.array_equal(made.input, fitted.follow(made.features[np.newaxis], speaker)[0])
        expected = reference.run(graph, made.input[np.newaxis])
        for one, values in expected.items():
            assert np.array_equal(made.trace[one], values), one

    with HostEngine(graph, spec, fitted, flags=FLAGS) as engine:
        any_sound()
        inputs = rng.integers(-128, 128, (40, spec.features)).astype(np.int8)
        for one, values in reference.run(graph, inputs).items():
            assert np.array_equal(engine.run(inputs)[one], values), one


def _sound(samples: int, kind: str, seed: int) -> NDArray[np.int16]:
    rng = np.random.default_rng(seed)
    match kind:
        case "noise":
            return rng.integers(-(2**15), 2**15, samples).astype(np.int16)
        case "silence":
            return np.zeros(samples, np.int16)
        case "loudest":
            return np.full(samples, -(2**15), np.int16)
        case _:
            period = 2 + seed
            return np.where(np.arange(samples) % period * 2 < period, 32767, -32768).astype(np.int16)


def overrun() -> None:
    """Give a kernel an output array that is too short: the sanitizer has to end this process."""
    made = layer(Width.parse("4"), (40, 8), STRAINS[0])
    HostDriver(Rounding.DOUBLE, FLAGS).dense(made, vectors(made), short=1)


if __name__ == "__main__":
    {"kernels": kernels, "public": public, "overrun": overrun}[sys.argv[1]]()
