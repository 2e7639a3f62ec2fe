"""What the firmware says over serial when it stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from board_models import BoardModel

from sertool.compilers import write_sources
from sertool.device import Client, EmulatedBoard
from sertool.errors import CheckFailed
from sertool.firmware.image import build_image
from sertool.targets import Target, load

#: An application that ends in a fault, in place of ser_app.c.
CAUSES = {
    "undefined": '__asm__ volatile(".hword 0xde00");',
    "nowhere": "*(volatile uint32_t *)zero(0x70000000u) = 1;",
    "division": "sink = 5u / zero(0);",
    "overflow": "sink = deeper(zero(1));",
}
APPLICATION = """
#include "ser_app.h"

#include <stddef.h>
#include <stdint.h>

static volatile uint32_t sink;

uint32_t zero(uint32_t value);
uint32_t deeper(uint32_t depth);

uint32_t zero(uint32_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

uint32_t deeper(uint32_t depth)
{
    volatile uint32_t room[16];
    room[depth & 15u] = depth;
    return depth == 0 ? 0 : deeper(zero(depth + 1u)) + room[depth & 15u];
}

void ser_app(void)
{
    CAUSE
    sink = zero(0) != 0 ? deeper(zero(0)) : sink;
}
"""

#: Board, cause, and what must be said. The M0 has no fault status. Below the RAM of the MPS2's M3, M4 and M7
#: QEMU has other memory, so that only a region of the MPU makes an overflow a fault there.
SAID = [
    ("stm32f405", "undefined", "UsageFault ipsr=0x00000003 pc=0x0800"),
    ("stm32f405", "nowhere", "BusFault ipsr=0x00000003 pc=0x0800"),
    ("stm32f405", "division", "UsageFault ipsr=0x00000003 pc=0x0800"),
    ("stm32f405", "overflow", "MemManage ipsr=0x00000003 stack overflow"),
    ("mps2-an385", "overflow", "MemManage ipsr=0x00000003 stack overflow"),
    ("mps2-an386", "overflow", "MemManage ipsr=0x00000003 stack overflow"),
    ("mps2-an500", "overflow", "MemManage ipsr=0x00000003 stack overflow"),
    ("mps2-an505", "overflow", "UsageFault ipsr=0x00000003 pc=0x[0-9a-f]{8} lr=0x[0-9a-f]{8} stack overflow"),
    ("microbit", "undefined", "HardFault ipsr=0x00000003 pc=0x0000"),
    ("microbit", "overflow", "HardFault ipsr=0x00000003 stack overflow"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("target", "cause", "said"), SAID)
def test_fault(model: BoardModel, tmp_path: Path, target: str, cause: str, said: str) -> None:
    with pytest.raises(CheckFailed, match=f"the firmware stopped: {said}"):
        wait_for_fault(model, load(target), cause, tmp_path)


def wait_for_fault(model: BoardModel, target: Target, cause: str, folder: Path) -> None:
    application = APPLICATION.replace("CAUSE", CAUSES[cause])
    write_sources({**model.project(target), "runtime/device/ser_app.c": application}, folder / "p")
    image = build_image(folder / "p", target, folder / "image")
    client = Client(EmulatedBoard(target, image.elf))
    try:
        client.wait_for_banner()
    finally:
        client.close()
