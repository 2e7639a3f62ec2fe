"""What the templates need beside the report itself: chapters, pictures, and the estimate of the load."""

from __future__ import annotations

from dataclasses import dataclass

from sertool.report import tradeoff_page
from sertool.report.drawing import bars, confusion, funnel, histogram, memory
from sertool.report.drawing.bars import Bar
from sertool.report.report import CoreCount, EngineCheck, Exactness, LayerCheck, Network, Report, Score, Split

#: Cycles that an instruction takes on these cores, from ideal to slow flash: an assumption, not a measurement.
CYCLES_PER_INSTRUCTION = (1.0, 2.0)


@dataclass(frozen=True)
class Chapter:
    """A part of the page: its anchor and template, its title, and the command that measures what it shows."""

    id: str
    title: str
    command: str
    present: bool


@dataclass(frozen=True)
class Load:
    """An estimate for the target's core at its clock, each from the lowest to the highest assumption.

    `share` is the part of the time that the front end keeps the core busy while it listens; `inference_ms`
    the milliseconds of one inference.
    """

    core: str
    share: tuple[float, float] | None
    inference_ms: tuple[float, float] | None


def chapters(report: Report) -> tuple[Chapter, ...]:
    """Return the chapters in reading order."""
    return (
        Chapter("corpus", "Corpus and split", "sertool train", report.corpus is not None),
        Chapter("accuracy", "Accuracy", "sertool quantize", bool(scores(report) or report.evaluations)),
        Chapter("layers", "Layers and their widths", "sertool quantize", True),
        Chapter("tradeoff", "Size against accuracy", "sertool sweep", report.tradeoff is not None),
        Chapter("memory", "Memory", "sertool build", report.memory is not None),
        Chapter("exactness", "Exactness", "sertool simulate", report.exactness is not None),
        Chapter("parity", "Front end against librosa", "sertool simulate", report.parity is not None),
        Chapter("instructions", "Instructions", "sertool simulate", report.instructions is not None),
        Chapter("manifest", "Manifest", "sertool build", report.manifest is not None),
    )


def scores(report: Report) -> dict[str, Score]:
    """Return the scores that were measured, by the name of their net."""
    if report.accuracy is None:
        return {}
    both = {"float": report.accuracy.float_net, "quantized": report.accuracy.quantized}
    return {name: score for name, score in both.items() if score is not None}


def load(report: Report) -> Load | None:
    """Estimate the load of the target's own core; None where its instructions were not counted."""
    counted = report.instructions.cores if report.instructions else ()
    own = next((count for count in counted if count.core == report.target.core), None)
    if own is None or (own.audio_second is None and own.inference is None):
        return None
    return _load(own, report.target.clock_hz)


def _load(count: CoreCount, clock_hz: int) -> Load:
    low, high = (cycles / clock_hz for cycles in CYCLES_PER_INSTRUCTION)
    second, inference = count.audio_second, count.inference
    return Load(
        core=count.core,
        share=None if second is None else (second * low, second * high),
        inference_ms=None if inference is None else (1e3 * inference * low, 1e3 * inference * high),
    )


@dataclass(frozen=True)
class Column:
    """One term of the importance: its title, and a bar for each layer."""

    title: str
    bars: tuple[Bar, ...]


def importance(network: Network) -> tuple[Column, ...]:
    """Return the terms as columns of bars, each scaled to its largest; empty when no layer has them."""
    if all(layer.importance is None for layer in network.layers):
        return ()
    titles = {
        "NP": "proportion",
        "entropy": "entropy",
        "NV": "variance",
        "gradient": "gradient",
        "Hessian": "hessian",
        "importance": "value",
    }
    columns = []
    for title, term in titles.items():
        values = [getattr(layer.importance, term, None) for layer in network.layers]
        if any(value is not None for value in values):
            named = [(layer.name, value) for layer, value in zip(network.layers, values, strict=True)]
            columns.append(Column(title, bars.bars(named)))
    return tuple(columns)


def plan_origin(network: Network) -> str:
    """Say how the plan came about, as the end of a sentence."""
    known = {"given": "given by hand", "laq": "found by LAQ"}
    return known.get(network.plan_origin, f"found by {network.plan_origin}")


def tested_speakers(split: Split | None) -> int:
    """Return how many speakers the test part has."""
    parts = split.parts if split else ()
    return len({name for part in parts if part.name == "test" for name in part.speakers})


def exactness_grid(
    exactness: Exactness | None,
) -> tuple[tuple[str, ...], tuple[tuple[EngineCheck, tuple[LayerCheck | None, ...]], ...]]:
    """Return the layers that any engine shows, and for each engine a check or None under each of them."""
    engines = exactness.engines if exactness else ()
    # The engine that shows most comes first, so that the columns stand in execution order.
    talkative = sorted(engines, key=lambda engine: -len(engine.layers))
    layers = tuple(dict.fromkeys(check.layer for engine in talkative for check in engine.layers))
    rows = []
    for engine in engines:
        checks = {check.layer: check for check in engine.layers}
        rows.append((engine, tuple(checks.get(layer) for layer in layers)))
    return layers, tuple(rows)


def context(report: Report) -> dict[str, object]:
    """Return everything that `report.html.in` names."""
    measured = scores(report)
    emotions = tuple(report.corpus.emotions) if report.corpus else report.network.labels
    regions = (report.memory.flash, report.memory.ram) if report.memory else ()
    weights = sum(layer.weights for layer in report.network.layers)
    packed = sum(layer.weight_bytes for layer in report.network.layers)
    exactness_layers, exactness_rows = exactness_grid(report.exactness)
    return {
        "report": report,
        "headline": report.headline,
        "chapters": chapters(report),
        "scores": measured,
        "dots": bars.accuracy_dots(measured),
        "chance": 100 / len(report.network.labels),
        "matrices": {
            name: confusion.matrix(score.confusion, report.network.labels) for name, score in measured.items()
        },
        "split_bars": bars.split_bars(report.split, emotions) if report.split else (),
        "tested_speakers": tested_speakers(report.split),
        "plan_origin": plan_origin(report.network),
        "funnel": funnel.funnel(report.network),
        "weights": weights,
        "packed": packed,
        "bits_per_weight": 8 * packed / weights,
        "memory_bars": tuple(memory.memory_bar(region) for region in regions),
        "instruction_bars": bars.instruction_bars(report.instructions) if report.instructions else {},
        "importance": importance(report.network),
        "histograms": tuple(histogram.bars(layer.histogram) for layer in report.network.layers),
        "tradeoff": tradeoff_page.chapter(report.tradeoff, report.advice) if report.tradeoff else None,
        "exactness_layers": exactness_layers,
        "exactness_rows": exactness_rows,
        "cycles": CYCLES_PER_INSTRUCTION,
        "load": load(report),
    }
