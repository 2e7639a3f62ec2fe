"""Standardization on every emulated core and on the host: long sequences, state and all, as numpy has them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import standardize
from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.frontend import Descriptor, FrontendSpec, sources
from sertool.standardization import Enrolled, Neutral, Running, Speaker, Standardizer
from sertool.standardization.speaker import FARTHEST

SPEC = FrontendSpec(descriptors=(Descriptor("log_mel", 16),))
UTTERANCES = 220
_STATE = """\
#include "ser_standardizer.h"
extern struct ser_speaker speaker;
struct ser_speaker speaker;
extern const unsigned speaker_bytes;
const unsigned speaker_bytes = sizeof speaker;
"""


def sequence(features: int) -> NDArray[np.int32]:
    """Speakers who take turns of 40, with silence, extremes and everything between."""
    random = np.random.default_rng(5)
    scale = 10.0 ** random.uniform(0, 5, features)
    turns = [
        random.normal(random.normal(0, 2, features), 1, (40, features)) for _ in range(UTTERANCES // 40 + 1)
    ]
    heard = (np.concatenate(turns)[:UTTERANCES] * scale).astype(np.int32)
    heard[50], heard[51], heard[52] = 0, 2**24 - 1, -(2**24) + 1
    heard[130], heard[131] = 2**31 - 1, -(2**31)
    return heard


def fitted(features: int, following: Running | Enrolled) -> Standardizer:
    random = np.random.default_rng(6)
    spread = 10.0 ** random.uniform(0, 5, features)
    speakers, labels = np.arange(50) % 5, np.arange(50) // 5 % 3
    shifted = random.normal(0, 1, (50, features)) + random.normal(0, 1, (3, features))[labels]
    return Standardizer.fit(
        (spread * shifted).astype(np.int32), following=following, speakers=list(speakers), labels=list(labels)
    )


def emulated(standardizer: Standardizer, core: str) -> CortexM:
    tree = {**sources(SPEC), **standardizer.sources(), "state.c": _STATE}
    return CortexM(bare_elf("standardizer", tree, core), core, counting=False)


def check_known(emulated: CortexM, known: Speaker) -> None:
    speaker = emulated.address("speaker")
    assert emulated.read(speaker, np.uint16, 1).tolist() == [known.heard]
    assert emulated.read(speaker + 2, np.int16, 1).tolist() == [known.above]
    assert np.array_equal(emulated.read(speaker + 4, np.int16, SPEC.features), known.means)
    assert emulated.read(emulated.address("speaker_bytes"), np.uint32, 1).tolist() == [4 + 2 * SPEC.features]


@pytest.mark.parametrize("running", [Running(), Running(1, 1), Running(255, 255)])
@pytest.mark.parametrize("core", EMULATED)
def test_a_core_hears_a_sequence_as_numpy_does(core: str, running: Running) -> None:
    features = SPEC.features
    standardizer, heard = fitted(features, running), sequence(features)
    known = Speaker.unknown(features)
    expected = standardizer.follow(heard, known)
    with emulated(standardizer, core) as cpu:
        speaker = cpu.address("speaker")
        given, inputs = cpu.buffer(4 * features), cpu.buffer(features)
        for number, utterance in enumerate(heard):
            cpu.write(given, utterance)
            cpu.call("ser_standardize", speaker, given, inputs)
            cpu.call("ser_follow", speaker, given)
            found = cpu.read(inputs, np.int8, features)
            assert np.array_equal(found, expected[number]), number
        check_known(cpu, known)


@pytest.mark.parametrize("running", [Running(), Running(1, 1), Running(255, 255)])
def test_the_host_hears_a_sequence_as_numpy_does(running: Running) -> None:
    standardizer, heard = fitted(SPEC.features, running), sequence(SPEC.features)
    assert np.array_equal(standardize(standardizer, SPEC, heard), standardizer.follow(heard))


def neutral(case: str) -> Standardizer:
    """Speakers who enrol: as fitted; priors that are the least or the largest, beside points at the ends."""
    standardizer = fitted(SPEC.features, Enrolled())
    assert standardizer.neutral is not None
    points, priors = standardizer.neutral.points, standardizer.neutral.priors
    found = {
        "fitted": standardizer.neutral,
        "least": Neutral(np.full_like(points, FARTHEST), np.full_like(priors, 1)),
        "largest": Neutral(np.full_like(points, -FARTHEST), np.full_like(priors, 255)),
    }[case]
    return dataclasses.replace(standardizer, neutral=found)


#: Each three are a speaker: of the sequence, its extremes among them.
ENROLLED = (0, 1, 2, 49, 50, 51, 52, 130, 131, 131, 131, 131, 130, 130, 130)


@pytest.mark.parametrize("case", ["fitted", "least", "largest"])
@pytest.mark.parametrize("core", EMULATED)
def test_a_core_lets_speakers_enrol_as_numpy_does(core: str, case: str) -> None:
    features = SPEC.features
    standardizer, heard = neutral(case), sequence(features)
    asked = heard[[3, 50, 51, 52, 130, 131, 160]]
    with emulated(standardizer, core) as cpu:
        speaker, given, inputs = cpu.address("speaker"), cpu.buffer(4 * features), cpu.buffer(features)
        for number, row in enumerate(ENROLLED):
            if number % 3 == 0:
                known = Speaker.unknown(features)
                cpu.write(speaker, bytes(4 + 2 * features))
            standardizer.enroll(heard[row : row + 1], known)
            cpu.write(given, heard[row])
            cpu.call("ser_follow", speaker, given)
            check_known(cpu, known)
            for utterance, expected in zip(asked, standardizer.follow(asked, known), strict=True):
                cpu.write(given, utterance)
                cpu.call("ser_standardize", speaker, given, inputs)
                assert np.array_equal(cpu.read(inputs, np.int8, features), expected)
            check_known(cpu, known)


@pytest.mark.parametrize("case", ["fitted", "least", "largest"])
def test_the_host_lets_speakers_enrol_as_numpy_does(case: str) -> None:
    standardizer, heard = neutral(case), sequence(SPEC.features)
    for start in range(0, len(ENROLLED), 3):
        rows = list(ENROLLED[start : start + 3])
        known, expected = Speaker.unknown(SPEC.features), []
        # `standardize` counts each utterance once it was heard: here, that enrols it.
        for utterance in heard[rows]:
            expected.append(standardizer.follow(utterance[np.newaxis], known)[0])
            standardizer.enroll(utterance[np.newaxis], known)
        assert np.array_equal(standardize(standardizer, SPEC, heard[rows]), expected)
