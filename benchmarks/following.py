"""What following the speaker gives and takes: benchmarks/following.json.

    SERTOOL_CORPORA=... python benchmarks/following.py

Accuracy by speaker of kernel ridge regression on the integers that a network reads, in per cent: following
nobody, taking means off whatever was heard (`always`), and as far as they are trusted. Instructions of an
utterance, executed and not cycles, are counted on emulated cores. What cannot be measured here stays in the
file as it was.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from keeping import attempt, standing
from numpy.typing import NDArray

from sertool import corpora
from sertool.cores import EMULATED
from sertool.engines.cortex_m import CortexM, bare_elf
from sertool.files import write_atomic
from sertool.frontend import preset, sources
from sertool.material import Material, clip_features, join
from sertool.material.following import NEUTRAL
from sertool.material.turns import turns
from sertool.standardization import STANDARDIZATIONS, Speaker, Standardizer

CORPORA = ("emodb", "savee", "ravdess", "tess")
PRESETS = ("prosody", "moments")
WAYS = ("fixed", "always", "running")
#: Neutral utterances that come first.
NEUTRALS = (20, 100)
STATE = """\
#include "ser_standardizer.h"
extern struct ser_speaker speaker;
struct ser_speaker speaker;
"""

Answer = Callable[[NDArray[np.int8]], NDArray[np.int64]]


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
    rows: dict[str, Any] = {"clips": len(corpus.clips)}
    for front_end in PRESETS:
        spec = preset(front_end)
        features = clip_features(corpus, spec)
        for way in WAYS:
            right: dict[str, list[bool]] = {}
            for fold in range(corpora.folds(corpus, "speaker")):
                split = corpora.split(corpus, "speaker", fold=fold)
                made = join(corpus, split, spec, features, "fixed" if way == "fixed" else "running")
                if way == "always":
                    variety = dataclasses.replace(made.standardizer.variety, low=0, high=1)
                    follower = dataclasses.replace(made.standardizer, variety=variety)
                    made = dataclasses.replace(made, standardizer=follower)
                for key, found in _heard(made, _learn(made)).items():
                    right.setdefault(key, []).extend(found)
            shares = {key: round(100 * float(np.mean(found)), 1) for key, found in right.items()}
            rows.setdefault(front_end, {})[way] = shares
            print(name, front_end, way, shares, flush=True)
    return rows


def _heard(made: Material, answer: Answer) -> dict[str, list[bool]]:
    """Which answers were right: to all clips, and after neutral utterances to all and to neutral ones."""
    follow, raw = made.standardizer.follow, made.raw["test"]
    truth = made.examples("test").labels
    neutral = truth == made.labels.index(NEUTRAL)
    right: dict[str, list[bool]] = {}
    for rows in turns(made.split.test, made.split.seed).values():
        right.setdefault("all", []).extend((answer(follow(raw[rows])) == truth[rows]).tolist())
        for first in NEUTRALS:
            known = Speaker.unknown(made.spec.features)
            follow(raw[np.resize(rows[neutral[rows]], first)], known)
            alone = np.concatenate([follow(raw[row : row + 1], known.copy()) for row in rows])
            found = answer(alone) == truth[rows]
            right.setdefault(f"all after {first}", []).extend(found.tolist())
            right.setdefault(f"neutral after {first}", []).extend(found[neutral[rows]].tolist())
    return right


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
    """Instructions of standardizing and counting an utterance, bytes of state, code and tables."""
    return {
        front_end: {way: _count(front_end, way) for way in STANDARDIZATIONS}
        for front_end in ("moments", "prosody")
    }


def _count(front_end: str, way: str) -> dict[str, Any]:
    spec = preset(front_end)
    drawn = np.random.default_rng(0).integers(-(2**20), 2**20, (8, spec.features)).astype(np.int32)
    speakers, labels = ["a"] * 8, ["b", "c"] * 4
    standardizer = Standardizer.fit(drawn, following=STANDARDIZATIONS[way], speakers=speakers, labels=labels)
    tree = {**sources(spec), **standardizer.sources(), "state.c": STATE}
    row: dict[str, Any] = {"instructions": {}}
    for core in EMULATED:
        with CortexM(bare_elf("standardizer", tree, core), core) as emulated:
            speaker, features = emulated.address("speaker"), emulated.buffer(drawn[0])
            inputs = emulated.buffer(spec.features)
            done = 0
            for function, arguments in (
                ("ser_standardize", (speaker, features, inputs)),
                ("ser_follow", (speaker, features)),
            ):
                emulated.call(function, *arguments)
                done += emulated.instructions
            row["instructions"][core] = done
            tables = [name for name in emulated.symbols if name.startswith("ser_standardizer_")]
            row["state_bytes"] = emulated.symbol("speaker").size
            row["table_bytes"] = sum(emulated.symbol(name).size for name in tables)
            row.setdefault("code_bytes", {})[core] = sum(
                emulated.symbol(name).size for name in ("ser_standardize", "ser_follow")
            )
    return row


if __name__ == "__main__":
    main()
