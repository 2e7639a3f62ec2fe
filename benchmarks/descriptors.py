"""What presets and their parts earn and cost, beside openSMILE's feature sets: benchmarks/descriptors.json.

    SERTOOL_CORPORA=... python benchmarks/descriptors.py

One classifier for all, with fixed settings: kernel ridge (scikit-learn) on the int8 inputs that a network
would get, trained on the train and validation parts together. `speaker`: every fold, clips counted together;
`random10`: ten seeds. openSMILE's sets, from an environment of its own, are standardized alike, in floating
point. Instructions are counted on emulated cores. What cannot be measured here stays in the file as it was.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import functools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from frontend import CORPORA, count
from keeping import attempt, left_as_it_is, standing
from numpy.typing import NDArray

from sertool import corpora
from sertool.compilers import compiler_version, cross_tool, run_tool
from sertool.corpora import Corpus, Split
from sertool.files import write_atomic
from sertool.frontend import FrontendSpec, preset
from sertool.frontend.functionals import FUNCTIONALS
from sertool.frontend.presets import PRESETS
from sertool.locations import cache_folder
from sertool.material import PROTOCOLS, clip_features, join

SEEDS = {"speaker": range(1), "speaker-running": range(1), "random10": range(10)}
CORES = ("cortex-m4", "cortex-m0")
#: What is left out of this preset, to see what it earns.
WHOLE = "prosody"
GROUPS = {
    "loudness": ("level", "loudness", "rasta_loudness"),
    "bands and cepstrum": ("log_mel13", "mfcc40"),
    "shape of the spectrum": (
        "zero_crossings", "sharpness", "flux", "slope", "bands", "centroid", "rolloff", "spectral_entropy",
        "spectral_peaks",
    ),
    "voice": ("f0", "voicing", "harmonicity"),
}  # fmt: skip
PEERS = ("eGeMAPSv02", "ComParE_2016")
OPENSMILE = "2.6.0"
#: One step of an input is a 32nd of the training set's deviation.
STEP = 2.0**-5
REGULARIZATION, WIDTH = 3e-4, 0.5

Inputs = NDArray[np.int8]
Labels = NDArray[np.int64]
Fold = tuple[Inputs, Labels, Inputs, Labels]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    result = standing(options.output, {"accuracy": {}})
    for name in CORPORA:
        root = Path(os.environ.get("SERTOOL_CORPORA", "")) / name
        if "SERTOOL_CORPORA" not in os.environ or not root.is_dir():
            left_as_it_is(name, "no such corpus below SERTOOL_CORPORA")
            continue
        corpus = corpora.load(root)
        rows = result["accuracy"].setdefault(name, {})
        for what, row in accuracies(corpus):
            rows[what] = row
            write_atomic(options.output, json.dumps(result, indent=2) + "\n")
            print(name, what, row, flush=True)
    result |= attempt("costs", costs) or {}
    write_atomic(options.output, json.dumps(result, indent=2) + "\n")


def accuracies(corpus: Corpus) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each set of features, by name, and its weighted accuracies in percent by protocol."""
    for name, spec in PRESETS.items():
        features = clip_features(corpus, spec)
        kept = {name: np.ones(spec.features, np.bool_)}
        if name == WHOLE:
            kept |= {f"{name} without {part}": rest for part, rest in left_out(spec).items()}
        for what, columns in kept.items():
            folds = functools.partial(integer_folds, corpus, spec, features, columns)
            yield what, scores(int(columns.sum()), folds, SEEDS)
    plain = {name: seeds for name, seeds in SEEDS.items() if PROTOCOLS[name].standardization == "fixed"}
    for name in PEERS:
        found = attempt(f"{name} of {corpus.name}", functools.partial(opensmile_features, corpus, name))
        if found is not None:
            yield name, scores(found.shape[1], functools.partial(real_folds, corpus, found), plain)


def scores(
    features: int, folds: Callable[[str, int], Iterator[Fold]], seeds: Mapping[str, range]
) -> dict[str, Any]:
    row: dict[str, Any] = {"features": features}
    for protocol, each in seeds.items():
        right = np.concatenate([heard(*fold) for seed in each for fold in folds(protocol, seed)])
        row[protocol] = round(100 * float(right.mean()), 1)
    return row


def heard(inputs: Inputs, labels: Labels, tested: Inputs, wanted: Labels) -> NDArray[np.bool_]:
    """Which test clips a kernel ridge hears right; rare classes weigh more, by the root of their rarity."""
    from sklearn.kernel_ridge import KernelRidge

    classes = int(labels.max()) + 1
    counts = np.bincount(labels, minlength=classes)
    weights = np.sqrt(counts.mean() / counts[labels])
    ridge = KernelRidge(
        alpha=REGULARIZATION * len(labels), kernel="rbf", gamma=WIDTH * STEP**2 / inputs.shape[1]
    )
    targets = np.eye(classes)[labels]
    ridge.fit(inputs.astype(np.float64), targets - targets.mean(axis=0), sample_weight=weights)
    said = ridge.predict(tested.astype(np.float64)) + targets.mean(axis=0)
    return np.asarray(said.argmax(axis=1) == wanted)


