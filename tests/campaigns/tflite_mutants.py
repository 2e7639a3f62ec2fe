"""Changed .tflite files: each is refused by one SertoolError, or read and run alike by every runtime.

    python tests/campaigns/tflite_mutants.py --seed 0 --count 5000

A mutant is one of our models with one field of one table changed (every field of the schema, to values at and
beyond its limits; entries left out, doubled, swapped), or with a byte of the file flipped. Reading it may take
10 seconds and 1 GB. What is read runs in TFLite Micro and in tflite-runtime, a third of it as C on this
machine too, each in a process of its own, and must give the integers of the reference after every layer.
"""

from __future__ import annotations

import argparse
import copy
import os
import pickle
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from foreign_models import foreign_model
from networks import inputs, network
from sertool import tflite
from sertool.engines.base import Trace
from sertool.engines.host import HostEngine
from sertool.engines.interpreters import INTERPRETERS
from sertool.errors import SertoolError
from sertool.graph import Rounding, ScaleProduct, TensorScale, reference
from sertool.tflite import flatbuffer
from sertool.tflite.locate import layer_tensors
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL, Nested, Scalar, Table, Tables, Union
from tflite_editing import edited

SECONDS, BYTES = 10, 2**30
#: One of so many mutants that are read is compiled, for which a compiler may take so many seconds.
EVERY, PATIENCE = 3, 120
#: Each runtime: its interpreter, what it takes, and how it multiplies scales.
RUNTIMES = {
    "tflm": ("tflm", ("1000000",), ScaleProduct.DOUBLE),
    "tflite": ("tflite", ("tflite_runtime.interpreter", "BUILTIN_REF"), ScaleProduct.SINGLE),
}
_INTEGERS = (-(2**31), -129, -128, -1, 0, 1, 2, 3, 4, 5, 8, 9, 12, 17, 25, 40, 56, 127, 128, 255, 2**31 - 1)
_FLOATS = (0.0, -0.0, -1.0, 1e-45, 1e-38, 1e-20, 1 / 256, 0.5, 1.0, 2.0, 1e20, 3e38, np.inf, -np.inf, np.nan)
_RANGES = {"?": (0, 1), "<i1": (-128, 127), "<i4": (-(2**31), 2**31 - 1), "<u4": (0, 2**32 - 1)}

Record = dict[str, Any]
Edit = Callable[[Record], object]


@dataclass(frozen=True)
class Verdict:
    """`kind`: `refused`, `alike`, `alike, C too` or what is wrong; `detail` says more."""

    kind: str
    detail: str


def models() -> dict[str, bytes]:
    """What mutants are made from: ours, and files as others make them."""
    rng = np.random.default_rng(0)
    codes, bias = rng.integers(-127, 128, (4, 6)), rng.integers(-999, 999, 4)
    scales, quantization = rng.uniform(0.01, 0.02, 4), (TensorScale(0.05, 3), TensorScale(0.4, -5))
    return {
        "ours": tflite.write(network([6, 5, 4], ["4", "8"])),
        "classifier": foreign_model(codes, scales, bias, *quantization, ends=("softmax", "argmax")),
        "regressor": foreign_model(codes[:1], scales[:1], bias[:1], *quantization),
        "one scale": foreign_model(codes, scales[:1], bias, *quantization, ends=("argmax",)),
    }


def mutants(model: bytes) -> Iterator[tuple[str, bytes]]:
    """Every mutant of one field of `model`, with what was changed."""
    record = flatbuffer.decode(MODEL, model, FILE_IDENTIFIER)
    for name, edit in _edits(MODEL, record, (), "model"):
        try:
            yield name, edited(model, edit)
        except (ValueError, TypeError, OverflowError, KeyError):
            continue  # no file can hold it


def flipped(model: bytes, rng: np.random.Generator) -> tuple[str, bytes]:
    """A mutant with one byte changed."""
    data, place, value = bytearray(model), int(rng.integers(8, len(model))), int(rng.integers(256))
    data[place] = value
    return f"byte {place} = {value}", bytes(data)


def judge(model: bytes, *, compiled: bool = False) -> Verdict:
    """Read a mutant and run it in every runtime; `compiled`: as C too."""
    kind, found = _forked(lambda: _read(model))
    if kind != "done":
        return Verdict(f"reading: {kind}", str(found))
    if isinstance(found, str):
        return Verdict("refused", found)
    for name, (interpreter, options, product) in RUNTIMES.items():
        _, clips, tensors, expected = found[product]
        kind, got = _forked(
            lambda i=interpreter, o=options, t=tensors, c=clips: INTERPRETERS[i](
                model, list(t.values()), *o
            ).run([c])
        )
        if kind != "done":
            return Verdict(f"{name}: {kind}", str(got))
        if layer := _first_difference({one: got[f"outputs/{at}"] for one, at in tensors.items()}, expected):
            return Verdict(f"{name}: other integers", layer)
    for graph, clips, _, expected in found.values() if compiled else ():
        kind, got = _forked(lambda g=graph, c=clips: HostEngine(g, flags=("-O1",)).run(c), PATIENCE)
        if kind != "done":
            return Verdict(f"C: {kind}", str(got))
        if layer := _first_difference(got, expected):
            return Verdict("C: other integers", layer)
    return Verdict("alike, C too" if compiled else "alike", "")


def _first_difference(found: Trace, expected: Trace) -> str | None:
    """The first layer of `found` that is not as expected."""
    return next((name for name in found if not np.array_equal(found[name], expected[name])), None)


