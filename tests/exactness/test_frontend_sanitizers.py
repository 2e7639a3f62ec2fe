"""The front end under AddressSanitizer and UndefinedBehaviorSanitizer, each kind of core's code, any input."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from frontend_probe import PLAIN, spectral
from sertool.compilers import STRICT, host_compiler, run_tool, write_sources
from sertool.frontend import Descriptor, Frontend, FrontendSpec, preset, sources
from sertool.standardization import Running, Standardizer

_MAIN = """\
#include <stdio.h>
#include <stdlib.h>

#include "ser_frontend.h"
#include "ser_standardizer.h"

/* Standard input: number of pieces, their sizes, their samples. Standard output: features, then inputs. */
int main(void)
{
    uint32_t pieces;
    struct ser_frontend frontend;
    int32_t features[SER_FEATURES];
    int8_t input[SER_FEATURES];
    if (fread(&pieces, sizeof pieces, 1, stdin) != 1)
        return 2;
    uint32_t *sizes = malloc(pieces * sizeof *sizes);
    if (sizes == NULL || fread(sizes, sizeof *sizes, pieces, stdin) != pieces)
        return 2;
    ser_frontend_reset(&frontend);
    for (uint32_t piece = 0; piece < pieces; piece++) {
        /* Exactly as large as the piece, so that a sample read too far is seen. */
        int16_t *pcm = malloc(sizes[piece] * sizeof *pcm);
        if (sizes[piece] > 0 && (pcm == NULL || fread(pcm, sizeof *pcm, sizes[piece], stdin) != sizes[piece]))
            return 2;
        ser_frontend_push(&frontend, pcm, sizes[piece]);
        free(pcm);
    }
    free(sizes);
    if (ser_frontend_finish(&frontend, features) != 0)
        return 3;
    struct ser_speaker speaker = {0};
    ser_standardize(&speaker, features, input);
    ser_follow(&speaker, features);
    fwrite(features, sizeof features, 1, stdout);
    fwrite(input, sizeof input, 1, stdout);
    return 0;
}
"""
_KINDS = {
    "host": (),
    "long multiplication": ("-DSER_HOST=0", "-DSER_SMALL_CORE=0"),
    "small core": ("-DSER_HOST=0", "-DSER_SMALL_CORE=1"),
}
_SPECS = {
    "moments": preset("moments"),
    "small": FrontendSpec(
        8000,
        256,
        32,
        (Descriptor("chroma", 24), Descriptor("mfcc", 9, PLAIN), Descriptor("log_mel", 24, ())),
    ),
    "spectral": spectral(),
    "spectral small": spectral(8000, 256, 32, 56),
    "long": FrontendSpec(44100, 2048, 2048, (Descriptor("log_mel", 128, ("deviation",)),)),
    "voice": FrontendSpec(
        22050, 1024, 128, (Descriptor("harmonicity", 1), Descriptor("f0", 1), Descriptor("voicing", 1))
    ),
}
_SANITIZERS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def standardizer(spec: FrontendSpec) -> Standardizer:
    random = np.random.default_rng(spec.features)
    spread = 10.0 ** random.uniform(0, 7, spec.features)
    return Standardizer.fit(random.normal(0, spread, (9, spec.features)).astype(np.int32), following=Running())


@pytest.fixture(scope="module", params=[(spec, kind) for spec in _SPECS for kind in _KINDS], ids="-".join)
def sanitized(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Frontend, Path]:
    name, kind = request.param
    spec = _SPECS[name]
    folder = tmp_path_factory.mktemp("sanitized")
    tree = {**sources(spec), **standardizer(spec).sources(), "main.c": _MAIN}
    write_sources(tree, folder)
    includes = sorted({f"-I{Path(path).parent}" for path in tree if path.endswith(".h")})
    units = [path for path in tree if path.endswith(".c")]
    run_tool(
        [host_compiler(), *STRICT, *_SANITIZERS, *_KINDS[kind], *includes, *units, "-o", "frontend"], folder
    )
    return Frontend(spec), folder / "frontend"


def sound(samples: int, kind: str, seed: int) -> NDArray[np.int16]:
    random = np.random.default_rng(seed)
    if kind == "noise":
        return random.integers(-32768, 32768, samples).astype(np.int16)
    if kind == "extremes":
        return random.choice(np.array([-32768, -32767, -1, 0, 1, 32767], np.int16), samples)
    if kind == "constant":
        return np.full(samples, random.choice(np.array([-32768, -1, 0, 32767], np.int16)))
    if kind == "impulse":
        return np.where(np.arange(samples) == seed % max(samples, 1), -32768, 0).astype(np.int16)
    return (random.normal(0, 3, samples)).astype(np.int16)


@given(
    sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    kind=st.sampled_from(("noise", "extremes", "constant", "impulse", "whisper")),
    seed=st.integers(0, 2**16),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_undefined_happens_and_features_are_equal(
    sanitized: tuple[Frontend, Path], sizes: list[int], kind: str, seed: int
) -> None:
    frontend, program = sanitized
    spec = frontend.spec
    pcm = sound(sum(sizes), kind, seed)
    given_bytes = np.array([len(sizes), *sizes], np.uint32).tobytes() + pcm.tobytes()
    done = subprocess.run([program], input=given_bytes, capture_output=True)
    if len(pcm) < spec.frame_length:
        assert done.returncode == 3, done.stderr.decode()
        return
    assert done.returncode == 0, done.stderr.decode()
    features = np.frombuffer(done.stdout[: 4 * spec.features], np.int32)
    expected = frontend.features(pcm)
    assert np.array_equal(features, expected)
    assert np.array_equal(
        np.frombuffer(done.stdout[4 * spec.features :], np.int8),
        standardizer(spec).follow(expected[np.newaxis])[0],
    )
