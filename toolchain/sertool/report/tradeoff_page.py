"""What the templates need beside a trade-off itself: its picture and one sentence of advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sertool.report import formatting
from sertool.report.drawing import pareto
from sertool.report.model import Target
from sertool.report.tradeoff import Tradeoff, TradeoffPoint, advised


@dataclass(frozen=True)
class View:
    """A trade-off as the page shows it: `sized` where instructions, `imaged` where flash and RAM are known."""

    id: str
    title: str
    data: Tradeoff
    plot: pareto.Plot
    height: int
    advice: str
    sized: bool
    imaged: bool


def view(tradeoff: Tradeoff, target: Target | None = None) -> View:
    """Draw a trade-off, and advise for `target` where there is one."""
    points = tradeoff.points
    return View(
        id=f"{tradeoff.corpus}-{tradeoff.protocol}".replace(" ", "-"),
        title=f"{tradeoff.corpus}, {tradeoff.protocol}",
        data=tradeoff,
        plot=pareto.plot(tradeoff),
        height=pareto.HEIGHT,
        advice=advice(tradeoff, target),
        sized=any(point.instructions is not None for point in points),
        imaged=any(point.flash is not None for point in points),
    )


def views(tradeoffs: Sequence[Tradeoff]) -> tuple[View, ...]:
    """Draw several, for a page of their own."""
    return tuple(view(tradeoff) for tradeoff in tradeoffs)


def advice(tradeoff: Tradeoff, target: Target | None = None) -> str:
    """Say in one sentence which point to take, what it takes and what it costs against its float network."""
    where = ""
    if target is not None:
        where = f"For {target.name} with {formatting.size(target.flash_bytes)} of flash: "
    best = advised(tradeoff, target.flash_bytes if target else None)
    if best is None:
        least = min(tradeoff.points, key=_taken)
        return (
            f"{where}nothing that was tried fits; the smallest, plan {least.plan} on {least.shape}, "
            f"takes {formatting.number(_taken(least))} bytes."
        )
    cost = best.accuracy.mean - best.float_accuracy
    against = f"{formatting.points(abs(cost)).lstrip('+')} points {'below' if cost < 0 else 'above'}"
    if formatting.points(cost) == "0.0":
        against = "level with"
    flash = " of flash" if best.flash is not None else ""
    sentence = (
        f"plan {best.plan} on {best.shape} ({best.method}) takes {formatting.number(_taken(best))} bytes{flash}"
        f" and reaches {formatting.percent(best.accuracy.mean)} on {tradeoff.basis}, {against} its own float "
        "network; nothing that was tried is more than half a point better."
    )
    return where + (sentence if where else sentence[0].upper() + sentence[1:])


def _taken(point: TradeoffPoint) -> int:
    return point.bytes if point.flash is None else point.flash
