"""What each layer costs at each width on a target's core, for plans under a limit of instructions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from sertool.compilers import compiler_version, cross_tool
from sertool.engines.cortex_m import check_core
from sertool.engines.emulator import EmulatorEngine
from sertool.files import write_atomic
from sertool.firmware.model import model_sources
from sertool.graph import FullyConnected, IntegerGraph, TensorScale, Width, classifier, fully_connected
from sertool.laq import WIDTHS, Costs
from sertool.locations import cache_folder
from sertool.progress import track

#: Inputs over which softmax, whose instructions depend on what it is given, is counted.
_CLIPS = 16


def instruction_costs(shape: Sequence[int], cpu: str) -> Costs:
    """Count the instructions of each layer of a network, sizes from inputs to classes, at each width on `cpu`.

    A layer's instructions depend on its sizes and width alone, so drawn weights serve, and the layers' counts
    add up (a call more or less between them). `fixed` is what the plan does not decide: softmax, the most over
    drawn inputs (it takes some hundred instructions more or less, as its inputs are), and the label. Counts are
    kept in the user's cache. Raises SertoolError for a core that cannot be emulated, and where the
    cross-compiler or Unicorn is missing.
    """
    check_core(cpu)
    layers = list(zip(shape[1:], shape, strict=False))
    wanted = [(index, width) for index in range(len(layers)) for width in WIDTHS]
    table: list[dict[Width, int]] = [{} for _ in layers]
    for index, width in track(wanted, f"Counting instructions on {cpu}"):
        table[index][width] = _count([_layer(*layers[index], width, index == len(layers) - 1)], cpu)
    last = _layer(*layers[-1], WIDTHS[-1], True)
    whole = _count(classifier([last], [f"class{number}" for number in range(shape[-1])]).layers, cpu)
    return Costs("instructions", tuple(table), whole - table[-1][WIDTHS[-1]])


def _layer(outputs: int, inputs: int, width: Width, last: bool) -> FullyConnected:
    random = np.random.default_rng(0)
    codes = np.arange(-width.largest_code, width.largest_code + 1)
    drawn = random.choice(codes if width.has_zero else codes[codes != 0], (outputs, inputs))
    scales = np.full(outputs, 1 / np.sqrt(np.square(drawn.astype(float)).mean() * inputs), np.float32)
    scale, zero_point = 2.0**-4, 0 if last else -128
    return fully_connected(
        "layer",
        "input",
        drawn,
        scales,
        np.zeros(outputs),
        TensorScale(2.0**-5, 0),
        TensorScale(scale, zero_point),
        not last,
        width,
    )


def _count(layers: Sequence[object], cpu: str) -> int:
    """Return the most instructions that these layers took on drawn inputs."""
    first = layers[0]
    assert isinstance(first, FullyConnected)
    labels = tuple(f"class{number}" for number in range(first.outputs))
    graph = IntegerGraph("input", first.inputs, first.input_quantization, tuple(layers), labels)  # type: ignore[arg-type]
    sources = json.dumps({name: str(text) for name, text in sorted(model_sources(graph).items())})
    key = hashlib.sha256(f"{cpu} {compiler_version(cross_tool())} {sources}".encode()).hexdigest()
    kept = cache_folder("instructions") / f"{key}.json"
    try:
        return int(json.loads(kept.read_text(encoding="utf-8"))["instructions"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    inputs = np.random.default_rng(1).integers(-128, 128, (_CLIPS, graph.input_size)).astype(np.int8)
    with EmulatorEngine(graph, cpu=cpu) as engine:
        counted = int(engine.instructions(inputs).max())
    write_atomic(kept, json.dumps({"instructions": counted}))
    return counted
