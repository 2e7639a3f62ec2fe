"""Booting after something else has run: a boot loader that leaves its interrupts, its stack and its clocks."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bare_boards import BareBoard
from board_models import BoardModel, speech
from elftools.elf.elffile import ELFFile

from sertool.compilers import cross_tool, run_tool, write_sources
from sertool.device import Client, EmulatedBoard
from sertool.device.qemu import find_qemu
from sertool.firmware.image import Image, build_image
from sertool.targets import Target, load, names

Built = Callable[[BoardModel, Target], Image]

OFFSET = 0x4000

#: Leaves SysTick about to end its period (LEFT cycles, ten microseconds: while variables are filled), an
#: interrupt pending, all of them enabled, another stack in use and its own vectors. Its handlers write over the
#: variables of whatever runs.
BOOT_LOADER = """
#include <stdint.h>

#define AT(address) (*(volatile uint32_t *)(address))
#define BITS(a, b) a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b

void reset(void);
void spoil(void);

void spoil(void)
{
    for (uint32_t at = RAM + 1024u; at < RAM + 12288u; at += 4) {
        AT(at) += 1u;
    }
}

void reset(void)
{
    AT(0xE000E014u) = 100u * LEFT;
    AT(0xE000E018u) = 0;
    AT(0xE000E010u) = 7;
    AT(0xE000E100u) = 0xFFFFFFFFu;
    AT(0xE000E200u) = 1u << 20;
#if __ARM_ARCH >= 7
    AT(0xE000ED08u) = FLASH;
    __asm__ volatile("msr basepri, %0" : : "r"(0));
#endif
    while (AT(0xE000E018u) == 0 || AT(0xE000E018u) > LEFT) {
    }
    __asm__ volatile("msr psp, %0\\n\\tmovs r1, #2\\n\\tmsr control, r1\\n\\tisb\\n\\tcpsie i\\n\\tbx %1"
                     : : "r"(RAM + 15360u), "r"(AT(FLASH + 0x4004u)) : "r1");
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16 + 32])(void) = {
    (void (*)(void))(RAM + 16384u), reset, BITS(spoil, spoil), BITS(spoil, spoil),
    spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil, spoil,
};

__asm__(".section .app, \\"a\\"\\n.incbin \\"app.bin\\"\\n.text");
"""


def first_lines(board: Target, image: Path) -> str:
    """What the image says first, an instruction taking two nanoseconds: only so are interrupts in time."""
    assert board.qemu is not None
    command = [
        find_qemu(),
        "-M",
        board.qemu.machine,
        "-display",
        "none",
        "-monitor",
        "none",
        "-serial",
        "stdio",
    ]
    with subprocess.Popen(
        [*command, "-icount", "shift=1", "-kernel", str(image)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline() + running.stdout.readline()
        running.kill()
    return said.decode("ascii", "replace")


#: Variables that must be as C begins with them when the application starts.
WITNESS = """static volatile uint32_t witness[300];

