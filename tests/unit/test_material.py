"""A split, its features and a standardization, joined: who is heard when, and what changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sertool import corpora
from sertool.corpora.clips import UNKNOWN
from sertool.errors import SertoolError
from sertool.frontend import preset
from sertool.material import PROTOCOLS, Material, enrolling, join
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS

SPEC = preset("laq180")
LABELS = ("anger", "neutral", "sadness")
PARTS = (slice(0, 36), slice(36, 42), slice(42, 54))


def clips(speakers: tuple[str, ...] = ("ann", "bob", "cy")) -> tuple[corpora.Clip, ...]:
    def clip(index: int) -> corpora.Clip:
        speaker = speakers[index // 2 % len(speakers)]
        return corpora.Clip(Path(f"/toy/{index:02}.wav"), speaker, LABELS[index % 3], "toy")

    return tuple(map(clip, range(54)))


def heard(clips: tuple[corpora.Clip, ...]) -> dict[corpora.Clip, NDArray[np.int32]]:
    random = np.random.default_rng(0)
    return {clip: random.integers(-9000, 9000, SPEC.features).astype(np.int32) for clip in clips}


def material(
    standardization: str, found: tuple[corpora.Clip, ...], features: dict[corpora.Clip, NDArray[np.int32]]
) -> Material:
    corpus = corpora.Corpus("toy", Path("/toy"), found)
    digests = {clip: clip.path.name for clip in found}
    split = corpora.Split("toy", "random10", 3, 0, *(found[part] for part in PARTS), Path("/toy"), digests)
    return join(corpus, enrolling(split, standardization, lambda clip: True), SPEC, features, standardization)


def test_each_speaker_is_heard_alone_in_an_order_of_the_seed() -> None:
    found = clips()
    order = turns(found, 3)
    assert sorted(order) == ["ann", "bob", "cy"]
    assert sorted(np.concatenate(list(order.values())).tolist()) == list(range(54))
    assert all(found[row].speaker == speaker for speaker, rows in order.items() for row in rows)
    assert {speaker: rows.tolist() for speaker, rows in turns(found, 3).items()} == {
        speaker: rows.tolist() for speaker, rows in order.items()
    }
    assert turns(found, 4)["ann"].tolist() != order["ann"].tolist()


def test_whoever_else_speaks_changes_nobodys_order() -> None:
    found = clips()
    alone = [clip for clip in found if clip.speaker == "bob"]
    among = [found[row] for row in turns(found, 5)["bob"]]
    assert [alone[row] for row in turns(alone, 5)["bob"]] == among


def test_rows_stay_in_the_order_of_the_split() -> None:
    found, features = clips(), heard(clips())
    made = material("running", found, features)
    plain = material("fixed", found, features)
    for part in ("train", "validation", "test"):
        assert made.examples(part).labels.tolist() == plain.examples(part).labels.tolist()
    rows = turns(made.split.test, 3)["bob"]
    expected = made.standardizer.follow(made.raw["test"][rows])
    assert np.array_equal(made.examples("test").features[rows], expected)


def test_no_part_and_no_other_speaker_is_heard_before() -> None:
    found, features = clips(), heard(clips())
    base = material("running", found, features).case()
    others = {clip: features[clip] * (1 if clip.speaker == "bob" else 5) for clip in found[PARTS[2]]}
    again = material("running", found, features | others).case()
    bob = [row for row, clip in enumerate(found[PARTS[2]]) if clip.speaker == "bob"]
    assert np.array_equal(base.data.train.features, again.data.train.features)
    assert np.array_equal(base.data.validation.features, again.data.validation.features)
    assert np.array_equal(base.test.features[bob], again.test.features[bob])
    assert (base.test.features != again.test.features).any()


def test_whom_nobody_names_nobody_follows() -> None:
    found = clips(("ann", UNKNOWN))
    with pytest.raises(SertoolError, match="nobody says who speaks"):
        material("running", found, heard(found))
    material("fixed", found, heard(found))


def test_protocols_name_splits_and_standardizations_that_there_are() -> None:
    for protocol in PROTOCOLS.values():
        assert protocol.split in corpora.PROTOCOLS
        assert protocol.standardization in STANDARDIZATIONS
    for follows in ("running", "enrolled"):
        assert PROTOCOLS[f"speaker-{follows}"].split == PROTOCOLS["speaker"].split
    assert PROTOCOLS.keys() == {"random10", "speaker", "speaker-running", "speaker-enrolled", "own"}
