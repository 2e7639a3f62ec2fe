"""The numbers that an answer is judged by: some for every network, and two that are chosen for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sertool.compilers import SourceTree, runtime_sources
from sertool.frontend import FrontendSpec
from sertool.plain_values import Between
from sertool.rendering import render

#: Bits of the loudest sample, its sign included: with 8 it lies 48 dB below full scale. The quietest clip of
#: EMODB, RAVDESS, SAVEE and TESS has 9.
LEAST_BITS = 9
#: Bits by which the loudest hop is louder than the quietest where somebody speaks: in those corpora 2 to 15.
#: Steady noise and tones have 0 or 1.
MOVING_BITS = 2
#: One frame in so many is voiced where somebody speaks; in those corpora one in 1.0 to 3.7.
VOICED_PART = 8
#: One sample in so many may lie at the ends of its range. Many of SAVEE's clips are clipped; of two more do.
CLIPPED_PART = 32
_LEAST_SECONDS = 0.25

#: What is like training lies no farther than twice the distance that so many of 100 training clips are within.
_WITHIN, _TIMES = 99, 2


@dataclass(frozen=True)
class Rule:
    """What is chosen for a network: what its answers need to be sure.

    The `least` probability, in 256ths, and the `farthest` sum of squares of the network's input: what is beyond
    is unlike training. Without a choice no label is too improbable, and nothing unlike training.
    """

    least: Annotated[int, Between(0, 256)] = 0
    farthest: Annotated[int, Between(0, 2**31 - 1)] = 2**31 - 1


#: The rule of networks for which nothing was chosen.
UNCHOSEN = Rule()


def choose(training: NDArray[np.int8], confidences: NDArray[np.int64], coverage: int) -> Rule:
    """Choose the rule of a network that read int8 `training` inputs (clips, features).

    `confidences` (clips,) are the probabilities, in 256ths, of its answers to clips that it has not seen: it is
    sure of the most probable, `coverage` of 100, and of those that are as probable as the last of them.
    """
    first = np.sort(confidences)[::-1]
    least = int(first[math.ceil(len(first) * coverage / 100) - 1])
    near = np.sort(distances(training))[math.ceil(len(training) * _WITHIN / 100) - 1]
    return Rule(least, _TIMES * int(near))


def distances(inputs: NDArray[np.int8]) -> NDArray[np.int64]:
    """Sum of squares of int8 inputs (clips, features): how far each is from the training set's mean."""
    return np.asarray(np.square(inputs.astype(np.int64)).sum(axis=1))


def least_frames(spec: FrontendSpec) -> int:
    """Frames that must count for an utterance to be long enough: a quarter of a second."""
    return max(2, round(_LEAST_SECONDS * spec.sample_rate / spec.hop_length))


def sources(rule: Rule, spec: FrontendSpec) -> SourceTree:
    """Source tree of `ser_doubts.h`: its C file, and the numbers that are rendered."""
    limits: Mapping[str, int] = {
        "least_bits": LEAST_BITS,
        "moving_bits": MOVING_BITS,
        "voiced_part": VOICED_PART,
        "clipped_part": CLIPPED_PART,
        "least_frames": least_frames(spec),
    }
    config = render("project/ser_answer_config.h.in", rule=rule, limits=limits)
    return {**runtime_sources("answers"), "generated/ser_answer_config.h": config}
