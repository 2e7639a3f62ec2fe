"""An operator is one file in each room that speaks of it, of one name; each room's table holds them all.

What it computes is tried on the cases of `tests/operators`: every engine gives the reference's integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operators import CASES
from sertool import tflite
from sertool.engines.base import Engine
from sertool.engines.emulator import EmulatorEngine
from sertool.engines.host import HostEngine
from sertool.engines.reference import ReferenceEngine
from sertool.engines.tflite import TfliteEngine
from sertool.engines.tflm import TflmEngine
from sertool.errors import SertoolError
from sertool.firmware.operators import LOWERINGS
from sertool.graph import Rounding
from sertool.graph.graph import equal
from sertool.graph.operators import OPERATORS, operator_of
from sertool.tflite.operators import CODECS
from sertool.verify import compare, of_run, require
from tflite_editing import Record, edited

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "toolchain" / "sertool"
TABLES: dict[str, tuple[Path, Mapping[str, Any]]] = {
    "graph": (PACKAGE / "graph", OPERATORS),
    "tflite": (PACKAGE / "tflite", CODECS),
    "firmware": (PACKAGE / "firmware", LOWERINGS),
    "tests": (TESTS, CASES),
}
#: The first case of each operator, and all of them where there is time.
EVERY = [
    pytest.param(operator, name, marks=[pytest.mark.slow] if index else [])
    for operator, cases in CASES.items()
    for index, name in enumerate(cases)
]
CORES = ("cortex-m0", "cortex-m3", "cortex-m4")


@pytest.mark.parametrize("room", TABLES)
def test_each_room_has_a_file_and_a_row_for_every_operator(room: str) -> None:
    folder, table = TABLES[room]
    files = {path.stem for path in (folder / "operators").glob("*.py")} - {"__init__", "case"}
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
    _require_equal(case, [TflmEngine(latest, case.graph), TfliteEngine(latest, case.graph)])
    with pytest.raises(SertoolError, match=rf"version {codec.latest + 1}\n.*\n.*version 1 to {codec.latest}"):
        tflite.read(later)
    with pytest.raises(SertoolError, match=rf"Didn't find op .* version '{codec.latest + 1}'"):
        TfliteEngine(later, case.graph)


@pytest.mark.parametrize(("operator", "name"), EVERY)
def test_engines_give_the_integers_of_the_reference(operator: str, name: str) -> None:
    for rounding in Rounding:
        case = CASES[operator][name](rounding)
        assert operator in map(operator_of, case.graph.layers)
        engines: list[Engine] = [HostEngine(case.graph)]
        if rounding is Rounding.DOUBLE:
            model = tflite.write(case.graph)
            assert equal(tflite.read(model)[0], case.graph)
            engines += [TflmEngine(model, case.graph), TfliteEngine(model, case.graph)]
        _require_equal(case, engines)


@pytest.mark.slow
@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("operator", CASES)
def test_cores_give_the_integers_of_the_reference(operator: str, core: str) -> None:
    for make in CASES[operator].values():
        case = make(Rounding.DOUBLE)
        few = case.clips[:: -(-len(case.clips) // 64)]
        _require_equal(type(case)(case.graph, few), [EmulatorEngine(case.graph, cpu=core)])


def _require_equal(case: Any, engines: list[Engine]) -> None:
    expected = of_run(case.clips, ReferenceEngine(case.graph).run(case.clips))
    results = {}
    for engine in engines:
        with engine:
            results[engine.name] = of_run(case.clips, engine.run(case.clips))
    require(compare([f"clip{number}" for number in range(len(case.clips))], expected, results))
