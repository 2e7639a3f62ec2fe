"""The cross-compiled front end on emulated cores gives the integers of the host."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from frontend_probe import PLAIN, Probe, spectral, speech_like
from sertool.compilers import STRICT, run_tool, write_sources
from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, Frontend, FrontendSpec, preset, sources
from sertool.frontend.functionals import FUNCTIONALS
from sertool.standardization import STANDARDIZATIONS, Speaker, Standardizer

SPECS = {
    "functionals": FrontendSpec(descriptors=(Descriptor("f0", 1, tuple(FUNCTIONALS)),)),
    "moments": preset("moments"),
    "laq180": preset("laq180"),
    "prosody": preset("prosody"),
    "256": FrontendSpec(8000, 256, 64, (Descriptor("log_mel", 24, PLAIN), Descriptor("chroma", 12, ("mean",)))),
    "512": FrontendSpec(
        22050, 512, 512, (Descriptor("mfcc", 13, ("deviation",)), Descriptor("log_mel", 40, ()))
    ),
    "spectral": spectral(),
    "spectral 256": spectral(8000, 256, 64, 48),
    "spectral 2048": spectral(48000, 2048, 512, 256),
    "voice": FrontendSpec(
        descriptors=(Descriptor("f0", 1), Descriptor("voicing", 1), Descriptor("harmonicity", 1))
    ),
    "short voice": FrontendSpec(16000, 512, 128, (Descriptor("voicing", 1), Descriptor("f0", 1))),
    "2048": FrontendSpec(48000, 2048, 1024, (Descriptor("chroma", 36), Descriptor("mfcc", 20))),
}
_STATE = """\
#include "ser_frontend.h"
#include "ser_standardizer.h"
extern struct ser_frontend state;
struct ser_frontend state;
extern struct ser_speaker speaker;
struct ser_speaker speaker;
"""
_COMPILERS = {
    "gcc": ["gcc"],
    "clang": ["clang"],
    **{f"arm-none-eabi-gcc {core}": ["arm-none-eabi-gcc", f"-mcpu={core}", "-mthumb"] for core in EMULATED},
    **{
        f"clang {core}": ["clang", "--target=arm-none-eabi", f"-mcpu={core}", "-mthumb", "-mfloat-abi=soft"]
        for core in EMULATED
    },
}


def signals(spec: FrontendSpec) -> list[np.ndarray]:
    length = spec.frame_length + 4 * spec.hop_length
    random = np.random.default_rng(4)
    return [
        speech_like(length, seed=1, rate=spec.sample_rate),
        speech_like(length, seed=2, amplitude=0.01, rate=spec.sample_rate),
        random.integers(-32768, 32768, length).astype(np.int16),
        np.full(length, -32768, np.int16),
        np.where(np.arange(length) == length // 2, 32767, 0).astype(np.int16),
        np.zeros(length, np.int16),
    ]


def counted(frontend: Frontend, pcm: np.ndarray) -> bool:
    """Whether any frame counts: a gate lets none of silence through."""
    try:
        frontend.features(pcm)
    except SertoolError:
        return False
    return True


@pytest.mark.parametrize("core", EMULATED)
@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("standardization", STANDARDIZATIONS)
def test_a_core_gives_the_features_and_inputs_of_the_host(standardization: str, name: str, core: str) -> None:
    spec = SPECS[name]
    frontend = Frontend(spec)
    random = np.random.default_rng(0)
    standardizer = Standardizer.fit(
        random.integers(-(2**20), 2**20, (9, spec.features)).astype(np.int32),
        following=STANDARDIZATIONS[standardization],
    )
    known = Speaker.unknown(spec.features)
    tree = {**sources(spec), **standardizer.sources(), "state.c": _STATE}
    with CortexM(bare_elf("frontend", tree, core), core, counting=False) as emulated:
        state, speaker = emulated.address("state"), emulated.address("speaker")
        for pcm in signals(spec):
            place = emulated.buffer(pcm)
            emulated.call("ser_frontend_reset", state)
            half = len(pcm) // 2 + 1
            emulated.call("ser_frontend_push", state, place, half)
            emulated.call("ser_frontend_push", state, place + 2 * half, len(pcm) - half)
            features, inputs = emulated.buffer(4 * spec.features), emulated.buffer(spec.features)
            status = emulated.call("ser_frontend_finish", state, features)
            if not counted(frontend, pcm):
                assert status == 1
                continue
            assert status == 0
            emulated.call("ser_standardize", speaker, features, inputs)
            found = emulated.read(features, np.int32, spec.features)
            expected = frontend.features(pcm)
            assert np.flatnonzero(found != expected).tolist() == []
            followed = standardizer.follow(expected[np.newaxis], known)[0]
            assert np.array_equal(emulated.read(inputs, np.int8, spec.features), followed)
            # Who enrols does so by the first clips; else every one counts, in numpy as soon as it is heard.
            if standardizer.enrolled:
                if known.heard == standardizer.enrolled.most:
                    continue
                standardizer.enroll(expected[np.newaxis], known)
            emulated.call("ser_follow", speaker, features)


@pytest.mark.parametrize("flags", [("-O0",), ("-O2",), ("-O3", "-funroll-loops")])
def test_the_host_gives_the_same_whatever_the_flags(flags: tuple[str, ...]) -> None:
    for spec in SPECS.values():
        frontend, probe = Frontend(spec), Probe(spec, flags)
        for pcm in signals(spec):
            found = probe.features([pcm])
            assert (found is not None) == counted(frontend, pcm)
            assert found is None or np.array_equal(found, frontend.features(pcm))


@pytest.mark.parametrize("compiler", _COMPILERS)
def test_every_compiler_takes_the_sources_without_a_warning(compiler: str, tmp_path: Path) -> None:
    command = _COMPILERS[compiler]
    for name in ("functionals", "moments", "256", "512", "spectral", "voice"):
        spec, folder = SPECS[name], tmp_path / name
        standardizer = Standardizer.fit(np.arange(2 * spec.features, dtype=np.int32).reshape(2, -1))
        tree = {**sources(spec), **standardizer.sources()}
        write_sources(tree, folder)
        includes = sorted({f"-I{Path(path).parent}" for path in tree if path.endswith(".h")})
        units = sorted(path for path in tree if path.endswith(".c"))
        run_tool([*command, *STRICT, "-O2", "-ffreestanding", "-fsyntax-only", *includes, *units], folder)
