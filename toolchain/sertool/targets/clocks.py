"""Clocks: what a PLL makes of an oscillator, what the buses get, what a serial line makes of that."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sertool.targets.memory import require
from sertool.targets.platforms import Baud, Pll

#: How far a serial line may be off: half a bit in the tenth is 5 %, for both ends together.
BAUD_TOLERANCE = 0.02


@dataclass(frozen=True)
class ClockTree:
    """From an oscillator to the core and the two buses, in Hz.

    The PLL divides by `m`, multiplies by `n`, divides by `p`; `q` is for USB and its like. `apb1` and `apb2`
    are the buses' dividers, `wait_states` the core clocks that flash needs beyond one.
    """

    source_hz: int
    m: int
    n: int
    p: int
    q: int
    core_hz: int
    apb1: int
    apb2: int
    wait_states: int

    @property
    def vco_hz(self) -> int:
        """What the PLL swings at."""
        return self.source_hz * self.n // self.m

    def bus_hz(self, bus: int) -> int:
        """Clock of bus 1 or 2."""
        return self.core_hz // (self.apb1 if bus == 1 else self.apb2)

    def to_dict(self) -> dict[str, int]:
        """Plain values."""
        buses = {f"apb{bus}_hz": self.bus_hz(bus) for bus in (1, 2)}
        return {**asdict(self), "input_hz": self.source_hz // self.m, "vco_hz": self.vco_hz, **buses}


def solve(pll: Pll, source_hz: int, core_hz: int) -> ClockTree | None:
    """Find factors that make exactly `core_hz` of `source_hz`; None when there are none.

    Of several the ones with the fastest input of the PLL, which jitters least (RM0090, chapter 7.3.2), and
    then the smallest `p`.
    """
    found = []
    for m in range(pll.m[0], pll.m[1] + 1):
        if not pll.input_hz[0] * m <= source_hz <= pll.input_hz[1] * m:
            continue
        for p in pll.p:
            n, rest = divmod(core_hz * p * m, source_hz)
            swings = pll.vco_hz[0] <= core_hz * p <= pll.vco_hz[1]
            if not rest and swings and pll.n[0] <= n <= pll.n[1]:
                found.append((m, p, n))
    if not found or core_hz > pll.core_hz:
        return None
    m, p, n = min(found)
    return ClockTree(
        source_hz=source_hz,
        m=m,
        n=n,
        p=p,
        q=max(2, -(-core_hz * p // pll.usb_hz)),
        core_hz=core_hz,
        apb1=_divider(core_hz, pll.apb1_hz),
        apb2=_divider(core_hz, pll.apb2_hz),
        wait_states=-(-core_hz // pll.wait_state_hz) - 1,
    )


def _divider(core_hz: int, most: int) -> int:
    return next(divider for divider in (1, 2, 4, 8, 16) if core_hz <= most * divider)


def nearest(pll: Pll, source_hz: int, core_hz: int) -> int | None:
    """The clock nearest to `core_hz` that can be made of `source_hz`; None when none can."""
    possible = {
        source_hz * n // (m * p)
        for m in range(pll.m[0], pll.m[1] + 1)
        if pll.input_hz[0] * m <= source_hz <= pll.input_hz[1] * m
        for p in pll.p
        for n in range(pll.n[0], pll.n[1] + 1)
        if source_hz * n % (m * p) == 0 and pll.vco_hz[0] * m <= source_hz * n <= pll.vco_hz[1] * m
    }
    return min(
        (hertz for hertz in possible if hertz <= pll.core_hz),
        key=lambda hertz: abs(hertz - core_hz),
        default=None,
    )


def check_baud(limits: Baud, baud: int, clock_hz: int) -> None:
    """Raise WrongValue for bits a second that the serial line cannot do at all, whatever its clock."""
    require(
        limits.least <= baud <= limits.most,
        f"baud = {baud} must be {limits.least} to {limits.most}",
        "serial",
        "baud",
    )
    if limits.divider:
        real = clock_hz / baud_divider(limits, baud, clock_hz)
        require(
            abs(real / baud - 1) <= BAUD_TOLERANCE,
            f"baud = {baud} cannot be made of the serial line's {clock_hz} Hz: the nearest is {real:.0f}, "
            f"{abs(real / baud - 1):.1%} off",
            "serial",
            "baud",
        )


def baud_divider(limits: Baud, baud: int, clock_hz: int) -> int:
    """The divider of `clock_hz` that comes nearest to `baud`."""
    least, most = limits.divider
    return min(max((clock_hz + baud // 2) // baud, least), most)
