"""The one count of a layer's bytes is what the linker places: in images of every core."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import networks
from layer_symbols import counted, placed
from sertool import firmware
from sertool.cores import EMULATED
from sertool.engines.cortex_m import bare_elf
from sertool.firmware.program import model_sources

#: Sizes about the words, blocks and groups of the layouts, with every number of outputs modulo four.
NETWORKS = (
    ((13, 9, 6, 7, 8, 3), ("1", "ternary", "3", "4", "5")),
    ((31, 33, 5, 2, 4, 2), ("6", "7", "8", "1", "2")),
    ((1, 1, 1, 2), ("1", "8", "3")),
    ((180, 65, 34, 7), ("3", "5", "7")),
)


@pytest.mark.parametrize("core", EMULATED)
@pytest.mark.parametrize(("sizes", "plan"), NETWORKS, ids=["-".join(map(str, sizes)) for sizes, _ in NETWORKS])
def test_the_linker_places_what_is_counted(sizes: tuple[int, ...], plan: tuple[str, ...], core: str) -> None:
    graph = networks.network(sizes, plan)
    for flags in (("-O2",), ("-Os",)):
        elf = bare_elf("bytes", model_sources(graph), core, flags)
        assert list(placed(elf)) == counted(graph), flags


def test_only_one_function_counts_a_layer_s_bytes() -> None:
    package = Path(firmware.__file__).parents[1]
    # Whoever counts anew divides bits by eight, or asks a layout for its words.
    counting = re.compile(r"def \w*(?:layer|packed)_bytes\b|width\.bits[^\n]*// ?8\b|\.stride\(")
    found = [path for path in package.rglob("*.py") if counting.search(path.read_text(encoding="utf-8"))]
    assert found == [package / "firmware" / "pack.py"]
