"""Graphs built at boundaries, and drawn scales at every tie: reference, TFLite Micro, tflite-runtime, host's C.

    python tests/campaigns/boundaries.py --seed 0 --count 1000

`boundaries.built` has the former. Each drawn scale triple makes a layer whose biases put its outputs next to
each tie between two codes: as sertool writes it, with one scale at which runtimes multiply alike, and as files
made elsewhere hold it. There the two products part, and each runtime must equal the reference by its own.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from boundaries import built, drawn_scales, tied_layer
from foreign_models import foreign_model
from kernel_drivers import HostDriver
from sertool import tflite
from sertool.engines.interpreters import INTERPRETERS
from sertool.errors import SertoolError
from sertool.graph import FullyConnected, IntegerGraph, Rounding, ScaleProduct, network, reference
from sertool.tflite.locate import layer_tensors

RUNTIMES = {
    "tflm": ("tflm", ("4000000",), ScaleProduct.DOUBLE),
    "tflite": ("tflite", ("tflite_runtime.interpreter", "BUILTIN_REF"), ScaleProduct.SINGLE),
}


def run(seed: int, count: int) -> tuple[Counter[str], Counter[str]]:
    """Compare at `count` drawn scales: integers compared, and those that differ, by engine and kind of file."""
    rng, host = np.random.default_rng(seed), HostDriver()
    compared: Counter[str] = Counter()
    differing: Counter[str] = Counter()

    def note(name: str, expected: Any, got: Any) -> None:
        differ = np.asarray(expected) != np.asarray(got)
        compared[name] += differ.size
        differing[name] += int(differ.sum())

    for graph in built().values():
        _compare_built(graph, note)
    for _ in range(count):
        scales = drawn_scales(rng)
        try:
            written = tied_layer(scales, alike=True)
        except SertoolError:
            compared["no scale near"] += 1
            continue
        source = np.array([[written.input_quantization.zero_point]], np.int8)
        expected = written.run([source], Rounding.DOUBLE)
        note("written, host", expected, host.dense(written, source))
        model = tflite.write(network([written]))
        for name, (kind, options, _) in RUNTIMES.items():
            note(
                f"written, {name}",
                expected,
                INTERPRETERS[kind](model, [3], *options).run([source])["outputs/3"],
            )
        _foreign(tied_layer(scales), source, note)
    return compared, differing


def _compare_built(graph: IntegerGraph, note: Callable[[str, Any, Any], None]) -> None:
    model, given = tflite.write(graph), np.array([[0], [-128], [127], [1]], np.int8)
    tensors, expected = layer_tensors(model, graph), reference.run(graph, given)
    for name, (kind, options, _) in RUNTIMES.items():
        got = INTERPRETERS[kind](model, list(tensors.values()), *options).run([given])
        for layer, number in tensors.items():
            note(f"built, {name}", expected[layer], got[f"outputs/{number}"])


def _foreign(layer: FullyConnected, source: NDArray[np.int8], note: Callable[[str, Any, Any], None]) -> None:
    model = foreign_model(
        layer.weights,
        layer.weight_scales[:1],
        layer.bias,
        layer.input_quantization,
        layer.output_quantization,
    )
    expected = {}
    for name, (kind, options, product) in RUNTIMES.items():
        graph, _ = tflite.read(model, scale_product=product)
        expected[name] = graph.weighted[0].run([source], Rounding.DOUBLE)
        got = INTERPRETERS[kind](model, [3], *options).run([source])["outputs/3"]
        note(f"read, {name}", expected[name], got)
    note("the two products, read", *expected.values())


def main() -> None:
    """Print how many integers were compared and differ; end with status 1 where an engine differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    given = parser.parse_args()
    compared, differing = run(given.seed, given.count)
    for name, count in compared.items():
        print(f"{name}: {differing[name]:,} of {count:,} differ")
    raise SystemExit(any(differing[name] for name in compared if not name.startswith("the two")))


if __name__ == "__main__":
    main()