def _read(model: bytes) -> Any:
    try:
        found = {}
        for product in ScaleProduct:
            graph, _ = tflite.read(model, scale_product=product)
            clips: NDArray[np.int8] = inputs(graph, 8)
            if graph.rounding is Rounding.SINGLE:
                return "its rounding has no runtime here"
            found[product] = (graph, clips, layer_tensors(model, graph), reference.run(graph, clips))
        return found
    except SertoolError as error:
        return str(error)


def _forked(function: Callable[[], Any], seconds: int = SECONDS) -> tuple[str, Any]:
    """Run a function in a child within the limits: (`done`, its result) or (how it ended, what it said)."""
    source, target = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            signal.alarm(seconds)
            resource.setrlimit(resource.RLIMIT_AS, (_address_space() + BYTES,) * 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            answer = ("done", function())
        except BaseException as error:
            answer = (f"ended with {type(error).__name__}", str(error))
        with os.fdopen(target, "wb") as stream:
            pickle.dump(answer, stream)
        os._exit(0)
    os.close(target)
    with os.fdopen(source, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}", ""
    result: tuple[str, Any] = pickle.loads(data)
    return result


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _edits(table: Table, record: Record, path: tuple[Any, ...], name: str) -> Iterator[tuple[str, Edit]]:
    for field, (_, kind) in table.fields.items():
        value, here = record.get(field), f"{name}.{field}"
        for label, changed in _changes(kind, value):
            yield f"{here} {label}", _put((*path, field), changed)
        match kind, value:
            case Nested(), dict():
                yield from _edits(kind.table, value, (*path, field), here)
            case Union(), (code, dict() as options) if code in kind.tables:
                yield from _edits(kind.tables[code], options, (*path, field, 1), here)
            case Tables(), list():
                for index, entry in enumerate(value):
                    yield from _edits(kind.table, entry, (*path, field, index), f"{here}[{index}]")


def _changes(kind: object, value: Any) -> Iterator[tuple[str, Any]]:
    if value is not None and not isinstance(kind, Scalar):
        yield "left out", None
    if isinstance(kind, Scalar):
        low, high = _RANGES.get(kind.type, (0, 0))
        for number in _FLOATS if kind.type == "<f4" else {*_INTEGERS, int(value) - 1, int(value) + 1}:
            if number != value and (kind.type == "<f4" or low <= number <= high):
                yield f"= {number}", number
    elif isinstance(kind, Union):
        for code in kind.tables:
            yield f"of type {code}", (code, {})
    elif isinstance(value, np.ndarray):
        yield from _vectors(value)
    elif isinstance(value, list):
        yield from _lists(value)
    elif isinstance(value, str):
        yield from (("= ''", ""), ("long", value * 999), ("with a zero", "\0" + value))


def _vectors(value: NDArray[Any]) -> Iterator[tuple[str, Any]]:
    numbers: tuple[Any, ...] = _FLOATS if value.dtype.kind == "f" else _INTEGERS
    if value.dtype.kind == "i":
        numbers = (*numbers, 2**40) if value.dtype.itemsize == 8 else numbers
    yield "empty", value[:0]
    yield "shorter", value[:-1]
    yield "longer", np.concatenate([value, value[-1:] if len(value) else np.zeros(1, value.dtype)])
    yield "reversed", value[::-1]
    for place in {0, len(value) - 1} if len(value) else ():
        for number in numbers:
            if value.dtype.kind != "u" or 0 <= number <= 255:
                changed = value.copy()
                changed[place] = number
                yield f"[{place}] = {number}", changed


def _lists(value: list[Any]) -> Iterator[tuple[str, Any]]:
    yield "empty", []
    yield "reversed", value[::-1]
    for index, entry in enumerate(value):
        yield f"without {index}", value[:index] + value[index + 1 :]
        yield f"with {index} twice", [*value[:index], entry, *value[index:]]
        yield f"with {index} again at its end", [*value, entry]
        yield f"with {index} in place of 0", [entry, *value[1:]]


def _put(path: tuple[Any, ...], value: Any) -> Edit:
    def edit(record: Record) -> None:
        holder: Any = record
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = copy.deepcopy(value)

    return edit


def run(seed: int, count: int) -> dict[str, Verdict]:
    """Judge `count` mutants, nine of ten with a changed field: verdicts by the mutants' names."""
    rng, sources = np.random.default_rng(seed), models()
    # Imported before the forks, so that each starts with them.
    for interpreter, options, _ in RUNTIMES.values():
        INTERPRETERS[interpreter](sources["ours"], [0], *options)
    fields = [(f"{name}: {what}", data) for name, model in sources.items() for what, data in mutants(model)]
    chosen = rng.permutation(len(fields))[: count - count // 10]
    picked = [fields[index] for index in chosen]
    for name in rng.choice(list(sources), count - len(picked)):
        what, data = flipped(sources[name], rng)
        picked.append((f"{name}: {what}", data))
    verdicts: dict[str, Verdict] = {}
    read = 0
    for name, data in picked:
        verdicts[name] = judge(data, compiled=read % EVERY == 0)
        read += verdicts[name].kind != "refused"
    return verdicts


def main() -> None:
    """Judge mutants, print how many were judged how, and end with status 1 where one was judged wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SERTOOL_CACHE"] = cache
        verdicts = run(given.seed, given.count)
    wrong = {
        name: one for name, one in verdicts.items() if one.kind not in ("refused", "alike", "alike, C too")
    }
    for name, verdict in wrong.items():
        print(f"{name}: {verdict.kind} {verdict.detail}")
    print(dict(Counter(verdict.kind for verdict in verdicts.values())))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
