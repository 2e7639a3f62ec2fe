"""Instructions of an inference and bytes of packed models, on every emulated core: benchmarks/kernels.json.

    python benchmarks/kernels.py

Executed instructions, not cycles: an emulator proves results and counts, never time. Weights and inputs are
drawn, with a fixed seed. Every core's outputs are compared with the reference's on the way.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from keeping import attempt

from sertool.compilers import compiler_version, cross_tool
from sertool.cores import EMULATED
from sertool.engines.emulator import EmulatorEngine
from sertool.files import write_atomic
from sertool.firmware.pack import layer_bytes
from sertool.firmware.program import render_model
from sertool.graph import (
    FullyConnected,
    IntegerGraph,
    TensorScale,
    Width,
    classifier,
    fully_connected,
    reference,
)
from sertool.graph.build import network as network_of

SMALL = (180, 256, 128, 64, 8)
PUBLISHED = (180, 512, 128, 64, 32, 7)
WIDTHS = ("1", "ternary", "2", "3", "4", "5", "6", "7", "8")

#: Instructions of the fully connected layers of SMALL in other implementations, counted in the same emulator.
#: CMSIS-NN is that of the package aidge-export-arm-cortexm 0.2.1, TFLM is TFLite Micro over it; GCC 12.2, -O2.
PEERS = {
    "CMSIS-NN, 8 bit": {
        "cortex-m0": 572_000, "cortex-m3": 312_000, "cortex-m4": 187_679, "cortex-m7": 188_000,
        "cortex-m33": 188_000,
    },
    "TFLM with CMSIS-NN, 4 bit": {"cortex-m4": 450_655},
    "TFLM with CMSIS-NN, lookup tables of 2 to 5 bits": {"cortex-m4": 514_798},
    "plain C, 8 bit": {"cortex-m4": 552_956},
    "naive packed, 4 bit": {"cortex-m4": 233_808},
    "naive packed, 2 bit": {"cortex-m4": 341_995},
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    result = attempt("kernels", measurements)
    if result is not None:
        write_atomic(options.output, json.dumps(result, indent=2) + "\n")


def measurements() -> dict[str, object]:
    cases = [(SMALL, (width,) * 4) for width in WIDTHS] + [(PUBLISHED, ("1", "1", "4", "4", "8"))]
    rows = []
    for sizes, plan in cases:
        rows.append(measure(sizes, plan))
        print(line(rows[-1]), flush=True)
    return {"compiler": compiler_version(cross_tool("gcc")), "flags": "-O2", "peers": PEERS, "rows": rows}


def measure(sizes: Sequence[int], plan: Sequence[str]) -> dict[str, object]:
    """Run one net on every core; counts of its layers alone, as peers count, and with softmax and argmax."""
    graph = network(sizes, plan)
    layers = network_of(graph.weighted, graph.labels)
    inputs = np.random.default_rng(1).integers(-128, 128, (20, sizes[0])).astype(np.int8)
    expected = reference.run(graph, inputs)
    instructions, whole, mismatches, stack = {}, {}, 0, {}
    for core in EMULATED:
        with EmulatorEngine(graph, cpu=core) as engine:
            trace = engine.run(inputs)
            mismatches += sum(int((trace[name] != values).sum()) for name, values in expected.items())
            whole[core] = round(float(engine.instructions(inputs[:3]).mean()))
            stack[core] = engine.stack(inputs[0])
        with EmulatorEngine(layers, cpu=core) as engine:
            instructions[core] = round(float(engine.instructions(inputs[:3]).mean()))
    shapes = [(layer.outputs, layer.inputs, layer.width) for layer in graph.weighted]
    return {
        "sizes": list(sizes),
        "plan": list(plan),
        "macs": sum(layer.weights.size for layer in graph.weighted),
        "weights_and_parameters_bytes": sum(layer_bytes(*shape) for shape in shapes),
        "arena_bytes": render_model(graph).arena_bytes,
        "instructions_of_layers": instructions,
        "instructions_with_softmax_and_label": whole,
        "stack_bytes": stack,
        "mismatches": mismatches,
    }


def network(sizes: Sequence[int], plan: Sequence[str]) -> IntegerGraph:
    """A drawn net whose activations use their range, with ReLU everywhere but at the end."""
    rng = np.random.default_rng(0)
    source, read = "input", TensorScale(2**-5, 0)
    layers: list[FullyConnected] = []
    for number, word in enumerate(plan):
        width, shape = Width.parse(word), (sizes[number + 1], sizes[number])
        codes = rng.choice([code for code in range(-width.largest_code, width.largest_code + 1)
                            if code or width.has_zero], shape)  # fmt: skip
        last = number == len(plan) - 1
        scales = rng.uniform(0.5, 2, shape[0]) / np.sqrt((codes**2).sum(axis=1).mean())
        given = TensorScale(read.scale, 3 if last else -128)
        bias = rng.normal(0, 20 * read.scale, shape[0])
        layers.append(
            fully_connected(f"dense{number}", source, codes, scales, bias, read, given, not last, width)
        )
        source, read = layers[-1].name, given
    return classifier(layers, [f"class{index}" for index in range(sizes[-1])])


def line(row: dict[str, object]) -> str:
    return (
        "{sizes} {plan}: {weights_and_parameters_bytes} bytes, arena {arena_bytes}, {instructions_of_layers}, "
        "{mismatches} mismatches"
    ).format(**row)


if __name__ == "__main__":
    main()
