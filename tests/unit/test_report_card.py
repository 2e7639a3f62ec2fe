"""The model card: what a careful reader asks before using a model."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from report_example import LABELS, bare, example, terms

from sertool.evaluation import Spread
from sertool.report import Report, render_model_card
from sertool.report.recordings import Measured
from sertool.report.report import Part

HEADINGS = (
    "Intended use", "Data", "Evaluation", "Limits", "Model and quantization", "Size", "Exactness", "Provenance",
)  # fmt: skip


@pytest.mark.parametrize("report", [example(), bare()], ids=["whole", "bare"])
def test_the_card_has_its_chapters_and_whole_tables(report: Report) -> None:
    card = render_model_card(report)
    assert tuple(re.findall(r"^## (.+)$", card, re.M)) == HEADINGS
    assert "\n\n\n" not in card
    assert card.endswith("\n")
    for table in re.findall(r"(?:^\|.*\n)+", card, re.M):
        assert len({row.count("|") for row in table.strip().split("\n")}) == 1


def test_the_card_says_what_it_must() -> None:
    card = render_model_card(example()).replace("\u00a0", " ")
    for words in (
        "Not for decisions about people",
        "CC0 1.0 or CC BY 4.0",
        "Interspeech 2005",
        "Protocol `random10`, seed 0",
        "Speakers are shared",
        "chosen on the validation part",
        "79.6 %",
        "65.1 – 86.8 %",
        "Acted speech",
        "other languages",
        "Plan `1,1,4,4,8`, given by hand",
        "Exact: 0 of 379,174 integers differ",
        "1,288 bytes computed",
        "not time",
        "`sertool build --target stm32f405",
    ):
        assert words in card, words
    for label in LABELS:
        assert label in card
    assert "Synthetic" not in card


def test_terms_that_exclude_commerce_are_told_beside_the_use() -> None:
    report = example()
    assert report.corpus
    strict = replace(terms(), terms="CC BY-NC-SA 4.0", noncommercial=True)
    card = render_model_card(replace(report, corpus=replace(report.corpus, terms=strict)))
    assert "exclude commercial use (CC BY-NC-SA 4.0)" in card
    assert "exclude commercial use" not in render_model_card(report)


def test_unknown_terms_are_called_unknown() -> None:
    report = example()
    assert report.corpus
    card = render_model_card(replace(report, corpus=replace(report.corpus, terms=None)))
    assert "Terms: not known to sertool" in card
    assert "If the speech was acted" in card


def test_strangers_are_told_from_known_voices() -> None:
    report = example()
    assert report.split
    parts = (Part("train", {}, ("03", "08")), Part("test", {}, ("09",)))
    card = render_model_card(
        replace(report, split=replace(report.split, protocol="speaker", parts=parts, folds=10))
    )
    assert "No speaker of the test part is heard in training or validation." in card
    assert "Protocol `speaker`, fold 0 of 0 to 9, seed 0." in card
    assert "Protocol `random10`, seed 0." in render_model_card(report)


def test_the_evaluation_by_speaker_comes_first() -> None:
    spread = Spread(0.62, 0.5, 0.725)
    card = render_model_card(
        replace(example(), evaluations=(Measured("speaker", "folds", 1, 10, spread, spread),))
    )
    evaluation = card[card.index("## Evaluation") : card.index("## Limits")]
    row = "| `speaker` | new | 10~folds, 1~seed | 62.0~% | 50.0 – 72.5 | 62.0~% |".replace(
        "~", "\N{NO-BREAK SPACE}"
    )
    assert evaluation.index(row) < evaluation.index("### This network") < evaluation.index("| quantized |")


def test_synthetic_data_is_called_synthetic() -> None:
    report = example()
    assert report.corpus
    card = render_model_card(replace(report, corpus=replace(report.corpus, synthetic=True)))
    assert card.index("Synthetic data") < card.index("## Intended use")
    assert "nothing about human speech follows" in card


def test_what_was_not_measured_names_its_command() -> None:
    card = render_model_card(bare())
    for words in (
        "run `sertool quantize`",
        "run `sertool build`",
        "run `sertool simulate`",
        "split is not recorded",
    ):
        assert words in card


def test_hostile_names_break_neither_table_nor_heading() -> None:
    report = example()
    hostile = "<img src=x>|\n# `x`"
    card = render_model_card(
        replace(report, project=hostile, network=replace(report.network, labels=(hostile, *LABELS[1:])))
    )
    assert "<img" not in card.replace("\\<img", "")
    assert tuple(re.findall(r"^## (.+)$", card, re.M)) == HEADINGS


def test_the_same_value_gives_the_same_card() -> None:
    assert render_model_card(example()) == render_model_card(example())
