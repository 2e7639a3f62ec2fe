"""What following the speaker gives and takes: benchmarks/following.json.

    SERTOOL_CORPORA=... python benchmarks/following.py

Accuracy by speaker of kernel ridge regression on the integers that a network reads, in per cent: following
nobody, taking means off whatever was heard (`always`), and as far as they are trusted, by the number of the
utterance too, after a change of speaker that nobody told of, and after neutral utterances; and once speakers
have enrolled, with neutral utterances or, on the clips that are left then, with three of another emotion.
Instructions of an utterance and of an enrolment, executed and not cycles, are counted on emulated cores. What
cannot be measured here stays in the file as it was.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from keeping import attempt, standing
from kernels import network
from numpy.typing import NDArray

from sertool import corpora
from sertool.answers import Enrolment
from sertool.cores import EMULATED
from sertool.corpora import Clip, Corpus, Split
from sertool.corpora.emotions import NEUTRAL
from sertool.corpora.synthesis import perform
from sertool.engines.call_counts import count_calls
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.engines.emulator import EmulatorEngine
from sertool.errors import CheckFailed
from sertool.files import write_atomic
from sertool.frontend import FrontendSpec, preset, sources
from sertool.material import (
    Material,
    Occasions,
    Score,
    clip_features,
    enrolling,
    following,
    join,
    occasions,
    suitable,
)
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Speaker, Standardizer

CORPORA = ("emodb", "savee", "ravdess", "tess")
PRESETS = ("prosody", "moments")
#: Neutral utterances that come first.
NEUTRALS = (20, 100)
#: Utterances with which a speaker enrols at most.
MOST = 3
STATE = """\
#include "ser_standardizer.h"
extern struct ser_speaker speaker;
struct ser_speaker speaker;
"""

Answer = Callable[[NDArray[np.int8]], NDArray[np.int64]]
Features = Mapping[Clip, NDArray[np.int32]]
#: By occasion, whether each answer was right.
Right = dict[str, list[bool]]


def main() -> None:
    """Measure what can be measured here, and keep the rest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    result = standing(options.output, {"accuracy": {}, "cores": {}})
    for name in CORPORA:
        if (found := attempt(name, functools.partial(measure, name))) is not None:
            result["accuracy"][name] = found
            write_atomic(options.output, json.dumps(result, indent=2) + "\n")
    if (counted := attempt("cores", count)) is not None:
        result["cores"] = counted
    write_atomic(options.output, json.dumps(result, indent=2) + "\n")


def measure(name: str) -> dict[str, Any]:
    """Accuracies on one corpus, by front end and way of standardization."""
    corpus = corpora.load(name)
    splits = [corpora.split(corpus, "speaker", fold=fold) for fold in range(corpora.folds(corpus, "speaker"))]
    rows: dict[str, Any] = {"clips": len(corpus.clips)}
    for front_end in PRESETS:
        spec = preset(front_end)
        features = clip_features(corpus, spec)
        rows[front_end] = _followed(corpus, splits, spec, features) | {
            "enrolled": _enrolled(corpus, splits, spec, features)
        }
        print(name, front_end, rows[front_end], flush=True)
    return rows


def _followed(
    corpus: Corpus, splits: Sequence[Split], spec: FrontendSpec, features: Features
) -> dict[str, Any]:
    right: dict[str, Right] = {}
    for split in splits:
        fixed, running = (join(corpus, split, spec, features, way) for way in ("fixed", "running"))
        always = dataclasses.replace(running, standardizer=_trusting(running.standardizer))
        for way, made in (("fixed", fixed), ("always", always), ("running", running)):
            _add(right.setdefault(way, {}), _heard(made, _learn(made)))
    return {way: _shares(found) for way, found in right.items()}


def _trusting(standardizer: Standardizer) -> Standardizer:
    """One that takes means off whatever was heard."""
    assert standardizer.variety is not None
    return dataclasses.replace(standardizer, variety=dataclasses.replace(standardizer.variety, low=0, high=1))


def _heard(made: Material, answer: Answer) -> Right:
    """Which answers were right: to all clips, by the number of the utterance, and after neutral utterances."""
    follow, raw = made.standardizer.follow, made.raw["test"]
    inputs, truth = (getattr(made.examples("test"), name) for name in ("features", "labels"))
    neutral = truth == made.labels.index(NEUTRAL)
    own = answer(inputs)
    right = {"all": (own == truth).tolist()}
    met = occasions(made) if made.standardizer.following else Occasions((), (), inputs[:0])
    found = following(made, met, own, answer(met.inputs))
    right |= {f"from {score.first}": _flags(score) for score in found.heard}
    right |= {f"changed, from {score.first}": _flags(score) for score in found.changed}
    for rows in turns(made.split.test, made.split.seed).values():
        for first in NEUTRALS:
            known = Speaker.unknown(made.spec.features)
            follow(raw[np.resize(rows[neutral[rows]], first)], known)
            alone = np.concatenate([follow(raw[row : row + 1], known.copy()) for row in rows])
            after = answer(alone) == truth[rows]
            right.setdefault(f"all after {first}", []).extend(after.tolist())
            right.setdefault(f"neutral after {first}", []).extend(after[neutral[rows]].tolist())
    return right


