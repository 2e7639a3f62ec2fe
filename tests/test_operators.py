"""An operator is one file in each room that speaks of it, of one name; each room's table holds them all.

What it computes is tried on the cases of `tests/operators`: every engine gives the reference's integers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from operator_cases import Case, merged
from operators import CASES, DRAWN
from sertool import tflite
from sertool.cores import EMULATED
from sertool.engines.base import Engine
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.firmware.operators import LOWERINGS
from sertool.graph import IntegerGraph, Rounding
from sertool.graph.graph import equal
from sertool.graph.operators import OPERATORS, operator_of
from sertool.tflite.operators import CODECS
from sertool.verify import Outputs, compare, require
from tflite_editing import Record, edited

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "toolchain" / "sertool"
TABLES: dict[str, tuple[Path, Mapping[str, Any]]] = {
    "graph": (PACKAGE / "graph", OPERATORS),
    "tflite": (PACKAGE / "tflite", CODECS),
    "firmware": (PACKAGE / "firmware", LOWERINGS),
    "tests": (TESTS, CASES),
}
#: What runs each operator: all but the first are for where there is time.
ENGINES: Mapping[str, Callable[[IntegerGraph], Engine]] = {
    "host": HostEngine,
    "tflm": lambda graph: TflmEngine(tflite.write(graph), graph),
    "tflite": lambda graph: TfliteEngine(tflite.write(graph), graph),
    **{core: functools.partial(EmulatorEngine, cpu=core) for core in EMULATED},
}
FAST = ("host", "tflm", "cortex-m4")


@pytest.mark.parametrize("room", TABLES)
def test_each_room_has_a_file_and_a_row_for_every_operator(room: str) -> None:
    folder, table = TABLES[room]
    files = {path.stem for path in (folder / "operators").glob("*.py")} - {"__init__"}
    assert files == table.keys() == OPERATORS.keys()


def test_an_operator_is_called_as_its_class() -> None:
    for name, kind in OPERATORS.items():
        assert kind.__module__ == f"sertool.graph.operators.{name}"
        assert kind.__name__ == "".join(map(str.capitalize, name.split("_")))


@pytest.mark.parametrize("operator", CASES)
def test_the_latest_version_is_the_last_that_every_runtime_takes(operator: str) -> None:
    case, codec = next(iter(CASES[operator].values()))(Rounding.DOUBLE), CODECS[operator]
    model = tflite.write(case.graph)

    def of_version(version: int) -> bytes:
        def change(record: Record) -> None:
            for entry in record["operator_codes"]:
                entry["version"] = version if entry["builtin_code"] == codec.code else entry["version"]

        return edited(model, change)

    latest, later = of_version(codec.latest), of_version(codec.latest + 1)
    assert equal(tflite.read(latest)[0], case.graph)
    expected = Outputs(ReferenceEngine(case.graph).run(*case.inputs))
    for engine in (TflmEngine(latest, case.graph), TfliteEngine(latest, case.graph)):
        _require_equal(case, expected, engine)
    with pytest.raises(SertoolError, match=rf"version {codec.latest + 1}\n.*\n.*version 1 to {codec.latest}"):
        tflite.read(later)
    with pytest.raises(SertoolError, match=rf"Didn't find op .* version '{codec.latest + 1}'"):
        TfliteEngine(later, case.graph)


@functools.cache
def _together(operator: str, rounding: Rounding) -> tuple[Case, Outputs]:
    """All cases of an operator, and what the reference gives for them."""
    case = merged(make(rounding) for make in CASES[operator].values())
    return case, Outputs(ReferenceEngine(case.graph).run(*case.inputs))


@pytest.mark.parametrize("operator", CASES)
def test_cases_hold_their_operator_and_files_keep_them(operator: str) -> None:
    for make in CASES[operator].values():
        case = make(Rounding.DOUBLE)
        assert operator in map(operator_of, case.graph.layers)
        assert equal(tflite.read(tflite.write(case.graph))[0], case.graph)
    graph = _together(operator, Rounding.DOUBLE)[0].graph
    assert equal(tflite.read(tflite.write(graph))[0], graph)


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=[] if name in FAST else [pytest.mark.slow]) for name in ENGINES]
)
@pytest.mark.parametrize("operator", CASES)
def test_engines_give_the_integers_of_the_reference(operator: str, engine: str) -> None:
    for rounding in Rounding if engine == "host" else [Rounding.DOUBLE]:
        case, expected = _together(operator, rounding)
        _require_equal(case, expected, ENGINES[engine](case.graph))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ("host", "tflm", "cortex-m0", "cortex-m4"))
@pytest.mark.parametrize("operator", DRAWN)
def test_engines_give_the_integers_of_the_reference_on_what_is_drawn(operator: str, engine: str) -> None:
    rng = np.random.default_rng(0)
    case = merged(DRAWN[operator](rng, Rounding.DOUBLE) for _ in range(40))
    expected = Outputs(ReferenceEngine(case.graph).run(*case.inputs))
    _require_equal(case, expected, ENGINES[engine](case.graph))


def _require_equal(case: Case, expected: Outputs, engine: Engine) -> None:
    with engine:
        given = Outputs(engine.run(*case.inputs))
    assert given.layers.keys() == expected.layers.keys()
    clips = [f"clip{number}" for number in range(len(case.inputs[0]))]
    require(compare(clips, expected, {engine.name: given}))
