"""One sentence of advice from a trade-off: which network to take for a board, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sertool.report import formatting
from sertool.report.tradeoff import Estimate, Tradeoff, TradeoffPoint

#: Accuracy that may be given away for a smaller network, as a fraction: half a point.
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

    As good: within half a point of its mean. Only points whose image was measured can be known to fit; where
    none was, the model's bytes are held against the flash, and the caution says so.
    """
    points = tradeoff.points
    images = room is not None and any(point.flash is not None for point in points)
    known = [point for point in points if point.flash is not None] if images else list(points)

    def size(point: TradeoffPoint) -> int:
        return point.flash if images and point.flash is not None else tradeoff.size(point)

    unit = " of flash" if images or tradeoff.imaged else ""
    fitting = [point for point in known if room is None or _fits(point, size(point), room)]
    if not fitting:
        assert room is not None
        return Advice(None, _in_vain(known, size, unit, room), "")
    best = max(point.accuracy.mean for point in fitting)
    good = [point for point in fitting if best - point.accuracy.mean <= MARGIN + _NOTHING]
    chosen = min(good, key=lambda point: (size(point), -point.accuracy.mean))
    taken = f"{formatting.number(size(chosen))} bytes{unit}"
    cautions = (_caution(tradeoff, chosen), *_unmeasured(room, images))
    return Advice(chosen, _sentence(tradeoff, chosen, taken, room), " ".join(cautions))


def _fits(point: TradeoffPoint, size: int, room: Room) -> bool:
    return size <= room.flash and (point.ram is None or point.ram <= room.ram)


def _sentence(tradeoff: Tradeoff, point: TradeoffPoint, taken: str, room: Room | None) -> str:
    which = f"plan {point.plan} on {point.shape} ({point.method})"
    those = "nothing else that was tried"
    if room is None:
        opening = which[0].upper() + which[1:]
    else:
        opening = f"For {room.board} with {formatting.size(room.flash)} of flash: {which}"
        those += " and fits"
    reached = formatting.percent(point.accuracy.mean)
    return (
        f"{opening} takes {taken} and {_cost(point.difference, point)}: {reached} on {tradeoff.basis}, and "
        f"{those} is more than half a point better."
    )


def _cost(difference: Estimate | None, point: TradeoffPoint) -> str:
    mean = difference.mean if difference else point.accuracy.mean - point.float_accuracy
    verb = "gains" if formatting.points(mean).startswith("+") else "costs"
    sign = 1 if verb == "gains" else -1
    interval = ""
    if difference and point.runs > 1:
        ends = sorted((sign * difference.low, sign * difference.high))
        low, high = (formatting.points(end).lstrip("+") for end in ends)
        interval = f" ({low} to {high})"
    return f"{verb} {formatting.points(sign * mean).lstrip('+')} points{interval} against float"


def _caution(tradeoff: Tradeoff, point: TradeoffPoint) -> str:
    if tradeoff.basis == "test":
        return (
            "It is picked by the very figures shown, which are of test clips: expect a little less on others."
        )
    if point.test is None:
        return "It is picked on validation, by the very figures shown: expect a little less on other clips."
    compared = point.test_difference and f", {formatting.points(point.test_difference.mean)} points from float"
    return (
        "It is picked on validation. On the test part, by which nothing was chosen, it reaches "
        f"{formatting.percent(point.test.mean)}{compared or ''}."
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
    where = f"For {room.board} with {formatting.size(room.flash)} of flash"
    if size(least) <= room.flash:
        # Flash is there, so RAM is what lacks.
        least = min((each for each in known if size(each) <= room.flash), key=lambda each: each.ram or 0)
        needs = f"{formatting.number(least.ram or 0)} bytes of RAM"
        where += f" and {formatting.size(room.ram)} of RAM"
    return (
        f"{where}: nothing that was tried fits; what needs least, plan {least.plan} on {least.shape} "
        f"({least.method}), takes {needs}."
    )
