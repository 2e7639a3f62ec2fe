"""The report's value: derived figures, and JSON there and back, strict about every key."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from report_example import FLOAT, bare, exactness, example, memory, network, score, split

from sertool.errors import SertoolError
from sertool.report import Report, render_json
from sertool.report.report import Accuracy, Layer, Part, Score, Section


@pytest.mark.parametrize("report", [example(), bare()], ids=["whole", "bare"])
def test_json_round_trip(report: Report) -> None:
    assert Report.from_dict(json.loads(render_json(report))) == report


def test_the_same_value_gives_the_same_json() -> None:
    assert render_json(example()) == render_json(example())


def test_json_says_the_headline_first() -> None:
    data = json.loads(render_json(example()))
    assert list(data)[:2] == ["format", "headline"]
    headline = data["headline"]
    assert headline["plan"] == "1,1,4,4,8"
    assert headline["shape"] == "180-512-128-64-32-7"
    assert headline["flash"] == example().memory.flash.used  # type: ignore[union-attr]
    assert headline["exact"] is True
    assert headline["synthetic"] is False
    assert headline["quantized_accuracy"] == pytest.approx(42 / 54)


def test_a_bare_report_measures_nothing_and_claims_nothing() -> None:
    headline = bare().headline
    assert headline.exact is headline.flash is headline.float_accuracy is headline.corpus is None


def test_derived_sizes() -> None:
    layers = network().layers
    assert sum(layer.weights for layer in layers) == 168_160
    assert sum(layer.parameters for layer in layers) == 168_903
    assert layers[0].bytes == 11_520 + 9 * 512
    flash = memory().flash
    assert flash.used + flash.free == flash.capacity
    assert flash.used == sum(section.bytes for section in flash.sections)


def test_shared_speakers_are_those_of_the_test_part_heard_elsewhere() -> None:
    assert len(split().shared_speakers) == 10
    apart = replace(split(), parts=(Part("train", {}, ("a", "b")), Part("test", {}, ("c",))))
    assert apart.shared_speakers == ()
    half = replace(split(), parts=(Part("validation", {}, ("b",)), Part("test", {}, ("c", "b"))))
    assert half.shared_speakers == ("b",)


def test_nothing_compared_is_not_exact() -> None:
    assert exactness().exact
    assert not replace(exactness(), engines=()).exact


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    *keys, last = path.split(".")

    def apply(data: Any) -> None:
        for key in keys:
            data = data[int(key)] if isinstance(data, list) else data[key]
        data[int(last) if isinstance(data, list) else last] = value

    return apply


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    *keys, last = path.split(".")

    def apply(data: dict[str, Any]) -> None:
        for key in keys:
            data = data[key]
        del data[last]

    return apply


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (drop("format"), "no format is said"),
        (change("format", 1), "format 1, of an older sertool"),
        (drop("project"), "the key 'project' is missing"),
        (change("target.colour", "red"), "unknown key 'colour'"),
        (change("target.clock_hz", "fast"), "target.clock_hz = 'fast' has the wrong type"),
        (change("target.clock_hz", True), "target.clock_hz = True has the wrong type"),
        (change("target", []), "target = a list has the wrong type"),
        (change("network.labels", "anger"), "where: report.network.labels"),
        (change("network.layers", []), "no layers"),
        (change("network.layers.3.width", "9"), "unsupported width"),
        (change("corpus.emotions", [1]), "where: report.corpus.emotions"),
        (change("corpus.emotions.anger", 1.5), "corpus.emotions.anger = 1.5"),
        (change("corpus.synthetic", None), "corpus.synthetic = None"),
        (change("accuracy.quantized.weighted", float("nan")), "accuracy.quantized.weighted = nan"),
        (change("accuracy.quantized.weighted", 0.9), "not that of the confusion matrix"),
        (change("accuracy.quantized.confusion.6", [1, 2]), "not square"),
        (change("network.labels", ["a", "b"]), "does not have the net's 2 classes"),
    ],
)
def test_a_damaged_report_is_refused_by_key(damage: Callable[[dict[str, Any]], None], named: str) -> None:
    data = copy.deepcopy(example().to_dict())
    damage(data)
    with pytest.raises(SertoolError) as caught:
        Report.from_dict(data)
    assert named in str(caught.value)
    assert caught.value.hint


def test_what_is_no_report_at_all_is_refused() -> None:
    with pytest.raises(SertoolError, match="in the report: a list has the wrong type"):
        Report.from_dict([])  # type: ignore[arg-type]


def test_contradictions_are_refused_where_they_are_made() -> None:
    with pytest.raises(ValueError, match="weighted accuracy"):
        Score(FLOAT, 0.5, 0.5, 0.4, 0.6)
    with pytest.raises(ValueError, match="weighted accuracy"):
        Score((), 0.0, 0.0, 0.0, 1.0)
    with pytest.raises(ValueError, match="unsupported width"):
        Layer("dense", 2, 2, "16", 4, 4)
    with pytest.raises(ValueError, match="7 classes"):
        replace(example(), accuracy=Accuracy(None, score(((1, 0), (0, 1)))))


def test_an_image_that_does_not_fit_has_less_than_nothing_free() -> None:
    full = replace(memory().ram, capacity=100, sections=(Section(".bss", 120),))
    assert full.free == -20
