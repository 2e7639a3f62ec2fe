"""Every kernel equals the reference: width x machine x odd shape x strain, on extreme and random inputs."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from kernel_drivers import CoreDriver, Driver, HostDriver, check
from kernel_layers import LARGE, SHAPES, STRAINS, WIDTHS, Strain, layer, vectors
from sertool.cores import EMULATED
from sertool.graph import FullyConnected, Rounding, Width
from sertool.graph.operators.softmax import softmax, softmax_parameters

MACHINES = ("host", *EMULATED)


@functools.cache
def driver(machine: str, rounding: Rounding = Rounding.DOUBLE) -> Driver:
    return HostDriver(rounding) if machine == "host" else CoreDriver(machine, rounding)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("machine", MACHINES)
def test_odd_shapes(machine: str, width: str) -> None:
    for shape in SHAPES:
        made = layer(Width.parse(width), shape, STRAINS[0])
        check(driver(machine), made, vectors(made, 5), Rounding.DOUBLE)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("machine", MACHINES)
def test_strained_layers(machine: str, width: str) -> None:
    for strain in STRAINS:
        made = layer(Width.parse(width), (7, 45), strain)
        check(driver(machine), made, vectors(made, 5), Rounding.DOUBLE)


@pytest.mark.slow
@pytest.mark.parametrize("strain", STRAINS, ids=lambda strain: strain.name)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("machine", MACHINES)
def test_all_shapes_strained(machine: str, width: str, strain: Strain) -> None:
    for seed, shape in enumerate(SHAPES):
        made = layer(Width.parse(width), shape, strain, seed)
        for rounding in Rounding:
            check(driver(machine, rounding), made, vectors(made, 12, seed), rounding)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("machine", MACHINES)
def test_a_large_layer(machine: str, width: str) -> None:
    for strain in STRAINS[:2]:
        made = layer(Width.parse(width), LARGE, strain)
        check(driver(machine), made, vectors(made, 5), Rounding.DOUBLE)


@pytest.mark.parametrize("machine", MACHINES)
def test_single_rounding(machine: str) -> None:
    for width in WIDTHS:
        made = layer(Width.parse(width), (9, 33), STRAINS[0])
        check(driver(machine, Rounding.SINGLE), made, vectors(made), Rounding.SINGLE)


def test_the_roundings_differ() -> None:
    """Where ties occur: a multiplier of one half and sums of odd numbers below zero."""
    made = layer(Width.parse("8"), (4, 1), Strain("ties", 0, 0, code=1, bias=0.0, left=-7))
    made.multiplier[:] = 2**30
    inputs = np.arange(-128, 128, dtype=np.int8)[:, np.newaxis]
    double, single = (driver("host", rounding).dense(made, inputs) for rounding in Rounding)
    assert (double != single).any()
    for rounding in Rounding:
        check(driver("host", rounding), made, inputs, rounding)


def test_unaligned_words_are_never_read_on_armv6m() -> None:
    aligned = CoreDriver("cortex-m0", aligned=True)
    for width in WIDTHS:
        made = layer(Width.parse(width), (5, 39), STRAINS[0])
        check(aligned, made, vectors(made, 2), Rounding.DOUBLE)


@pytest.mark.parametrize("machine", MACHINES)
def test_softmax(machine: str) -> None:
    rng = np.random.default_rng(5)
    for size, scale in ((1, 0.1), (2, 1.0), (7, 0.05), (7, 0.7), (33, 2.0**-20), (256, 0.003), (5, 40.0)):
        logits = rng.integers(-128, 128, (6, size)).astype(np.int8)
        logits[0], logits[1] = -128, 127
        logits[2] = np.where(np.arange(size) == size // 2, 127, -128)
        got = driver(machine).softmax(softmax_parameters(scale), logits)
        expected = softmax(logits, scale)
        assert np.array_equal(got, expected), (size, scale, np.argwhere(got != expected)[0])


def test_a_difference_is_named() -> None:
    made = layer(Width.parse("4"), (3, 5), STRAINS[0])
    inputs = vectors(made)

    class Wrong:
        def dense(self, layer: FullyConnected, inputs: np.ndarray) -> np.ndarray:
            got = driver("host").dense(layer, inputs)
            got[1, 2] ^= 1
            return got

    with pytest.raises(AssertionError, match=r"dense 3 x 5 at width 4, input 1, index 2: expected .*, got .*"):
        check(Wrong(), made, inputs, Rounding.DOUBLE)  # type: ignore[arg-type]
