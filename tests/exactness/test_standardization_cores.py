"""Standardization on every emulated core and on the host: long sequences, state and all, as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from frontend_probe import standardize
from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.frontend import Descriptor, FrontendSpec, sources
from sertool.standardization import Running, Speaker, Standardizer

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


def fitted(features: int, running: Running) -> Standardizer:
    random = np.random.default_rng(6)
    spread = 10.0 ** random.uniform(0, 5, features)
    speakers, labels = np.arange(50) % 5, np.arange(50) // 5 % 3
    shifted = random.normal(0, 1, (50, features)) + random.normal(0, 1, (3, features))[labels]
    return Standardizer.fit(
        (spread * shifted).astype(np.int32), running=running, speakers=list(speakers), labels=list(labels)
    )


@pytest.mark.parametrize("running", [Running(), Running(1, 1), Running(255, 255)])
@pytest.mark.parametrize("core", EMULATED)
def test_a_core_hears_a_sequence_as_numpy_does(core: str, running: Running) -> None:
    features = SPEC.features
    standardizer, heard = fitted(features, running), sequence(features)
    known = Speaker.unknown(features)
    expected = standardizer.follow(heard, known)
    tree = {**sources(SPEC), **standardizer.sources(), "state.c": _STATE}
    with CortexM(bare_elf("standardizer", tree, core), core, counting=False) as emulated:
        speaker = emulated.address("speaker")
        given, inputs = emulated.buffer(4 * features), emulated.buffer(features)
        for number, utterance in enumerate(heard):
            emulated.write(given, utterance)
            emulated.call("ser_standardize", speaker, given, inputs)
            emulated.call("ser_follow", speaker, given)
            found = emulated.read(inputs, np.int8, features)
            assert np.array_equal(found, expected[number]), number
        assert emulated.read(speaker, np.uint16, 1).tolist() == [known.heard]
        assert emulated.read(speaker + 2, np.int16, 1).tolist() == [known.above]
        assert np.array_equal(emulated.read(speaker + 4, np.int16, features), known.means)
        assert emulated.read(emulated.address("speaker_bytes"), np.uint32, 1).tolist() == [4 + 2 * features]


@pytest.mark.parametrize("running", [Running(), Running(1, 1), Running(255, 255)])
def test_the_host_hears_a_sequence_as_numpy_does(running: Running) -> None:
    standardizer, heard = fitted(SPEC.features, running), sequence(SPEC.features)
    assert np.array_equal(standardize(standardizer, SPEC, heard), standardizer.follow(heard))
