"""Every accuracy figure of the README and the docs, into results/accuracy.json, and from it the docs' tables.

    python benchmarks/evidence.py [--series strangers] [--corpora emodb] [--protocols speaker] [--jobs 2]

Corpora are found below SERTOOL_CORPORA. Finished trials are kept in the user's cache: run it again after an
interruption and it goes on.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from keeping import left_as_it_is, standing

from sertool import corpora
from sertool.corpora import Corpus
from sertool.digests import value_digest
from sertool.experiments import Experiment, Trial, cases, results, row, rows_of, run
from sertool.experiments.store import Store
from sertool.experiments.studies.evidence import evidence
from sertool.experiments.workers import LocalWorkers
from sertool.files import write_atomic
from sertool.locations import cache_folder
from sertool.training import FineTuningConfig, TrainingConfig

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ("emodb", "savee", "ravdess", "tess")
PACKAGES = ("tensorflow", "tf-keras", "tensorflow-model-optimization", "numpy")

#: Epochs and learning rate of training, chosen on validation parts of other splits; the larger the corpus, the
#: more steps an epoch has.
SETTINGS = {"emodb": (150, 5e-3), "savee": (150, 5e-3), "ravdess": (90, 2e-3), "tess": (20, 2e-3)}

#: On `prosody`, 10,000 bytes of flash with 7 classes; chosen on validation parts of other splits.
STRANGERS = Trial("given", (144,), plan="1,4")
#: Within 25,600 bytes: 25,440 with 7 classes on `prosody`, 25,376 on `full`; chosen likewise.
WIDE = {"prosody": Trial("given", (366,), plan="1,4"), "full": Trial("given", (224,), plan="1,4")}
#: 169,131 parameters with 360 features and 7 classes, and the depth of the published network: 27,492 bytes of
#: flash at 1 bit everywhere.
LARGE = (324, 128, 64, 32)
LARGE_LIMIT = 27_648
#: Networks for smaller budgets, chosen on validation parts of other splits.
COMPACT = {10_240: (144, 48, 24), 8_192: (96, 48, 24), 6_144: (80, 32), 4_096: (56, 16)}
#: The network and the limit at which strategies have most to decide.
CONTESTED = (96, 48, 24)
CONTESTED_LIMIT = 10_240
WIDTHS = ("1", "ternary", "3", "4", "8")
#: Ways on a given network, and ways that choose their own.
GIVEN_NETWORK = (
    "laq", "laq, gradient", "laq, hessian", "budget", "uniform", "random-order",
    "laq, post-training", "pruning",
)  # fmt: skip
OWN_NETWORK = ("TFLite int8", "int4", "clustering", "smaller, 8 bit")


@dataclass(frozen=True)
class Series:
    """Networks on one preset under some protocols; so many members share a hidden layer."""

    preset: str
    protocols: tuple[str, ...]
    members: int = 1


#: First what somebody gets whom training never heard.
SERIES = {
    "strangers": Series("prosody", ("speaker", "speaker-running", "random10")),
    "strangers-wide": Series("prosody", ("speaker", "random10"), members=3),
    "known-wide": Series("full", ("random10",), members=2),
    "published": Series("moments", ("random10", "speaker")),
}


def trials(series: str, protocol: str) -> list[Trial]:
    """The rows of a corpus: networks under every protocol; in `published` also ways beside each other."""
    if series == "strangers":
        return [STRANGERS]
    if series != "published":
        return [WIDE[SERIES[series].preset]]
    headline = [
        Trial("laq", LARGE, LARGE_LIMIT),
        *(Trial("laq", hidden, limit) for limit, hidden in COMPACT.items()),
    ]
    if protocol != "random10":
        return headline
    return [
        *headline,
        *(Trial(name, CONTESTED, CONTESTED_LIMIT) for name in GIVEN_NETWORK),
        *(Trial(name, LARGE, LARGE_LIMIT) for name in GIVEN_NETWORK[1:]),
        *(Trial(name, limit=limit) for limit in (CONTESTED_LIMIT, LARGE_LIMIT) for name in OWN_NETWORK),
        *(
            Trial(method, CONTESTED, plan=",".join([width] * (len(CONTESTED) + 1)))
            for width in WIDTHS
            for method in ("given", "given, post-training")
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", nargs="+", default=tuple(SERIES), choices=tuple(SERIES))
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    every = tuple(dict.fromkeys(name for series in SERIES.values() for name in series.protocols))
    parser.add_argument("--protocols", nargs="+", default=every, choices=every)
    parser.add_argument("--seeds", type=int, default=10, help="seeds of random10")
    parser.add_argument("--speaker-seeds", type=int, default=3, help="seeds of every fold of speaker")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--output", type=Path, default=ROOT / "results" / "accuracy.json")
    options = parser.parse_args()
    root = Path(os.environ.get("SERTOOL_CORPORA", ""))
    present = [name for name in options.corpora if root.name and (root / name).is_dir()]
    if absent := sorted(set(options.corpora) - set(present)):
        left_as_it_is(", ".join(absent), "no such corpus below SERTOOL_CORPORA")
    if not present:
        return
    for series in options.series:
        for protocol in (each for each in SERIES[series].protocols if each in options.protocols):
            seeds = tuple(range(options.seeds if protocol == "random10" else options.speaker_seeds))
            for name in present:
                corpus, what = corpora.load(name), experiment(name, SERIES[series], protocol, seeds)
                manifest = results.manifest(corpus, what, {each: version(each) for each in PACKAGES})
                digest, wanted = value_digest(manifest), trials(series, protocol)
                made = [{**each, "manifest": digest} for each in measure(corpus, what, wanted, options.jobs)]
                keep(options.output, made, manifest)


def keep(path: Path, made: Sequence[dict[str, Any]], manifest: dict[str, Any]) -> None:
    """Put rows in the place of those of the same corpus, preset, protocol and members."""
    manifests = standing(path, {"manifests": {}})["manifests"]

    def place(row: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[object, ...]:
        members = manifest["training"].get("members", 1)
        return row["corpus"], row["descriptors"], row["protocol"], members

    rows = [
        row
        for row in (results.load(path) if path.exists() else ())
        if place(row, manifests[row["manifest"]]) != place(made[0], manifest)
    ]
    others = [manifests[digest] for digest in dict.fromkeys(row["manifest"] for row in rows)]
    write_atomic(path, results.dump([*rows, *made], [*others, manifest]))


def experiment(name: str, series: Series, protocol: str, seeds: tuple[int, ...]) -> Experiment:
    epochs, learning_rate = SETTINGS[name]
    hidden = WIDE[series.preset].hidden if series.members > 1 else TrainingConfig().hidden
    return Experiment(
        protocol,
        series.preset,
        seeds,
        # The trials say the hidden sizes; members can share only some.
        TrainingConfig(epochs=epochs, learning_rate=learning_rate, hidden=hidden, members=series.members),
        FineTuningConfig(epochs=2 * epochs),
    )


def measure(
    corpus: Corpus, experiment: Experiment, wanted: Sequence[Trial], jobs: int
) -> Iterator[dict[str, Any]]:
    start = time.monotonic()
    study = evidence(corpus.name, experiment, cases(corpus, experiment), wanted)
    with Store.open(cache_folder("experiments") / "evidence.sqlite") as store, LocalWorkers(jobs) as workers:
        run(study, store, workers)
        found = rows_of(study, store)
    what = f"{corpus.name}, {experiment.descriptors}, {experiment.protocol}"
    print(f"{what}: {time.monotonic() - start:.0f} s", flush=True)
    for trial in wanted:
        outcomes = [found[asked] for asked in study.asked if asked.trial == trial]
        made = row(corpus.name, experiment, trial, outcomes)
        print(
            "  {method}, {shape} at {plan}: {bytes} bytes, {wa_mean} ({wa_low} to {wa_high}), "
            "float {float_wa_mean}".format(**made),
            flush=True,
        )
        yield made


if __name__ == "__main__":
    main()
