"""The page: well formed, whole, reaching for nothing outside itself, and honest where a part is missing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest
from report_example import LABELS, bare, example, instructions, network

from sertool.evaluation import Spread
from sertool.report import Report, render_html
from sertool.report.recordings import Measured
from sertool.report.report import Accuracy, Difference, EngineCheck, LayerCheck

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
CHAPTERS = (
    "overview",
    "corpus",
    "accuracy",
    "layers",
    "tradeoff",
    "memory",
    "exactness",
    "parity",
    "instructions",
    "manifest",
)
HOSTILE = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Collects elements, ids and texts; refuses a tag that closes what is not open."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" in self.open:
            self.scripts.append(data)
        elif "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def values(self, name: str) -> Iterable[str]:
        return (value for _, attributes in self.elements if (value := attributes.get(name)) is not None)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_html(example()))


def failing() -> Report:
    report = example()
    assert report.exactness
    wrong = EngineCheck("host", 54, (LayerCheck("dense_1", 6912, 12),))
    first = Difference("host", "03a01Wa.flac", "dense_1", 37, -14, -13)
    return replace(
        report,
        exactness=replace(report.exactness, engines=(*report.exactness.engines, wrong), first_difference=first),
    )


def test_every_chapter_is_there_and_linked(page: Page) -> None:
    ids = set(page.values("id"))
    assert set(CHAPTERS) <= ids
    links = [href for href in page.values("href") if href.startswith("#")]
    assert {f"#{chapter}" for chapter in CHAPTERS} <= set(links)
    assert all(link[1:] in ids for link in links)


def test_ids_are_unique_and_labels_refer_to_them(page: Page) -> None:
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    for reference in page.values("aria-labelledby"):
        assert set(reference.split()) <= set(ids)


def test_every_picture_has_a_title_a_description_and_a_table(page: Page) -> None:
    charts = [
        attributes for tag, attributes in page.elements if tag == "svg" and attributes.get("role") == "img"
    ]
    assert len(charts) == 8
    for attributes in charts:
        assert len((attributes["aria-labelledby"] or "").split()) == 2
    tags = [tag for tag, _ in page.elements]
    assert tags.count("desc") == len(charts)
    assert tags.count("table") == tags.count("caption")
    assert page.text.count("same figures") == len(charts)


def test_the_page_reaches_for_nothing_outside_itself() -> None:
    html = render_html(example())
    parsed = Page(html)
    for name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href"):
        assert all(value.startswith("#") or value == "data:," for value in parsed.values(name)), name
    assert not re.search(r"url\(|@import|https?:|//[a-z]", re.sub(r"// [^\n]*", "", html))
    assert {tag for tag, _ in parsed.elements}.isdisjoint({"iframe", "object", "embed", "img", "form", "base"})


def test_only_the_one_script_may_run() -> None:
    parsed = Page(render_html(example()))
    (script,) = parsed.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (value for value in parsed.values("content") if "default-src" in value)
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)


def test_the_same_value_gives_the_same_page() -> None:
    assert render_html(example()) == render_html(example())


def test_both_themes_and_paper_are_provided_for() -> None:
    html = render_html(example())
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media print" in html
    assert 'name="viewport" content="width=device-width' in html
    defined = set(re.findall(r"(--[a-z0-9-]+):", html))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", html)) <= defined


def test_the_figures_are_on_the_page(page: Page) -> None:
    for figure in (
        "180-512-128-64-32-7",
        "1,1,4,4,8",
        "25,056",
        "1.19",
        "379,174",
        "5,018,204",
        "1,288",
        "168,903",
    ):
        assert figure in page.text, figure
    assert "79.6\u00a0%" in " ".join(page.texts)
    assert "Speakers are shared" in page.text
    assert "not time" in page.text
    assert "estimate" in page.text
    assert "3.0 % to 6.0 %" in page.text.replace("\u00a0", " ")


def test_widths_stand_beside_the_importance_as_bits() -> None:
    html = render_html(example())
    # 1 + 1 + 4 + 4 + 8 bits, of 8 for each of five layers.
    assert html.count('class="mark width"') == 18


def test_what_was_not_measured_names_its_command() -> None:
    parsed = Page(render_html(bare()))
    assert set(CHAPTERS) <= set(parsed.values("id"))
    for command in ("sertool train", "sertool quantize", "sertool build", "sertool simulate"):
        assert f"not measured: run {command}" in parsed.text, command
    assert "Synthetic" not in parsed.text


OPTIONAL = [field.name for field in fields(Report) if field.default is None]


@pytest.mark.parametrize("part", OPTIONAL)
def test_any_part_may_be_missing(part: str) -> None:
    parsed = Page(render_html(replace(example(), **{part: None})))
    assert "run sertool" in parsed.text


def test_parts_of_parts_may_be_missing() -> None:
    report = example()
    assert report.accuracy and report.memory
    layers = tuple(replace(layer, importance=None) for layer in network().layers)
    counted = instructions()
    variant = replace(
        report,
        network=replace(network(), layers=layers),
        accuracy=Accuracy(report.accuracy.float_net, None),
        memory=replace(report.memory, stack=replace(report.memory.stack, measured=None, path=())),
        instructions=replace(counted, cores=counted.cores[:2]),
    )
    text = Page(render_html(variant)).text
    assert text.count("not measured: run sertool quantize") == 2
    assert "not measured: run sertool simulate" in text
    assert "No estimate of load" in text
    quantized = replace(report, accuracy=Accuracy(None, report.accuracy.quantized))
    assert "float not measured" in Page(render_html(quantized)).text


def test_synthetic_data_is_called_synthetic_at_the_top() -> None:
    report = example()
    assert report.corpus
    html = render_html(replace(report, corpus=replace(report.corpus, name="synthetic", synthetic=True)))
    text = Page(html).text
    assert text.index("Synthetic data. This model heard no human voice.") < text.index("Accuracy, quantized")
    assert "Synthetic data" not in Page(render_html(report)).text


def test_a_checkpoints_evaluation_by_speaker_comes_before_what_it_gets_of_known_voices() -> None:
    spread = Spread(0.62, 0.5, 0.725)
    known = Measured("random10", "seeds", 3, 1, Spread(0.9375, None, None), spread)
    strangers = Measured("speaker", "folds", 1, 10, spread, spread)
    assert [each.of_strangers for each in (known, strangers)] == [False, True]
    report = replace(example(), evaluations=(strangers, known))
    assert report.headline.strangers_accuracy == 0.62
    page = render_html(report)
    assert page.index("62.0") < page.index("Accuracy, known voices") < page.index("Corpus and split</h2>")
    chapter = page[page.index('<section id="accuracy"') :]
    assert chapter.index("93.8") < chapter.index("Of this network, on voices that it knows")
    alone = render_html(replace(report, accuracy=None))
    assert "62.0" in alone and "Of networks made as this one" in alone
    assert "Accuracy, quantized" in render_html(example())


def test_a_mismatch_is_shown_with_its_place() -> None:
    text = Page(render_html(failing())).text
    assert "✗ not exact" in text
    assert "12 of 386,086 integers differ" in text
    assert "✗ 12 of 6,912" in text
    for word in ("host", "03a01Wa.flac", "dense_1", "index 37: expected -14, got -13"):
        assert word in text


def test_an_image_too_large_says_by_how_much() -> None:
    report = example()
    assert report.memory
    small = replace(report.memory, flash=replace(report.memory.flash, capacity=32768))
    text = Page(render_html(replace(report, memory=small))).text
    assert "23,498 bytes too many" in text


def test_hostile_names_stay_text() -> None:
    report = example()
    assert report.corpus and report.split and report.manifest and report.exactness and report.memory
    first = Difference(HOSTILE, HOSTILE, HOSTILE, 0, 0, 1)
    region = report.memory.flash
    hostile = replace(
        report,
        project=HOSTILE,
        target=replace(report.target, name=HOSTILE, title=HOSTILE),
        network=replace(report.network, labels=(HOSTILE, *LABELS[1:])),
        corpus=replace(report.corpus, name=HOSTILE, emotions={HOSTILE: 3}, terms=None, notes=(HOSTILE,)),
        memory=replace(
            report.memory,
            flash=replace(
                region, symbols=(replace(region.symbols[0], name=HOSTILE + "' onload='x"), *region.symbols)
            ),
        ),
        exactness=replace(report.exactness, reference=HOSTILE, first_difference=first),
        manifest=replace(report.manifest, command=HOSTILE, hashes={HOSTILE: HOSTILE}),
    )
    parsed = Page(render_html(hostile))
    assert len(parsed.scripts) == 1
    assert "alert" not in parsed.scripts[0]
    assert parsed.text.count(HOSTILE) >= 8
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)
