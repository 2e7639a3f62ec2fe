"""What answers say together: means over what differs, no interval from two values, and who was misheard."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from evaluation_examples import LABELS, examined

from sertool.evaluation import BUILT
from sertool.experiments.conditions import under_conditions
from sertool.experiments.scoring import Answer, Examined, across, of_one
from sertool.intervals import student, wilson
from sertool.plain_values import to_plain
from sertool.reliability import Sureness
from sertool.report import render_evaluation_html, write_evaluation


def test_by_speaker_the_interval_is_over_folds_each_the_mean_of_its_seeds() -> None:
    found = across(
        "toy",
        "speaker",
        LABELS,
        [examined(fold, seed, fold + 2 * seed) for seed in (0, 1) for fold in range(3)],
    )
    # Folds lose 0 and 2, 1 and 3, 2 and 4 of 12 clips.
    folds = [1 - lost / 12 for lost in (1, 2, 3)]
    interval = student(folds)
    assert (found.repeats, found.folds, found.seeds, len(found.networks)) == ("folds", 3, 2, 6)
    assert found.accuracy.mean == pytest.approx(interval.mean)
    assert (found.accuracy.low, found.accuracy.high) == pytest.approx((interval.low, interval.high))
    assert found.difference is not None and found.difference.mean == pytest.approx(interval.mean - 0.75)


def test_else_it_is_over_seeds() -> None:
    found = across("toy", "random10", LABELS, [examined(0, seed, seed) for seed in range(4)])
    assert (found.repeats, found.folds, found.seeds) == ("seeds", 1, 4)
    assert found.accuracy.mean == pytest.approx(1 - (0 + 1 + 2 + 3) / 4 / 12)
    assert found.accuracy.low is not None


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_values_have_no_interval(count: int) -> None:
    for protocol in ("speaker", "random10"):
        found = across("toy", protocol, LABELS, [examined(n, n, n) for n in range(count)])
        for spread in (
            found.accuracy,
            found.unweighted,
            found.macro_f1,
            found.float_accuracy,
            found.difference,
        ):
            assert spread is not None and (spread.low, spread.high) == (None, None)


def test_conditions_are_told_over_the_same_folds_and_beside_networks_without_augmentation() -> None:
    def shares(lost: float) -> list[dict[str, float]]:
        return [{"as recorded": 0.9, "noise": right - lost} for right in (0.5, 0.75, 1.0)]

    whole = across("toy", "speaker", LABELS, [examined(fold, 0, 1) for fold in range(3)])
    found = under_conditions(whole, shares(0.0), shares(0.25))
    assert dataclasses.replace(found, conditions=()) == whole
    clean, noise = found.conditions
    assert (clean.condition, clean.accuracy.mean) == ("as recorded", pytest.approx(0.9))
    interval = student([0.5, 0.75, 1.0])
    assert (noise.accuracy.low, noise.accuracy.high) == pytest.approx((interval.low, interval.high))
    assert noise.unaugmented is not None and noise.unaugmented.mean == pytest.approx(0.5)
    page = render_evaluation_html(found, {})
    assert ">75.0" in page and ">50.0" in page and "not augmented" in page
    alone = under_conditions(whole, shares(0.0))
    assert [each.unaugmented for each in alone.conditions] == [None, None]
    page = render_evaluation_html(alone, {})
    assert "Conditions" in page and "not augmented" not in page
    assert "Conditions" not in render_evaluation_html(whole, {})


def test_figures_by_label_speaker_and_clip() -> None:
    found = across(
        "toy", "speaker", LABELS, [examined(fold, seed, 1 + fold) for seed in (0, 1) for fold in (0, 1)]
    )
    assert found.confusion == ((10, 6, 0), (0, 16, 0), (0, 0, 16))
    anger, fear, neutral = found.by_label
    assert (anger.answers, anger.recall, anger.precision, anger.f1) == (16, 10 / 16, 1.0, 20 / 26)
    assert (fear.recall, fear.precision, fear.f1) == (1.0, 16 / 22, 32 / 38)
    assert (neutral.recall, neutral.precision, neutral.f1) == (1.0, 1.0, 1.0)
    one, two = found.by_speaker
    assert (one.speaker, one.clips, one.answers, one.accuracy) == ("s0", 12, 24, 11 / 12)
    assert (two.accuracy, two.unweighted) == (10 / 12, (2 / 4 + 1 + 1) / 3)
    assert [(clip.file, dict(clip.heard), clip.networks) for clip in found.misheard] == [
        ("s0/anger0.wav", {"fear": 2}, 2),
        ("s1/anger0.wav", {"fear": 2}, 2),
        ("s1/anger1.wav", {"fear": 2}, 2),
    ]


def test_calibration_is_of_all_answers() -> None:
    value = across("toy", "speaker", LABELS, [examined(fold, 0, fold) for fold in range(3)])
    found = value.calibration
    # Of the three that are wrong two are the first clip of anger, of which nobody is sure.
    assert value.sureness == Sureness(36, 27, 26)
    # 33 of 36 are right, all say 192 / 256, and without temperature 240 / 256.
    assert found.after.error == pytest.approx(33 / 36 - 0.75)
    assert found.before.error == pytest.approx(240 / 256 - 33 / 36)
    assert [(each.answers, each.confidence) for each in found.after.bins] == [(36, 0.75)]


def test_what_most_networks_mishear_comes_first() -> None:
    one, two = examined(0, 0, 2, "anna"), examined(0, 1, 1, "anna")
    found = across("toy", "random10", LABELS, [one, two])
    assert [(clip.file, sum(clip.heard.values()), clip.networks) for clip in found.misheard] == [
        ("anna/anger0.wav", 2, 2),
        ("anna/anger1.wav", 1, 2),
    ]


def test_a_label_that_does_not_occur_counts_for_nothing() -> None:
    answers = (
        Answer("a", "s", "anger", "fear", 90, 90, True),
        Answer("b", "s", "anger", "anger", 200, 99, False),
    )
    found = of_one("other", LABELS, Examined("12-3", "1", 9, answers))
    fear = found.by_label[1]
    assert (fear.answers, fear.recall, fear.precision, fear.f1) == (0, None, 0.0, None)
    assert (found.unweighted.mean, found.macro_f1.mean) == (0.5, 2 / 3)


def test_one_network_has_wilson_s_interval_over_clips() -> None:
    found = of_one("other", LABELS, examined(0, 0, 3))
    interval = wilson(9, 12)
    assert (found.protocol, found.repeats, found.float_accuracy, found.difference) == (
        BUILT,
        "clips",
        None,
        None,
    )
    assert (found.accuracy.mean, found.accuracy.low, found.accuracy.high) == (0.75, interval.low, interval.high)
    assert found.unweighted.low is None


def test_page_and_figures_say_the_same(tmp_path: Path) -> None:
    found = across("toy", "speaker", LABELS, [examined(fold, 0, fold) for fold in range(3)], notes=["a note"])
    page, figures = write_evaluation(found, {"s2/anger0.wav": "file:///a/b.wav"}, tmp_path, "evaluation")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evaluation.html", "evaluation.json"]
    assert json.loads(figures.read_text()) == json.loads(json.dumps({"format": 3, **to_plain(found)}))
    html = page.read_text()
    assert "91.7" in html and "3\N{NO-BREAK SPACE}folds" in html and "a note" in html
    assert '<a href="file:///a/b.wav">s2/anger0.wav</a>' in html
    assert "s1/anger0.wav" in html


def test_hostile_names_stay_text() -> None:
    hostile = '<script>alert("x")</script>'
    answers = (
        Answer(hostile, hostile, "anger", "fear", 0, 9, False),
        Answer("b", "s", "fear", "fear", 256, 1, False),
    )
    html = render_evaluation_html(
        of_one(hostile, LABELS, Examined("12-3", "1", 9, answers), notes=[hostile]), {}
    )
    assert hostile not in html
    assert html.count("&lt;script&gt;") > 3


def test_without_an_error_nothing_is_listed() -> None:
    html = render_evaluation_html(of_one("other", LABELS, examined(0, 0, 0)), {})
    assert "<p>None.</p>" in html
    assert "Every network" not in html
