"""What the page of an evaluation needs beside the evaluation itself: its pictures, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping

from sertool.evaluation import BUILT, Evaluation, NetworkFigures
from sertool.report.drawing import bars, confusion
from sertool.report.drawing.curves import curves, utterances
from sertool.report.formatting import plural

#: Rows of misheard clips that stand in the open.
_OPEN = 25


def context(evaluation: Evaluation, links: Mapping[str, str]) -> dict[str, object]:
    """Return everything that `evaluation.html.in` names; `links` are the addresses of clips, by file."""
    return {
        "evaluation": evaluation,
        "title": f"{evaluation.corpus}, {told(evaluation)}",
        "runs": runs(evaluation),
        "dots": _dots(evaluation),
        "chance": 100 / len(evaluation.labels),
        "matrix": confusion.matrix(evaluation.confusion, evaluation.labels),
        "answers": sum(map(sum, evaluation.confusion)),
        "right": sum(row[index] for index, row in enumerate(evaluation.confusion)),
        "plans": tuple(dict.fromkeys((each.shape, each.plan, each.bytes) for each in evaluation.networks)),
        "several": len(evaluation.networks) > 1,
        "misheard": (evaluation.misheard[:_OPEN], evaluation.misheard[_OPEN:]),
        "links": links,
        "curves": curves(evaluation.following) if evaluation.following and evaluation.following.heard else None,
        "utterances": utterances,
    }


def told(evaluation: Evaluation) -> str:
    """The protocol as a page and a terminal name it."""
    return "a built model" if evaluation.protocol == BUILT else f"protocol {evaluation.protocol}"


def runs(evaluation: Evaluation) -> str:
    """Say what means and intervals are over, such as `10 folds, each the mean of 3 seeds`."""
    if evaluation.repeats == "clips":
        return plural(sum(map(sum, evaluation.confusion)), "clip")
    if evaluation.repeats == "seeds":
        return plural(evaluation.seeds, "seed")
    each = f", each the mean of {plural(evaluation.seeds, 'seed')}" if evaluation.seeds > 1 else ""
    return f"{plural(evaluation.folds, 'fold')}{each}"


def _dots(evaluation: Evaluation) -> tuple[bars.Dot, ...]:
    """One dot for the whole with its interval, and one for each value that it is the mean of."""
    low, high = evaluation.accuracy.low, evaluation.accuracy.high
    whole = _dot("all", evaluation.accuracy.mean, evaluation.unweighted.mean, low, high)
    if evaluation.repeats == "clips":
        speakers = evaluation.by_speaker
        return (whole, *(_dot(each.speaker, each.accuracy, each.unweighted) for each in speakers))
    groups: dict[str, list[NetworkFigures]] = {}
    for network in evaluation.networks:
        name = f"seed {network.seed}"
        if evaluation.repeats == "folds":
            name = ", ".join(network.speakers) if evaluation.seeds == 1 else f"fold {network.fold}"
        groups.setdefault(name, []).append(network)
    return (
        whole,
        *(
            _dot(
                name,
                sum(network.accuracy for network in group) / len(group),
                sum(network.unweighted for network in group) / len(group),
            )
            for name, group in groups.items()
        ),
    )


def _dot(
    label: str, weighted: float, unweighted: float, low: float | None = None, high: float | None = None
) -> bars.Dot:
    ends = (weighted if end is None else min(1.0, max(0.0, end)) for end in (low, high))
    return bars.Dot(label, 100 * weighted, 100 * unweighted, *(100 * end for end in ends))
