"""Building images: what they hold, what they need, and what is said when they cannot be built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from board_models import BoardModel, speech

import networks
from layer_symbols import counted, placed
from sertool.compilers import run_tool, write_sources
from sertool.device import Client, EmulatedBoard
from sertool.errors import SertoolError
from sertool.firmware.image import DoesNotFit, Image, build_image
from sertool.firmware.memory import memory_map
from sertool.firmware.stack import worst_case_stack
from sertool.targets import Region, Target, load

Built = Callable[[BoardModel, Target], Image]


@pytest.mark.parametrize("target", ["stm32f405", pytest.param("microbit", marks=pytest.mark.slow)])
def test_stack_was_never_deeper_than_computed(model: BoardModel, built: Built, target: str) -> None:
    board = load(target)
    image = built(model, board)
    worst = worst_case_stack(image, board)
    assert worst.path[0] == "ser_reset"
    client = Client(EmulatedBoard(board, image.elf))
    try:
        client.wait_for_banner()
        client.classify(speech(1))
        client.run(networks.inputs(model.graph, 1)[0])
        found = client.selftest()
        info = client.info()
    finally:
        client.close()
    assert found.passed
    assert 0 < found.stack_used <= worst.bytes <= worst.reserved == found.stack
    use = memory_map(image.elf, board)
    assert info.flash == use.flash.used
    assert info.ram == use.ram.used


def test_memory_map_accounts_for_every_byte(model: BoardModel, built: Built) -> None:
    target = load("stm32")
    image = built(model, target)
    use = memory_map(image.elf, target)
    assert use.flash.used == image.bin.stat().st_size
    assert [section.name for section in use.flash.sections] == [".vectors", ".text", ".rodata", ".seal"]
    assert [section.name for section in use.ram.sections] == [".stack", ".bss"]
    weights = next(symbol for symbol in use.flash.symbols if symbol.name == "weights_0")
    assert weights.section == ".rodata"
    assert weights.bytes >= 24 * 180 // 4


def test_layers_take_the_bytes_that_are_counted(model: BoardModel, built: Built) -> None:
    assert list(placed(built(model, load("stm32")).elf)) == counted(model.graph)


@pytest.mark.slow
def test_same_inputs_give_the_same_bytes(model: BoardModel, built: Built, tmp_path: Path) -> None:
    target = load("stm32")
    first = built(model, target)
    write_sources(model.project(target), tmp_path / "elsewhere" / "deep")
    again = build_image(tmp_path / "elsewhere" / "deep", target, tmp_path / "image")
    for kind in ("elf", "hex", "bin"):
        assert getattr(again, kind).read_bytes() == getattr(first, kind).read_bytes(), kind


def small(target: Target, flash: int, ram: int) -> Target:
    memory = replace(
        target.memory,
        flash=Region(target.memory.flash.origin, flash),
        ram=Region(target.memory.ram.origin, ram),
        kept=None,
    )
    return replace(target, memory=memory)


@pytest.mark.slow
def test_an_image_that_does_not_fit_says_by_how_much(model: BoardModel, built: Built, tmp_path: Path) -> None:
    target = load("stm32")
    use = memory_map(built(model, target).elf, target)
    tight = small(target, use.flash.used, use.ram.used)
    write_sources(model.project(tight), tmp_path / "tight")
    build_image(tmp_path / "tight", tight, tmp_path / "image")
    over = small(target, use.flash.used - 40, use.ram.used - 8)
    write_sources(model.project(over), tmp_path / "over")
    with pytest.raises(DoesNotFit, match="flash is 40 bytes too small, ram is 8 bytes too small") as caught:
        build_image(tmp_path / "over", over, tmp_path / "none")
    assert caught.value.over == {"flash": 40, "ram": 8}
    assert not (tmp_path / "none").exists()
    with pytest.raises(DoesNotFit, match="flash is 40 bytes too small, ram is 8"):
        memory_map(built(model, target).elf, over)


def test_makefile_flashes_with_every_runner(model: BoardModel, tmp_path: Path) -> None:
    write_sources(model.project(load("stm32")), tmp_path)
    said = {name: run_tool(["make", "-n", f"flash-{name}"], tmp_path) for name in ("st-flash", "openocd")}
    assert "\nst-flash --reset write 'build/firmware.bin' 0x8000000\n" in said["st-flash"]
    assert "-c 'program {build/firmware.elf} verify reset exit'\n" in said["openocd"]


@pytest.mark.parametrize("field", ["name", "labels", "manifest"])
def test_what_an_image_cannot_carry(model: BoardModel, field: str) -> None:
    wrong = {"name": "two\nlines", "labels": ("",), "manifest": "0123"}[field]
    with pytest.raises(SertoolError, match=r"cannot carry the text|not a manifest hash"):
        replace(model.build, **{field: wrong})


def test_the_linker_s_complaint_is_understood(tmp_path: Path) -> None:
    complaint = 'all:\n\t@echo "ld: region \\`RAM\' overflowed by 12 bytes" >&2; false\n'
    write_sources({"Makefile": complaint}, tmp_path / "p")
    with pytest.raises(DoesNotFit, match="does not fit stm32f405: ram is 12 bytes too small") as caught:
        build_image(tmp_path / "p", load("stm32"), tmp_path / "image")
    assert caught.value.allowed == "131072 bytes of ram"


def test_a_project_that_does_not_compile_leaves_nothing(model: BoardModel, tmp_path: Path) -> None:
    write_sources({**model.project(load("stm32")), "platform/ser_tick.c": "#error broken\n"}, tmp_path / "p")
    with pytest.raises(SertoolError, match="error: #error broken"):
        build_image(tmp_path / "p", load("stm32"), tmp_path / "image")
    assert not (tmp_path / "image").exists()
    assert not (tmp_path / "p" / "build").exists()