def splits(corpus: Corpus, protocol: str, seed: int) -> Iterator[Split]:
    name = PROTOCOLS[protocol].split
    for fold in range(corpora.folds(corpus, name)):
        yield corpora.split(corpus, name, seed=seed, fold=fold)


def integer_folds(
    corpus: Corpus,
    spec: FrontendSpec,
    features: Mapping[Any, NDArray[np.int32]],
    kept: NDArray[np.bool_],
    protocol: str,
    seed: int,
) -> Iterator[Fold]:
    """What a network would be given."""
    for split in splits(corpus, protocol, seed):
        material = join(corpus, split, spec, features, PROTOCOLS[protocol].standardization)
        parts = [material.examples(part) for part in ("train", "validation", "test")]
        train, validation, test = ((part.features[:, kept], part.labels) for part in parts)
        yield (*(np.concatenate(both) for both in zip(train, validation, strict=True)), *test)


def real_folds(corpus: Corpus, features: NDArray[np.float64], protocol: str, seed: int) -> Iterator[Fold]:
    """Other features, float64 (clips, features), standardized by the training part."""
    rows = {clip: row for row, clip in enumerate(corpus.clips)}
    labels = np.array([corpus.emotions.index(clip.emotion) for clip in corpus.clips], np.int64)
    for split in splits(corpus, protocol, seed):
        train, validation, test = ([rows[clip] for clip in split.parts[name]] for name in split.parts)
        mean, deviation = features[train].mean(axis=0), features[train].std(axis=0)
        varying = deviation > 0
        steps = (features - mean)[:, varying] / (deviation[varying] * STEP)
        inputs = np.clip(np.round(steps), -128, 127).astype(np.int8)
        known = [*train, *validation]
        yield inputs[known], labels[known], inputs[test], labels[test]


def left_out(spec: FrontendSpec) -> dict[str, NDArray[np.bool_]]:
    """Which features stay without each group of descriptors, and without each functional."""
    places = [
        (functional, descriptor.kind)
        for functional, descriptor in spec.summaries
        for _ in range(FUNCTIONALS[functional].features(descriptor.size))
    ]
    kept = {
        name: np.array([descriptor not in group for _, descriptor in places]) for name, group in GROUPS.items()
    }
    functionals = dict.fromkeys(functional for functional, _ in places)
    return kept | {name: np.array([functional != name for functional, _ in places]) for name in functionals}


def opensmile_features(corpus: Corpus, name: str) -> NDArray[np.float64]:
    """Features of every clip, kept in the user's cache. Raises SertoolError where openSMILE cannot be had."""
    folder = cache_folder("opensmile")
    place = folder / f"{corpus.name}-{name}-{OPENSMILE}.npy"
    if not place.exists():
        python = opensmile_environment(folder / OPENSMILE)
        with tempfile.TemporaryDirectory() as stage:
            sounds, found = Path(stage) / "sounds.npz", Path(stage) / "features.npy"
            np.savez(sounds, *(corpora.read_pcm(clip.path, 16000).samples for clip in corpus.clips))
            run_tool(
                [python, Path(__file__).with_name("opensmile_extraction.py"), name, sounds, found], Path(stage)
            )
            write_atomic(place, found.read_bytes())
    return np.asarray(np.load(place), np.float64)


def opensmile_environment(folder: Path) -> Path:
    """The Python of an environment with openSMILE alone, which wants another numpy than TensorFlow."""
    if not (folder / "done").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        run_tool([sys.executable, "-m", "venv", "--clear", folder], folder.parent)
        run_tool(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"opensmile=={OPENSMILE}"], folder
        )
        write_atomic(folder / "done", "")
    return folder / "bin" / "python"


def costs() -> dict[str, Any]:
    """Instructions and bytes of each preset, and of the whole one without each group; the compiler."""
    rows = {name: {core: count(spec, core) for core in CORES} for name, spec in PRESETS.items()}
    for name, group in GROUPS.items():
        rows[f"{WHOLE} without {name}"] = {core: count(without(preset(WHOLE), group), core) for core in CORES}
    return {"costs": rows, "compiler": compiler_version(cross_tool("gcc"))}


def without(spec: FrontendSpec, group: tuple[str, ...]) -> FrontendSpec:
    return replace(spec, descriptors=tuple(each for each in spec.descriptors if each.kind not in group))


if __name__ == "__main__":
    main()
