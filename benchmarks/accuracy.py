"""Accuracy on the corpora found below SERTOOL_CORPORA, into benchmarks/accuracy.json.

    python benchmarks/accuracy.py [--corpora emodb savee] [--protocols random10] [--seeds 5] [--jobs 2]

Finished cases are kept in the user's cache: run it again after an interruption and it goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from sertool import corpora
from sertool.experiments import Experiment, cases, row, run
from sertool.files import write_atomic

CORPORA = ("emodb", "savee", "ravdess", "tess")
PACKAGES = ("tensorflow", "tf-keras", "tensorflow-model-optimization", "numpy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--protocols", nargs="+", default=corpora.PROTOCOLS, choices=corpora.PROTOCOLS)
    parser.add_argument("--presets", nargs="+", default=["moments"])
    parser.add_argument("--plan", default="1,1,4,4,8")
    parser.add_argument("--seeds", type=int, default=5, help="seeds of random10")
    parser.add_argument("--speaker-seeds", type=int, default=5, help="seeds of every fold of speaker")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    root = os.environ.get("SERTOOL_CORPORA")
    if root is None:
        raise SystemExit("SERTOOL_CORPORA names no folder of corpora: nothing to measure")
    present = [name for name in options.corpora if (Path(root) / name).is_dir()]
    absent = sorted(set(options.corpora) - set(present))
    print(f"corpora: {', '.join(present) or 'none'}; absent: {', '.join(absent) or 'none'}")
    start, rows = time.monotonic(), []
    for name in present:
        corpus = corpora.load(name)
        for protocol in options.protocols:
            for descriptors in options.presets:
                seeds = options.seeds if protocol == "random10" else options.speaker_seeds
                experiment = Experiment(protocol, descriptors, options.plan, tuple(range(seeds)))
                outcomes = run(cases(corpus, experiment), experiment, jobs=options.jobs)
                rows.append(row(name, experiment, outcomes))
                print(line(rows[-1]), f"[{time.monotonic() - start:.0f} s]", flush=True)
    machine = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    write_atomic(options.output, json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")


def line(row: dict[str, object]) -> str:
    return (
        "{corpus} {protocol} {descriptors} {shape} {plan}: {bytes} bytes, {seeds} seeds x {folds} folds; "
        "quantized {wa_mean} ({wa_low} to {wa_high}), UA {ua_mean}; float {float_wa_mean}, UA {float_ua_mean}; "
        "difference {difference_mean} ({difference_low} to {difference_high})"
    ).format(**row)


if __name__ == "__main__":
    main()
