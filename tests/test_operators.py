"""An operator is one file in each room that speaks of it, of one name, and each room's table holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sertool.firmware.operators import LOWERINGS
from sertool.graph.operators import OPERATORS
from sertool.tflite.operators import CODECS

PACKAGE = Path(__file__).parents[1] / "toolchain" / "sertool"
TABLES: dict[str, Mapping[str, Any]] = {"graph": OPERATORS, "firmware": LOWERINGS, "tflite": CODECS}


@pytest.mark.parametrize("room", TABLES)
def test_each_room_has_a_file_and_a_row_for_every_operator(room: str) -> None:
    files = {path.stem for path in (PACKAGE / room / "operators").glob("*.py")} - {"__init__"}
    assert files == TABLES[room].keys() == OPERATORS.keys()


def test_an_operator_is_called_as_its_class() -> None:
    for name, kind in OPERATORS.items():
        assert kind.__module__ == f"sertool.graph.operators.{name}"
        assert kind.__name__ == "".join(map(str.capitalize, name.split("_")))
