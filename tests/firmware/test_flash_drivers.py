"""Drivers of flash, as they are compiled into images, on their chips' controllers."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from board_models import BoardModel, board_model
from flash_controllers import Chip, Nvmc, Stm32f4

from sertool.firmware.image import Image
from sertool.targets import Target, load

Built = Callable[[BoardModel, Target], Image]

#: Board, its controller, and the pages of the chip that its two pages are.
CONTROLLERS = {
    "microbit": (Nvmc, [[252, 253], [254, 255]]),
    "stm32f405": (Stm32f4, [[10], [11]]),
}


@pytest.mark.parametrize("name", CONTROLLERS)
def test_flash_is_erased_and_programmed_as_the_manual_has_it(built: Built, name: str) -> None:
    target, (controller, pages) = load(name), CONTROLLERS[name]
    image = built(board_model(standardization="running"), target)
    model = controller(target)
    flashed = image.bin.read_bytes()
    chip = Chip(target, image.elf, flashed, model)
    kept = target.memory.kept
    assert kept is not None
    half = kept.length // 2
    for page in (0, 1):
        model.erased.clear()
        chip.call("ser_flash_erase", page)
        assert model.erased == pages[page]
        assert model.at_rest
        assert chip.read(kept.origin + page * half, half) == b"\xff" * half
        words = np.random.default_rng(page).integers(0, 2**32, 8, np.uint32).tobytes()
        for at in (page * half, page * half + 32, (page + 1) * half - 32):
            chip.call("ser_flash_program", at, chip.buffer(words))
            assert chip.read(kept.origin + at, 32) == words
            assert model.at_rest
    assert model.programmed == 2 * 3 * 8
    assert chip.read(target.memory.flash.origin, len(flashed)) == flashed


@pytest.mark.parametrize(
    ("name", "standardization", "keeps"),
    [("microbit", "running", True), ("microbit", "fixed", False), ("mps2-an385", "running", False)],
)
def test_only_a_board_with_a_place_has_code_that_keeps(
    built: Built, name: str, standardization: str, keeps: bool
) -> None:
    target = load(name)
    image = built(board_model(standardization=standardization), target)
    linked = image.map.read_text().split("Linker script and memory map")[1]
    code = re.findall(
        r"^ \.(?:text|rodata)\.(ser_(?:flash|journal|keep|recall|kept|speaker_at)\w*)", linked, re.M
    )
    assert bool(code) is keeps, code
    assert ("\nKEPT " in image.map.read_text()) is (target.memory.kept is not None)
