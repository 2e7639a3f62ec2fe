"""What each layer costs at each width on a target's core, for plans under a limit of instructions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sertool.caches import keep_value, kept_value
from sertool.compilers import compiler_version, cross_tool
from sertool.digests import value_digest
from sertool.engines.cortex_m import check_core
from sertool.engines.emulator import EmulatorEngine
from sertool.firmware.fitting import stand_in
from sertool.firmware.program import model_sources
from sertool.graph import IntegerGraph, Width, network
from sertool.laq import WIDTHS, Costs
from sertool.locations import cache_folder
from sertool.plain_values import Positive
from sertool.progress import track

#: Inputs over which softmax, whose instructions depend on what it is given, is counted.
_CLIPS = 16


@dataclass(frozen=True)
class _Counted:
    instructions: Positive


def instruction_costs(shape: Sequence[int], cpu: str) -> Costs:
    """Count the instructions of each layer of a network, sizes from inputs to classes, at each width on `cpu`.

    A layer's instructions depend on its sizes and width alone, so drawn weights serve, and the layers' counts
    add up (a call more or less between them). `fixed` is what the plan does not decide: softmax, the most over
    drawn inputs (it takes some hundred instructions more or less, as its inputs are), and the label. Counts are
    kept in the user's cache. Raises SertoolError for a core that cannot be emulated, and where the
    cross-compiler or Unicorn is missing.
    """
    check_core(cpu)
    layers = list(itertools.pairwise(shape))
    wanted = [(index, width) for index in range(len(layers)) for width in WIDTHS]
    table: list[dict[Width, int]] = [{} for _ in layers]
    for index, width in track(wanted, f"Counting instructions on {cpu}"):
        graph = _network(*layers[index], width)
        table[index][width] = _count(network(graph.weighted, graph.labels), cpu)
    whole = _count(_network(*layers[-1], WIDTHS[-1]), cpu)
    return Costs("instructions", tuple(table), whole - table[-1][WIDTHS[-1]])


def _network(inputs: int, outputs: int, width: Width) -> IntegerGraph:
    """Return a classifier of this one layer."""
    return stand_in((inputs, outputs), (width,), [f"class{number}" for number in range(outputs)])


def _count(graph: IntegerGraph, cpu: str) -> int:
    """Return the most instructions that an inference took on drawn inputs."""
    sources = {name: str(text) for name, text in model_sources(graph).items()}
    place = (
        cache_folder("instructions") / f"{value_digest([cpu, compiler_version(cross_tool()), sources])}.json"
    )
    if found := kept_value(place, _Counted):
        return found.instructions
    inputs = np.random.default_rng(1).integers(-128, 128, (_CLIPS, graph.input.size)).astype(np.int8)
    with EmulatorEngine(graph, cpu=cpu) as engine:
        counted = int(engine.instructions(inputs).max())
    keep_value(place, _Counted(counted))
    return counted
