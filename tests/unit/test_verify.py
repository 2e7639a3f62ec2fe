"""Comparisons count, and name the first integer that differs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from networks import inputs, network
from sertool.engines.base import Classification, Trace
from sertool.engines.reference import ReferenceEngine
from sertool.errors import CheckFailed, SertoolError
from sertool.verify import (
    ANSWER,
    FEATURES,
    INPUT,
    Comparison,
    Difference,
    Outputs,
    compare,
    of_classifications,
    of_run,
    paragraph,
    require,
)

GRAPH = network([9, 6, 4], ["4", "8"])
CLIPS = inputs(GRAPH, 5)
NAMES = [f"clip{number}.wav" for number in range(5)]


class WrongEngine(ReferenceEngine):
    """The reference, but for one output of one layer in the clips from `clip` on."""

    name = "wrong"

    def __init__(self, layer: str, clip: int, index: int) -> None:
        super().__init__(GRAPH)
        self._place = (layer, clip, index)

    def run(self, inputs: np.ndarray) -> Trace:
        layer, clip, index = self._place
        trace = {name: values.copy() for name, values in super().run(inputs).items()}
        trace[layer][clip:, index] ^= 1
        return trace


def reference() -> Outputs:
    with ReferenceEngine(GRAPH) as engine:
        return of_run(CLIPS, engine.run(CLIPS))


def versus(*engines: ReferenceEngine) -> Comparison:
    return compare(NAMES, reference(), {engine.name: of_run(CLIPS, engine.run(CLIPS)) for engine in engines})


def test_equal_engines_differ_nowhere() -> None:
    comparison = versus(ReferenceEngine(GRAPH))
    each = 5 * (9 + 6 + 4 + 4 + 1)
    assert comparison.to_dict() == {
        "clips": 5,
        "engines": {"reference": {"compared": each, "mismatches": 0}},
        "first_difference": None,
    }
    assert paragraph(comparison) == (
        "Over 5 clips all 120 integers equal the reference's (reference: 0 of 120 differ)."
    )
    require(comparison)


def test_a_wrong_engine_is_found_and_named() -> None:
    comparison = versus(ReferenceEngine(GRAPH), WrongEngine("dense1", 2, 3))
    right = int(reference().layers["dense1"][2, 3])
    assert comparison.to_dict() == {
        "clips": 5,
        "engines": {
            "reference": {"compared": 120, "mismatches": 0},
            "wrong": {"compared": 120, "mismatches": 3},
        },
        "first_difference": {
            "engine": "wrong",
            "clip": "clip2.wav",
            "layer": "dense1",
            "index": 3,
            "expected": right,
            "got": right ^ 1,
        },
    }
    (wrong,) = comparison.engines[1:]
    assert {layer.layer: (layer.compared, layer.mismatches) for layer in wrong.layers} == {
        "input": (45, 0),
        "dense0": (30, 0),
        "dense1": (20, 3),
        "probabilities": (20, 0),
        "label": (5, 0),
    }
    with pytest.raises(
        CheckFailed, match=r"engine wrong, clip clip2\.wav, layer dense1, index 3: expected"
    ) as failure:
        require(comparison)
    assert failure.value.exit_code == 1
    assert "3 of 240 integers differ" in paragraph(comparison)


def test_the_first_difference_is_the_earliest_clips_earliest_layer() -> None:
    late, early = WrongEngine("dense0", 3, 0), WrongEngine("probabilities", 1, 2)
    both = {**early.run(CLIPS), "dense0": late.run(CLIPS)["dense0"]}
    first = compare(NAMES, reference(), {"mixed": of_run(CLIPS, both)}).first_difference
    assert first is not None
    assert (first.clip, first.layer, first.index) == ("clip1.wav", "probabilities", 2)
    both["dense0"] = WrongEngine("dense0", 1, 4).run(CLIPS)["dense0"]
    first = compare(NAMES, reference(), {"mixed": of_run(CLIPS, both)}).first_difference
    assert first is not None
    assert (first.clip, first.layer, first.index) == ("clip1.wav", "dense0", 4)


def test_an_engine_may_run_some_of_the_clips_and_show_some_of_the_layers() -> None:
    some = [4, 1]
    wrong = WrongEngine("label", 1, 0).run(CLIPS[some])
    comparison = compare(NAMES, reference(), {"board": Outputs({"label": wrong["label"]}, (4, 1))})
    assert [(engine.clips, engine.compared, engine.mismatches) for engine in comparison.engines] == [(2, 2, 1)]
    assert comparison.first_difference is not None
    assert comparison.first_difference.clip == "clip1.wav"
    assert "board: 1 of 2 differ (2 clips)" in paragraph(comparison)


def classification(clip: int, features: np.ndarray | None, *, label: bool) -> Classification:
    trace = dict(ReferenceEngine(GRAPH).run(CLIPS[clip : clip + 1]))
    index = int(trace["label"][0, 0])
    if not label:
        del trace["label"]
    return Classification(features, CLIPS[clip], trace, index, clip % 3, clip)


@pytest.mark.parametrize("label", [True, False])
def test_classifications_bring_features_and_input_as_layers(label: bool) -> None:
    features = np.arange(45, dtype=np.int32).reshape(5, 9)
    answer = np.array([[clip % 3, clip] for clip in range(5)], np.int32)
    expected = dataclasses.replace(
        reference(), layers={FEATURES: features, **reference().layers, ANSWER: answer}
    )
    results = [classification(clip, features[clip].copy(), label=label) for clip in (0, 3)]
    outputs = of_classifications(results, [0, 3])
    comparison = compare(NAMES, expected, {"host": outputs})
    require(comparison)
    assert [layer.layer for layer in comparison.engines[0].layers] == [
        FEATURES,
        INPUT,
        "dense0",
        "dense1",
        "probabilities",
        "label",
        ANSWER,
    ]
    results[1].features[7] += 1  # type: ignore[index]
    first = compare(NAMES, expected, {"host": of_classifications(results, [0, 3])}).first_difference
    assert first == Difference("host", "clip3.wav", FEATURES, 7, 34, 35)


def test_features_that_an_engine_keeps_to_itself_are_not_compared() -> None:
    outputs = of_classifications([classification(0, None, label=True)], [0])
    assert FEATURES not in outputs.layers


def test_nothing_compared_is_no_success() -> None:
    comparison = compare(NAMES, reference(), {"host": of_classifications([], [])})
    assert paragraph(comparison) == "Nothing was compared: no engine ran a clip."
    with pytest.raises(CheckFailed, match="Nothing was compared"):
        require(comparison)


def test_a_layer_that_the_reference_lacks_is_refused() -> None:
    with pytest.raises(
        SertoolError, match=r"'dense7', which the reference does not\n.*'host'\n.*input, dense0"
    ):
        compare(NAMES, reference(), {"host": Outputs({"dense7": CLIPS})})


@pytest.mark.parametrize("wrong", [CLIPS[:3], CLIPS[:, :4], CLIPS.astype(float)])
def test_outputs_of_another_shape_or_type_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(
        SertoolError, match=r"engine 'host', layer 'input'\n  allowed: integers of shape \(5, 9\)"
    ):
        compare(NAMES, reference(), {"host": Outputs({INPUT: wrong})})
