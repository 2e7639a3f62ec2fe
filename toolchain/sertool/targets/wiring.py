"""What a family's C is told: its registers' values, computed here, printed into `board.h`, read there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sertool.targets.clocks import baud_divider, check_baud, nearest, solve
from sertool.targets.memory import require
from sertool.targets.platforms import Platform, Usart, Word


@dataclass(frozen=True)
class Wiring:
    """The clocks of a board, for people, and the SER_BOARD_ macros of its C."""

    clocks: Mapping[str, object]
    macros: Mapping[str, int]


def wire(platform: Platform, clock_hz: int, baud: int, settings: Mapping[str, Word]) -> Wiring:
    """Compute a board's clocks and registers; raise WrongValue for what the chip cannot do.

    `settings` are complete, see `Platform.complete`.
    """
    return _WIRINGS[platform.wiring](platform, clock_hz, baud, settings)


def _mps2(platform: Platform, clock_hz: int, baud: int, settings: Mapping[str, Word]) -> Wiring:
    check_baud(platform.baud, baud, clock_hz)
    divider = baud_divider(platform.baud, baud, clock_hz)
    macros = {"uart_base": _integer(settings["uart_base"]), "uart_rx_irq": _integer(settings["uart_rx_irq"])}
    return Wiring(
        {"core_hz": clock_hz, "baud": clock_hz / divider},
        {"clock_hz": clock_hz, **macros, "baud_divider": divider},
    )


def _nrf51(platform: Platform, clock_hz: int, baud: int, settings: Mapping[str, Word]) -> Wiring:
    check_baud(platform.baud, baud, clock_hz)
    require(settings["tx_pin"] != settings["rx_pin"], "tx_pin and rx_pin are one pin", "settings", "rx_pin")
    # The manual's table, rounded as it is: to the next 4096.
    register = (baud * 2**32 // clock_hz + 2048) & 0xFFFF_F000
    pins = {name: _integer(settings[name]) for name in ("tx_pin", "rx_pin")}
    return Wiring(
        {"core_hz": clock_hz, "baud": register * clock_hz / 2**32}, {**pins, "baudrate_register": register}
    )


_HSEON, _HSEBYP, _PLLSRC_HSE = 1 << 16, 1 << 18, 1 << 22
_ENABLE = {1: 0x4002_3840, 2: 0x4002_3844}


def _stm32f4(platform: Platform, clock_hz: int, baud: int, settings: Mapping[str, Word]) -> Wiring:
    pll, oscillator = platform.pll, settings["oscillator"]
    assert pll is not None
    usart, tx, rx = _usart(platform, settings)
    source = _source(platform, settings)
    require(clock_hz <= pll.core_hz, f"clock_hz = {clock_hz} must be {pll.core_hz} or less", "core", "clock_hz")
    tree = solve(pll, source, clock_hz)
    if tree is None:
        near = nearest(pll, source, clock_hz)
        can = f": the nearest is {near}" if near else ", nor any other clock"
        require(False, f"the PLL cannot make clock_hz = {clock_hz} of {source} Hz{can}", "core", "clock_hz")
        raise AssertionError
    check_baud(platform.baud, baud, tree.bus_hz(usart.bus))
    # Without its crystal a board still speaks: by the internal oscillator, through the PLL where that can be.
    spare = solve(pll, pll.internal_hz, clock_hz)
    prescalers = _prescaler(tree.apb1) << 10 | _prescaler(tree.apb2) << 13
    macros = {
        "clock_hz": clock_hz,
        "internal_hz": pll.internal_hz,
        "hse": {"crystal": _HSEON, "bypass": _HSEON | _HSEBYP, "internal": 0}[str(oscillator)],
        "pll": (tree.m | tree.n << 6 | (tree.p // 2 - 1) << 16 | tree.q << 24)
        | (0 if oscillator == "internal" else _PLLSRC_HSE),
        "pll_internal": spare.m | spare.n << 6 | (spare.p // 2 - 1) << 16 | spare.q << 24 if spare else 0,
        "prescalers": prescalers,
        "wait_states": tree.wait_states,
        "baud_divider": baud_divider(platform.baud, baud, tree.bus_hz(usart.bus)),
        "baud_divider_internal": baud_divider(platform.baud, baud, pll.internal_hz),
        "usart_base": usart.base,
        "usart_irq": usart.irq,
        "usart_enable_register": _ENABLE[usart.bus],
        "usart_enable": 1 << usart.enable_bit,
        "pin_function": usart.function,
        "gpio_enable": 1 << _port(tx) | 1 << _port(rx),
        "tx_gpio": 0x4002_0000 + 0x400 * _port(tx),
        "tx_pin": int(tx[2:]),
        "rx_gpio": 0x4002_0000 + 0x400 * _port(rx),
        "rx_pin": int(rx[2:]),
    }
    clocks = {
        "oscillator": oscillator,
        **tree.to_dict(),
        "serial_line": f"USART{settings['usart']}: {tx} sends, {rx} receives",
        "serial_line_hz": tree.bus_hz(usart.bus),
        "baud": tree.bus_hz(usart.bus) / macros["baud_divider"],
    }
    return Wiring(clocks, macros)


def _source(platform: Platform, settings: Mapping[str, Word]) -> int:
    """Frequency of the oscillator that a board of an STM32 has."""
    pll, oscillator, hse = platform.pll, settings["oscillator"], settings.get("hse_hz")
    assert pll is not None
    if oscillator == "internal":
        message = "settings.hse_hz is of no use with oscillator = internal"
        require(hse is None, message, "settings", "hse_hz")
        return pll.internal_hz
    require(hse is not None, f"oscillator = {oscillator} needs settings.hse_hz", "settings")
    hertz = _integer(hse)
    least, most = pll.crystal_hz
    require(
        oscillator != "crystal" or least <= hertz <= most,
        f"settings.hse_hz = {hertz}: a crystal must have {least} to {most}",
        "settings",
        "hse_hz",
    )
    return hertz


def _usart(platform: Platform, settings: Mapping[str, Word]) -> tuple[Usart, str, str]:
    """The USART of a board and its two pins."""
    number = settings["usart"]
    usart = platform.usarts[str(number)]
    for name, pins in (("tx_pin", usart.tx), ("rx_pin", usart.rx)):
        pin = settings.get(name, pins[0])
        message = f"settings.{name} = {pin} is no pin of USART{number}: {', '.join(pins)}"
        require(pin in pins, message, "settings", name)
    return usart, str(settings.get("tx_pin", usart.tx[0])), str(settings.get("rx_pin", usart.rx[0]))


def _port(pin: str) -> int:
    return ord(pin[1]) - ord("A")


def _prescaler(divider: int) -> int:
    """RCC_CFGR's code of a bus divider 1, 2, 4, 8 or 16."""
    return 0 if divider == 1 else 2 + divider.bit_length()


def _integer(value: Word | None) -> int:
    assert isinstance(value, int)
    return value


_WIRINGS: Mapping[str, Callable[[Platform, int, int, Mapping[str, Word]], Wiring]] = {
    "mps2": _mps2,
    "nrf51": _nrf51,
    "stm32f4": _stm32f4,
}
