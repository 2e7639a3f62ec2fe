"""A checkpoint's folder gives back the model that went in, or is refused in one error."""

from __future__ import annotations

import dataclasses
import json
import lzma
import random
from pathlib import Path

import pytest

from checkpoint_examples import example
from networks import network
from sertool import checkpoints, tflite
from sertool.checkpoints.card import render_card
from sertool.checkpoints.checkpoint import seal_of
from sertool.checkpoints.storing import CARD, MODEL, RECORD, read
from sertool.errors import SertoolError
from sertool.frontend import Descriptor, FrontendSpec
from sertool.graph.build import network as classifier_of
from sertool.json_files import json_text
from sertool.locations import builtin_checkpoints
from sertool.project import Project
from sertool.stages.built_model import model_of
from sertool.stages.checkpoint import network_of
from sertool.stages.features import golden_crc32
from sertool.standardization import INPUT, Standardizer

MOST_BYTES = 24 * 1024


@pytest.fixture(scope="module")
def data() -> bytes:
    """A model.tflite of random integers."""
    import numpy as np

    spec = FrontendSpec(descriptors=(Descriptor("log_mel", 16),))
    drawn = network((spec.features, 12, 3), ("1", "4"))
    first = dataclasses.replace(drawn.weighted[0], input_quantization=INPUT)
    graph = classifier_of((first, *drawn.layers[1:]), drawn.labels)
    raw = np.random.default_rng(0).integers(-(2**20), 2**20, (50, spec.features)).astype(np.int32)
    return tflite.write(
        graph,
        {
            "frontend": spec.to_dict(),
            "standardizer": Standardizer.fit(raw).to_dict(),
            "golden_crc32": golden_crc32(spec),
        },
    )


def test_what_went_in_comes_out(tmp_path: Path, data: bytes) -> None:
    written = example(tmp_path / "mine", data)
    found, model = checkpoints.load(f"{tmp_path}/mine")
    assert (found, model) == (written, data)
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [CARD, RECORD, MODEL]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path, data: bytes) -> None:
    for name in ("a", "b"):
        example(tmp_path / name, data)
    for name in (CARD, RECORD, MODEL):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_every_flipped_byte_of_the_model_and_every_cut_is_refused(tmp_path: Path, data: bytes) -> None:
    example(tmp_path, data)
    whole = (tmp_path / MODEL).read_bytes()
    for at in range(len(whole)):
        (tmp_path / MODEL).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(SertoolError, match=r"is not the one that checkpoint\.json speaks of"):
            read(tmp_path)
    for damaged in (b"", whole[:-1], whole + b"\0", whole + whole):
        (tmp_path / MODEL).write_bytes(damaged)
        with pytest.raises(SertoolError, match=r"is not the one that checkpoint\.json speaks of"):
            read(tmp_path)


def test_every_changed_digit_of_a_figure_breaks_the_seal(tmp_path: Path, data: bytes) -> None:
    example(tmp_path, data)
    text = (tmp_path / RECORD).read_text()
    drawn = random.Random(0)
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    for at in drawn.sample(places, 60):
        (tmp_path / RECORD).write_text(f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}")
        with pytest.raises(SertoolError):
            read(tmp_path)
    (tmp_path / RECORD).write_text(text.replace('"mean": 0.5', '"mean": 0.9'))
    with pytest.raises(SertoolError, match="was changed after it was sealed") as caught:
        read(tmp_path)
    assert caught.value.where == str(tmp_path / RECORD)


def test_a_seal_holds_where_later_versions_have_more_settings(tmp_path: Path, data: bytes) -> None:
    example(tmp_path, data)
    said = json.loads((tmp_path / RECORD).read_text())
    del said["settings"]["training"]["mixup"]
    (tmp_path / RECORD).write_text(json.dumps({**said, "seal": seal_of(said)}))
    assert read(tmp_path)[0].settings.project.training.mixup == Project().training.mixup


@pytest.mark.parametrize("name", [RECORD, MODEL])
def test_a_missing_file_is_one_error(tmp_path: Path, data: bytes, name: str) -> None:
    example(tmp_path, data)
    (tmp_path / name).unlink()
    with pytest.raises(SertoolError, match="cannot read") as caught:
        read(tmp_path)
    assert caught.value.where == str(tmp_path / name)


def forged(folder: Path, packed: bytes, **values: object) -> None:
    """Seal a checkpoint anew with another model."""
    import hashlib

    found = read(folder)[0]
    values |= {"files": {MODEL: hashlib.sha256(packed).hexdigest()}}
    changed = dataclasses.replace(found, **values)  # type: ignore[arg-type]
    sealed = dataclasses.replace(changed, seal=changed.sealed)
    (folder / RECORD).write_text(json_text(sealed))
    (folder / MODEL).write_bytes(packed)


@pytest.mark.parametrize(
    ("packed", "what"),
    [
        (b"PK\3\4", "is damaged"),
        (lzma.compress(b"abc")[:-4], "it does not end"),
        (lzma.compress(b"abc") + b"more", "it does not end"),
        (lzma.compress(bytes(17 * 2**20)), "it does not end"),
        (lzma.compress(b"abc"), "is not the one that checkpoint.json speaks of"),
    ],
    ids=["no xz", "cut", "longer", "bomb", "another model"],
)
def test_a_foreign_model_behind_a_whole_seal_is_one_error(
    tmp_path: Path, data: bytes, packed: bytes, what: str
) -> None:
    example(tmp_path, data)
    forged(tmp_path, packed)
    with pytest.raises(SertoolError, match=what):
        read(tmp_path)


def test_a_name_that_no_folder_should_have_writes_nothing(tmp_path: Path, data: bytes) -> None:
    for name in ("../up", "", "A", "a b", "x" * 41):
        with pytest.raises(SertoolError, match="name"):
            example(tmp_path / "into", data, name)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    with pytest.raises(SertoolError, match="unknown checkpoint 'emobd'") as caught:
        checkpoints.load("emobd")
    assert "./mine" in str(caught.value.allowed)


def test_the_card_names_terms_and_figures_and_keeps_its_table(tmp_path: Path, data: bytes) -> None:
    card = render_card(example(tmp_path, data))
    assert "Not for commercial use: the recordings' terms (CC BY-NC-SA 4.0)" in card
    assert "| `speaker` | 2 folds, 1 seed | 50.0 % | none | 25.0 % |" in card.replace("\u00a0", " ")
    assert "Speech \\| of tests" in card


@pytest.mark.parametrize("name", checkpoints.names())
def test_what_ships_is_whole_small_and_runs_with_this_front_end(name: str) -> None:
    folder = builtin_checkpoints() / name
    found, data = checkpoints.load(name)
    assert found.name == name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= MOST_BYTES
    assert (folder / CARD).read_text(encoding="utf-8") == render_card(found)
    assert json.loads((folder / RECORD).read_text())["corpus"]["synthetic"] is False
    assert {each.protocol for each in found.evaluations} == {"random10", "speaker"}
    assert found.corpus.name == name
    assert found.corpus.terms is not None
    assert ("**Not for commercial use" in render_card(found)) == (name == "ravdess")
    assert network_of(model_of(data, folder)) == (found.labels, found.shape, found.plan)