def _enrolled(
    corpus: Corpus, splits: Sequence[Split], spec: FrontendSpec, features: Features
) -> dict[str, Any]:
    """After so many neutral utterances, and after as many as count of each other emotion, on the clips left."""
    suits, right = suitable(spec), dict[str, Right]()
    for plain in splits:
        split = enrolling(plain, "enrolled", suits)
        fixed, made = (join(corpus, split, spec, features, way) for way in ("fixed", "enrolled"))
        truth, raw, answer = made.examples("test").labels, made.raw["test"], _learn(made)
        stranger = _learn(fixed)(fixed.examples("test").features) == truth
        met = occasions(made)
        found = following(made, met, answer(made.examples("test").features), answer(met.inputs))
        _add(right.setdefault(NEUTRAL, {}), {"fixed": stranger.tolist()})
        _add(right[NEUTRAL], {str(score.first): _flags(score) for score in found.enrolled})
        for emotion in made.labels:
            for rows in turns(split.test, split.seed).values() if emotion != NEUTRAL else ():
                said = [row for row in rows if split.test[row].emotion == emotion and suits(split.test[row])]
                known = Speaker.unknown(spec.features)
                made.standardizer.enroll(raw[said[:MOST]], known)
                left = np.setdiff1d(rows, said[:MOST])
                after = answer(made.standardizer.follow(raw[left], known)) == truth[left]
                told = {"fixed": stranger[left].tolist(), "enrolled": after.tolist()}
                _add(right.setdefault(emotion, {}), told)
    clips = {emotion: {"clips": len(found["fixed"])} for emotion, found in right.items()}
    return {emotion: clips[emotion] | _shares(found) for emotion, found in right.items()}


def _flags(score: Score) -> list[bool]:
    return [True] * score.right + [False] * (score.count - score.right)


def _add(right: Right, found: Right) -> None:
    for key, flags in found.items():
        right.setdefault(key, []).extend(flags)


def _shares(right: Right) -> dict[str, float]:
    """Per cent."""
    return {key: round(100 * float(np.mean(found)), 1) for key, found in right.items()}


def _learn(made: Material) -> Answer:
    """Kernel ridge regression with a Gaussian kernel, on both parts that are not tested."""
    parts = [made.examples(part) for part in ("train", "validation")]
    inputs = np.concatenate([part.features for part in parts]).astype(np.float32) / 32
    labels = np.concatenate([part.labels for part in parts])
    targets = np.eye(len(made.labels), dtype=np.float32)[labels]
    gamma, mean = 0.5 / inputs.shape[1], targets.mean(axis=0)

    def kernel(others: NDArray[np.float32]) -> NDArray[np.float32]:
        squares = (others**2).sum(axis=1)[:, np.newaxis] + (inputs**2).sum(axis=1)
        return np.asarray(np.exp(-gamma * np.maximum(squares - 2 * others @ inputs.T, 0)), np.float32)

    ridge = np.float32(len(inputs) / 1000) * np.eye(len(inputs), dtype=np.float32)
    weights = np.linalg.solve(kernel(inputs) + ridge, targets - mean)
    return lambda heard: np.asarray((kernel(heard.astype(np.float32) / 32) @ weights + mean).argmax(axis=1))


def count() -> dict[str, Any]:
    """Instructions of an utterance and of an enrolment; bytes of state, code and tables."""
    return {front_end: {way: _count(front_end, way) for way in STANDARDIZATIONS} for front_end in PRESETS}


def _count(front_end: str, way: str) -> dict[str, Any]:
    spec = preset(front_end)
    drawn = np.random.default_rng(0).integers(-(2**20), 2**20, (8, spec.features)).astype(np.int32)
    speakers, labels = ["a"] * 8, ["b", "c"] * 4
    standardizer = Standardizer.fit(drawn, following=STANDARDIZATIONS[way], speakers=speakers, labels=labels)
    tree = {**sources(spec), **standardizer.sources(), "state.c": STATE}
    enrols = standardizer.enrolled is not None
    # Who enrols is not followed by what is heard.
    functions = ("ser_standardize",) if enrols else ("ser_standardize", "ser_follow")
    row: dict[str, Any] = {"instructions": {}, "code_bytes": {}}
    for core in EMULATED:
        with CortexM(bare_elf("standardizer", tree, core), core) as emulated:
            speaker, features = emulated.address("speaker"), emulated.buffer(drawn[0])
            arguments = {
                "ser_standardize": (speaker, features, emulated.buffer(spec.features)),
                "ser_follow": (speaker, features),
            }
            done = 0
            for function in functions:
                emulated.call(function, *arguments[function])
                done += emulated.instructions
            row["instructions"][core] = done
            row["code_bytes"][core] = sum(emulated.symbol(name).size for name in arguments)
            tables = [name for name in emulated.symbols if name.startswith("ser_standardizer_")]
            row["state_bytes"] = emulated.symbol("speaker").size
            row["table_bytes"] = sum(emulated.symbol(name).size for name in tables)
        if enrols:
            instructions, size = _enrolment(spec, standardizer, core)
            row.setdefault("enrolment_instructions", {})[core] = instructions
            row["code_bytes"][core] += size
    return row


def _enrolment(spec: FrontendSpec, standardizer: Standardizer, core: str) -> tuple[int, int]:
    """Instructions of an utterance that enrols its speaker, and bytes of that function."""
    graph, voice = network((spec.features, 4), ("8",)), perform("neutral", 1, 7)
    with EmulatorEngine(graph, spec, standardizer, core) as engine:
        engine.classify(voice)
        if (became := engine.enroll()) is not Enrolment.ENROLLED:
            raise CheckFailed(f"the utterance does not enrol: {became.name}", where=core)
        counts = count_calls(engine.elf, core, voice, spec.hop_length, spec.features)
        with CortexM(engine.elf, core, counting=False) as emulated:
            return counts["ser_enroll"], emulated.symbol("ser_enroll").size


if __name__ == "__main__":
    main()
