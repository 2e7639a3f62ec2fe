"""Pitch on powers at the ends of their ranges: nothing overflows, and every core gives the same integers."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool.compilers import STRICT, host_compiler, run_tool, write_sources
from sertool.engines.cortex_m import EMULATED, CortexM, bare_elf
from sertool.frontend import Descriptor, FrontendSpec, sources

LONG = FrontendSpec(descriptors=(Descriptor("f0", 1), Descriptor("harmonicity", 1)))
SHORT = FrontendSpec(16000, 512, 128, (Descriptor("f0", 1), Descriptor("harmonicity", 1)))
FIRST, END = 2, 128

Run = Callable[[FrontendSpec, str, NDArray[np.int32]], NDArray[np.int32]]

_MAIN = """\
#include <stdio.h>

#include "ser_correlate.h"
#include "ser_f0.h"
#include "ser_harmonicity.h"
#include "ser_pitch.h"

/* Standard input: frames of a gain, a shift (0: none) and powers. Standard output: what is made of each. */
int main(void)
{
    struct ser_pitch_state state = {0, 0};
    int32_t given[2 + SER_WORK_WORDS];
    uint32_t power[SER_WORK_WORDS];
    while (fread(given, sizeof given, 1, stdin) == 1) {
        int32_t made[4] = {0, 0, 0, 0}, products[128] = {0};
        for (int word = 0; word < SER_WORK_WORDS; word++) {
            power[word] = (uint32_t)given[2 + word];
        }
        ser_pitch(&state, power, given[0], made);
        ser_f0(made, made + 2);
        ser_harmonicity(power, made + 3);
        if (given[1] > 0) {
            ser_correlate(power, given[1], products);
        }
        fwrite(made, sizeof made, 1, stdout);
        fwrite(products, sizeof products, 1, stdout);
    }
    return 0;
}
"""
_STATE = """\
#include "ser_frontend.h"
extern struct ser_frontend state;
struct ser_frontend state;
"""
_KINDS = {
    "host": (),
    "long multiplication": ("-DSER_HOST=0", "-DSER_SMALL_CORE=0"),
    "small core": ("-DSER_HOST=0", "-DSER_SMALL_CORE=1"),
}
_SANITIZERS = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def powers(spec: FrontendSpec, count: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Gains, and powers (bins + 1,) whose heard sums lie at every power of two that decides something."""
    random = np.random.default_rng(count)
    edges = [(bits, less) for bits in (0, 1, 28, 29, 30, 31, 32, 33, 47, 48) for less in (0, 1)]
    for index in range(count):
        power = np.zeros(spec.bins + 1, np.uint64)
        bits, less = edges[index % len(edges)]
        total = 2**bits - less
        chosen = random.choice(np.arange(FIRST, END), int(random.integers(1, 4)), replace=False)
        match index // len(edges) % 4:
            case 0:
                power[chosen[0]] = total
            case 1:
                # Bins that are folded onto each other.
                power[chosen[0]], power[END - chosen[0]] = total // 2, total - total // 2
            case 2:
                power[FIRST:END] = total // (END - FIRST)
                power[chosen[0]] += total % (END - FIRST)
            case _:
                power[:-1] = (2.0 ** random.uniform(0, max(bits - 8, 1), spec.bins)).astype(np.uint64)
                power[chosen] = total // 3
        yield int(random.integers(0, 16)), power


def frames(spec: FrontendSpec, count: int) -> tuple[NDArray[np.int32], list[NDArray[np.uint64]]]:
    """What the program is given, (count, 2 + words), and the powers."""
    rows, all_powers = [], []
    for gain, power in powers(spec, count):
        shift = max(0, int(power[FIRST:END].sum()).bit_length() - 29)
        rows.append(np.concatenate([np.array([gain, shift], np.int32), power.view(np.int32)]))
        all_powers.append(power)
    return np.stack(rows), all_powers


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Build a spec's pitch with sanitizers for a kind of core once; give what it makes of frames.

    Rows of log2 of the period, strength, f0, harmonicity, and 128 products.
    """

    @functools.cache
    def program(spec: FrontendSpec, kind: str) -> Path:
        folder = tmp_path_factory.mktemp("pitch")
        tree = {**sources(spec), "main.c": _MAIN}
        write_sources(tree, folder)
        includes = sorted({f"-I{Path(path).parent}" for path in tree if path.endswith(".h")})
        units = [path for path in tree if path.endswith(".c")]
        options = (*STRICT, *_SANITIZERS, *_KINDS[kind], *includes)
        run_tool([host_compiler(), *options, *units, "-o", "pitch"], folder)
        return folder / "pitch"

    def rows(spec: FrontendSpec, kind: str, given: NDArray[np.int32]) -> NDArray[np.int32]:
        done = subprocess.run([program(spec, kind)], input=given.tobytes(), capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return np.frombuffer(done.stdout, np.int32).reshape(len(given), 4 + 128)

    return rows


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("spec", [LONG, SHORT], ids=["1024", "512"])
def test_nothing_overflows_and_products_are_close_to_exact(spec: FrontendSpec, kind: str, run: Run) -> None:
    given, all_powers = frames(spec, 800)
    found = run(spec, kind, given)
    assert ((found[:, :2] >= 0) & (found[:, :2] <= (2**18 - 1, 32767))).all()
    assert (found[:, 2] >= 0).all() and (found[:, 2] < 2**12).all()
    assert np.array_equal(found[:, 2] > 0, found[:, 0] > 0)
    assert (np.abs(found[:, 3]) < 2**14).all()
    cosines = np.cos(2 * np.pi * np.outer(np.arange(FIRST, END), np.arange(128)) / 256)
    for row, shift, power in zip(found[:, 4:], given[:, 1], all_powers, strict=True):
        if shift:
            exact = (power[FIRST:END] >> np.uint64(shift)).astype(np.float64) @ cosines / 2
            assert np.abs(row - exact).max() < 2**18
        else:
            assert not row.any()


@pytest.mark.parametrize("core", EMULATED)
@pytest.mark.parametrize("spec", [LONG, SHORT], ids=["1024", "512"])
def test_every_core_gives_the_integers_of_the_host(spec: FrontendSpec, core: str, run: Run) -> None:
    given, _ = frames(spec, 240)
    expected = run(spec, "host", given)[:, :4]
    with CortexM(
        bare_elf("pitch", {**sources(spec), "state.c": _STATE}, core), core, counting=False
    ) as emulated:
        state, work = emulated.buffer(np.zeros(2, np.int32)), emulated.buffer(4 * (spec.frame_length + 4))
        made = emulated.buffer(16)
        for row, (gain, _, *words) in zip(expected, given.tolist(), strict=True):
            emulated.write(work, np.array(words, np.int32))
            emulated.call("ser_pitch", state, work, gain, made)
            emulated.call("ser_f0", made, made + 8)
            emulated.call("ser_harmonicity", work, made + 12)
            assert emulated.read(made, np.int32, 4).tolist() == row.tolist()
