"""Clock trees: every one that is made keeps every limit, and what can be made exactly is made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sertool.targets import Target, load
from sertool.targets.clocks import solve
from sertool.targets.platforms import Pll, load_platform

STM32 = load_platform("stm32f4")
PLL = STM32.pll
assert PLL is not None


def board(clock_hz: int = 168_000_000, **settings: int | str) -> Target:
    stm32 = load("stm32")
    return replace(
        stm32, core=replace(stm32.core, clock_hz=clock_hz), settings={"hse_hz": 8_000_000, **settings}
    )


def keeps_every_limit(pll: Pll, source_hz: int, core_hz: int) -> bool:
    """Whether there is a tree, after looking at it against the manual's limits."""
    tree = solve(pll, source_hz, core_hz)
    if tree is None:
        return False
    assert source_hz * tree.n == core_hz * tree.m * tree.p
    assert 1_000_000 * tree.m <= source_hz <= 2_000_000 * tree.m
    assert 100_000_000 <= core_hz * tree.p <= 432_000_000
    assert 50 <= tree.n <= 432
    assert 2 <= tree.m <= 63
    assert 2 <= tree.q <= 15
    assert core_hz * tree.p <= 48_000_000 * tree.q
    assert core_hz <= 42_000_000 * tree.apb1
    assert core_hz <= 84_000_000 * tree.apb2
    assert core_hz <= 30_000_000 * (tree.wait_states + 1)
    return True


@pytest.mark.parametrize("hse_mhz", [4, 5, 6, 8, 10, 12, 16, 20, 24, 25, 26])
def test_the_usual_crystals_make_the_full_clock(hse_mhz: int) -> None:
    assert keeps_every_limit(PLL, hse_mhz * 1_000_000, 168_000_000)


def test_every_half_megahertz_keeps_every_limit() -> None:
    made = [half for half in range(1, 340) if keeps_every_limit(PLL, 8_000_000, half * 500_000)]
    # 12.5 MHz is the slowest: 100 MHz divided by 8.
    assert (made[0], made[-1]) == (25, 336)


def test_a_clock_that_was_once_cut_off_is_exact() -> None:
    tree = solve(PLL, 8_000_000, 84_500_000)
    assert tree is not None
    assert tree.source_hz * tree.n / tree.m / tree.p == 84_500_000


def test_the_shipped_board_has_the_registers_that_it_always_had() -> None:
    macros = load("stm32").wiring.macros
    assert macros["pll"] == 4 | 168 << 6 | 0 << 16 | 1 << 22 | 7 << 24
    assert macros["pll_internal"] == 8 | 168 << 6 | 0 << 16 | 7 << 24
    assert macros["prescalers"] == 5 << 10 | 4 << 13
    assert macros["wait_states"] == 5
    assert macros["baud_divider"] == (84_000_000 + 230_400) // 460_800
    assert (macros["usart_base"], macros["usart_irq"], macros["usart_enable"]) == (0x40011000, 37, 1 << 4)
    assert (macros["tx_gpio"], macros["tx_pin"], macros["rx_pin"]) == (0x40020000, 9, 10)


def test_oscillators() -> None:
    crystal, bypass = board().wiring, board(oscillator="bypass").wiring
    stm32 = load("stm32")
    internal = replace(stm32, settings={"oscillator": "internal"}).wiring
    assert [one.macros["hse"] for one in (crystal, bypass, internal)] == [1 << 16, 1 << 16 | 1 << 18, 0]
    assert internal.macros["pll"] == internal.macros["pll_internal"]
    assert bypass.macros["pll"] == crystal.macros["pll"]
    # An outside clock may be slower and faster than a crystal.
    assert board(oscillator="bypass", hse_hz=50_000_000).wiring.clocks["core_hz"] == 168_000_000


@pytest.mark.parametrize(
    ("number", "bus_hz", "register", "function"),
    [(1, 84_000_000, 0x40023844, 7), (2, 42_000_000, 0x40023840, 7), (3, 42_000_000, 0x40023840, 7),
     (6, 84_000_000, 0x40023844, 8)],
)  # fmt: skip
def test_usarts(number: int, bus_hz: int, register: int, function: int) -> None:
    wiring = board(usart=number).wiring
    assert wiring.clocks["serial_line_hz"] == bus_hz
    assert wiring.macros["baud_divider"] == round(bus_hz / 460_800)
    assert wiring.macros["usart_enable_register"] == register
    assert wiring.macros["pin_function"] == function


def test_pins_of_two_ports() -> None:
    macros = board(usart=6, tx_pin="PG14", rx_pin="PC7").wiring.macros
    assert macros["gpio_enable"] == 1 << 6 | 1 << 2
    assert (macros["tx_gpio"], macros["tx_pin"]) == (0x40021800, 14)
    assert (macros["rx_gpio"], macros["rx_pin"]) == (0x40020800, 7)


def test_every_pin_of_a_usart_is_a_setting_and_the_other_way_round() -> None:
    for name in ("tx", "rx"):
        listed = {pin for usart in STM32.usarts.values() for pin in getattr(usart, name)}
        assert listed == set(STM32.settings[f"{name}_pin"].choices)


def test_a_clock_that_the_internal_oscillator_cannot_make_leaves_it_without_pll() -> None:
    # 12.288 MHz times 125 / 12 is 128 MHz; a PLL on 16 MHz makes 128 MHz too, but not 12.288 MHz times 10.
    wiring = board(122_880_000, hse_hz=12_288_000).wiring
    assert wiring.clocks["core_hz"] == 122_880_000
    assert wiring.macros["pll_internal"] == 0
