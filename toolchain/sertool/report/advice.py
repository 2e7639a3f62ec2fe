"""One sentence of advice from a trade-off: which network to take for a board, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sertool.intervals import standard_error
from sertool.report import formatting
from sertool.report.tradeoff import Estimate, Tradeoff, TradeoffPoint

#: Accuracy that may always be given away for a smaller network, as a fraction: half a point.
MARGIN = 0.005
#: Differences of means that only the last digits of floating point make.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Room:
    """What a board has for an image, in bytes."""

    board: str
    flash: int
    ram: int


@dataclass(frozen=True)
class Advice:
    """The point to take, None where nothing fits; that in one `sentence`; and how far its figures go."""

    point: TradeoffPoint | None
    sentence: str
    caution: str


def advise(tradeoff: Tradeoff, room: Room | None = None) -> Advice:
    """Advise the smallest point that fits `room` and is as good as the best that does.

    As good: within one standard error of its mean (Breiman et al., Classification and Regression Trees, 1984),
    or within half a point where that is more. Only points whose image was measured can be known to fit; where
    none was, the model's bytes are held against the flash, and the caution says so.
    """
    points = tradeoff.points
    images = room is not None and any(point.flash is not None for point in points)
    known = [point for point in points if point.flash is not None] if images else list(points)

    def size(point: TradeoffPoint) -> int:
        return point.flash if images and point.flash is not None else tradeoff.size(point)

    fitting = [point for point in known if room is None or _fits(point, size(point), room)]
    unit = " of flash" if images or tradeoff.imaged else ""
    if not fitting:
        assert room is not None
        return Advice(None, _in_vain(known, size, unit, room), "")
    best = max(fitting, key=lambda point: (point.accuracy.mean, -size(point)))
    allowed = max(MARGIN, standard_error(best.accuracy.low, best.accuracy.high, best.repeats)) + _NOTHING
    good = [point for point in fitting if best.accuracy.mean - point.accuracy.mean <= allowed]
    chosen = min(good, key=lambda point: (size(point), -point.accuracy.mean))
    subject = f"{_where(room)}: plan" if room else "Plan"
    taken, most = (f"{formatting.number(size(point))} bytes" for point in (chosen, best))
    ending = f"the best that was tried{' and fits' if room else ''}"
    if chosen is not best:
        ending = f"where {ending} reaches {_told(best.accuracy, best)} in {most}"
    return Advice(
        chosen,
        f"{subject} {chosen.plan} on {chosen.shape} ({chosen.method}) takes {taken}{unit} and "
        f"{_cost(chosen.difference, chosen)} against float: {_told(chosen.accuracy, chosen)} on "
        f"{tradeoff.basis}, {ending}.",
        " ".join((_caution(tradeoff, chosen), *_unmeasured(room, images))),
    )


def _fits(point: TradeoffPoint, size: int, room: Room) -> bool:
    return size <= room.flash and (point.ram is None or point.ram <= room.ram)


def _where(room: Room) -> str:
    return f"For {room.board} with {formatting.size(room.flash)} of flash"


def _told(estimate: Estimate, point: TradeoffPoint) -> str:
    interval = f" ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})" if point.repeats > 1 else ""
    return f"{formatting.percent(estimate.mean)}{interval}"


def _cost(difference: Estimate, point: TradeoffPoint) -> str:
    gain = formatting.points(difference.mean).startswith("+")
    sign = 1 if gain else -1
    low, mean, high = (
        formatting.points(sign * value).lstrip("+")
        for value in (difference.low, difference.mean, difference.high)[::sign]
    )
    interval = f" ({low} to {high})" if point.repeats > 1 else ""
    return f"{'gains' if gain else 'costs'} {mean} points{interval}"


def _caution(tradeoff: Tradeoff, point: TradeoffPoint) -> str:
    if tradeoff.basis == "test":
        return (
            "It is picked by the very figures shown, which are of test clips: expect a little less on others."
        )
    if point.test is None or point.test_difference is None:
        return "It is picked on validation, by the very figures shown: expect a little less on other clips."
    return (
        "It is picked on validation. On the test part, by which nothing was chosen, it reaches "
        f"{_told(point.test, point)} and {_cost(point.test_difference, point)} against float."
    )


def _unmeasured(room: Room | None, images: bool) -> tuple[str, ...]:
    if room is None or images:
        return ()
    return (
        "No image was measured: the bytes of the model alone were held against the flash, and front end and "
        "program come on top.",
    )


def _in_vain(known: list[TradeoffPoint], size: Callable[[TradeoffPoint], int], unit: str, room: Room) -> str:
    least = min(known, key=size)
    needs = f"{formatting.number(size(least))} bytes{unit}"
    where = _where(room)
    if size(least) <= room.flash:
        # Flash is there, so RAM is what lacks.
        least = min((each for each in known if size(each) <= room.flash), key=lambda each: each.ram or 0)
        needs = f"{formatting.number(least.ram or 0)} bytes of RAM"
        where += f" and {formatting.size(room.ram)} of RAM"
    return (
        f"{where}: nothing that was tried fits; what needs least, plan {least.plan} on {least.shape} "
        f"({least.method}), takes {needs}."
    )