static void say_hello(void)
{
    for (uint32_t i = 0; i < 300; i++) {
        if (witness[i] != 0) {
            ser_text("\\r\\nsertool fault: spoiled\\r\\n");
        }
    }"""

SCRIPT = """
ENTRY(reset)
SECTIONS
{{
    .vectors {flash:#x} : {{ KEEP(*(.vectors)) }}
    .text : {{ *(.text*) *(.rodata*) }}
    .app {app:#x} : {{ KEEP(*(.app)) }}
}}
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_an_image_entered_from_a_boot_loader_is_whole(model: BoardModel, name: str, tmp_path: Path) -> None:
    board = load(name)
    flash, ram = board.memory.flash, board.memory.ram
    moved = replace(flash, origin=flash.origin + OFFSET, length=flash.length - OFFSET)
    target = replace(board, memory=replace(board.memory, flash=moved))
    project = model.project(target)
    hello = "static void say_hello(void)\n{"
    assert hello in project["runtime/device/ser_app.c"]
    project["runtime/device/ser_app.c"] = project["runtime/device/ser_app.c"].replace(hello, WITNESS)
    write_sources(project, tmp_path / "p")
    image = build_image(tmp_path / "p", target, tmp_path / "image")
    (tmp_path / "app.bin").write_bytes(image.bin.read_bytes())
    (tmp_path / "boot.c").write_text(BOOT_LOADER)
    (tmp_path / "boot.ld").write_text(SCRIPT.format(flash=flash.origin, app=moved.origin))
    defined = {"RAM": ram.origin, "FLASH": flash.origin, "LEFT": board.core.clock_hz // 100_000}
    run_tool(
        [cross_tool(), *target.core.flags, "-Os", "-ffreestanding", "-nostdlib",
         *(f"-D{name}={value:#x}u" for name, value in defined.items()),
         "-Wl,--build-id=none", "-T", "boot.ld", "boot.c", "-o", "boot.elf"],
        tmp_path,
    )  # fmt: skip
    assert "selftest=passed" in first_lines(board, tmp_path / "boot.elf")
    client = Client(EmulatedBoard(board, tmp_path / "boot.elf"))
    try:
        assert client.wait_for_banner().selftest_passed
        host = model.host()
        assert client.classify(speech(1)).features.tolist() == host.classify(speech(1)).features.tolist()  # type: ignore[union-attr]
        assert client.selftest().passed
    finally:
        client.close()


#: Where each chip says why it was reset, what it says, and what INFO makes of it.
CAUSES = [
    ("stm32f405", 0x4002_3874, 0x0C00_0000, 0b11),
    ("stm32f405", 0x4002_3874, 0x2400_0000, 0b110),
    ("stm32f405", 0x4002_3874, 0x4400_0000, 0b110),
    ("stm32f405", 0x4002_3874, 0x1400_0000, 0b1010),
    ("stm32f405", 0x4002_3874, 0x8000_0000, 0b100000),
    ("stm32f405", 0x4002_3874, 0, 0),
    ("microbit", 0x4000_0400, 0, 0b1),
    ("microbit", 0x4000_0400, 1, 0b10),
    ("microbit", 0x4000_0400, 2, 0b100),
    ("microbit", 0x4000_0400, 4, 0b1000),
    ("microbit", 0x4000_0400, 8, 0b10000),
    ("microbit", 0x4000_0400, 1 << 16, 0b100000),
    ("mps2-an385", 0x4000_0000, 0xFFFF_FFFF, 0),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "register", "flags", "cause"), CAUSES)
def test_the_cause_of_a_reset_is_read(
    model: BoardModel, built: Built, name: str, register: int, flags: int, cause: int
) -> None:
    target = load(name)
    image = built(model, target)
    with image.elf.open("rb") as stream:
        (symbol,) = ELFFile(stream).get_section_by_name(".symtab").get_symbol_by_name("ser_port_reset_cause")
    found = BareBoard(target, registers={register: flags}).call(image.bin.read_bytes(), symbol["st_value"])
    assert found == cause


#: Registers that feed the watchdogs.
WATCHDOGS = [("stm32f405", 0x4000_3000, 0xAAAA), ("microbit", 0x4001_0600, 0x6E52_4635)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "register", "word"), WATCHDOGS)
def test_a_running_watchdog_is_fed_throughout_the_boot(
    model: BoardModel, built: Built, name: str, register: int, word: int
) -> None:
    target = load(name)
    board = BareBoard(target, counting=True, watched=(register,))
    run = board.boot(built(model, target).bin.read_bytes(), "selftest=passed")
    assert run.ended == "said"
    assert {value for _, _, value in run.writes} == {word}
    times = [0, *(when for when, _, _ in run.writes), run.instructions or 0]
    # A tenth of a second of a Cortex-M0 at 16 MHz, at three cycles an instruction.
    assert max(after - before for before, after in itertools.pairwise(times)) < 533_000


def test_a_crystal_that_never_starts_does_not_silence_the_board(model: BoardModel, built: Built) -> None:
    target = load("microbit")
    image = built(model, target).bin.read_bytes()
    assert BareBoard(target, registers={0x4000_0100: 0}).boot(image, "selftest=passed").ended == "said"


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_build_without_optimization_has_stack_enough(model: BoardModel, name: str, tmp_path: Path) -> None:
    write_sources(model.project(load(name)), tmp_path)
    run_tool(["make", "--silent", "EXTRA=-O0"], tmp_path)
    client = Client(EmulatedBoard(load(name), tmp_path / "build" / "firmware.elf"), timeout=30)
    try:
        assert client.wait_for_banner().selftest_passed
        client.classify(speech(1))
        found = client.selftest()
        assert found.passed
        assert found.stack_used < found.stack
    finally:
        client.close()
