"""What the templates need beside a trade-off itself: its picture, the advice, and over how many runs it is."""

from __future__ import annotations

from dataclasses import dataclass

from sertool.report.advice import Advice, advise
from sertool.report.drawing import pareto
from sertool.report.formatting import plural
from sertool.report.tradeoff import Comparison, Tradeoff, TradeoffPoint

_NAMES = {"ram": "RAM"}


@dataclass(frozen=True)
class View:
    """A trade-off as a page shows it.

    `costs` names what the front is of. `sized` where instructions are known, `uneven` where points have
    different numbers of runs, `several` where runs of a point got several plans, `tested` where test accuracy
    stands beside that of validation, `many` where only the front's rows stand in the open.
    """

    id: str
    title: str
    data: Tradeoff
    plot: pareto.Plot
    height: int
    advice: Advice
    runs: str
    costs: str
    sized: bool
    uneven: bool
    tested: bool
    several: bool
    many: bool


def chapter(tradeoff: Tradeoff, advice: Advice | None) -> View:
    """Draw a trade-off for a chapter of a build's report."""
    looks = pareto.styles([point.method for point in tradeoff.points])
    return _view(tradeoff, "tradeoff", looks, advice or advise(tradeoff))


def views(comparison: Comparison) -> tuple[View, ...]:
    """Draw several for a page of their own, on which a method looks the same everywhere."""
    tradeoffs = comparison.tradeoffs
    looks = pareto.styles([point.method for tradeoff in tradeoffs for point in tradeoff.points])
    return tuple(
        _view(tradeoff, f"tradeoff-{number}", looks, advise(tradeoff))
        for number, tradeoff in enumerate(tradeoffs, 1)
    )


def _view(tradeoff: Tradeoff, name: str, looks: dict[str, pareto.Style], advice: Advice) -> View:
    points = tradeoff.points
    return View(
        id=name,
        title=f"{tradeoff.corpus}, {tradeoff.protocol}",
        data=tradeoff,
        plot=pareto.plot(tradeoff, looks),
        height=pareto.HEIGHT,
        advice=advice,
        runs=runs(tradeoff),
        costs=_listed("accuracy", *(_NAMES.get(name, name) for name in tradeoff.costs)),
        sized=any(point.instructions is not None for point in points),
        uneven=len({(point.seeds, point.folds) for point in points}) > 1,
        tested=any(point.test is not None for point in points),
        several=any(point.plans > 1 for point in points),
        many=len(points) > pareto.MANY,
    )


def runs(tradeoff: Tradeoff) -> str:
    """Say over what means and intervals are, such as `10 folds, each the mean of 2 seeds`."""
    alike = {(point.seeds, point.folds): _runs(point) for point in tradeoff.points}
    if len(alike) > 1:
        return "the runs that the table counts"
    (told,) = alike.values()
    alone = tradeoff.points[0].folds == 1 and tradeoff.protocol == "speaker"
    return f"{told} of one fold" if alone else told


def _runs(point: TradeoffPoint) -> str:
    if point.folds == 1:
        return plural(point.seeds, "seed")
    each = f", each the mean of {plural(point.seeds, 'seed')}" if point.seeds > 1 else ""
    return f"{plural(point.folds, 'fold')}{each}"


def _listed(*words: str) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"
