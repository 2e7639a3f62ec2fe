"""Build the STM32F405 image from every corpus at hand and compare every engine over its whole test split.

Writes benchmarks/build.json: for each build the bytes of flash and RAM, the worst-case stack, instruction
counts, and how many integers each engine gave and how many differed from the reference. Accuracy stands there
for the record of that one split; benchmarks/evidence.py measures it over seeds and folds.

Corpora are found below SERTOOL_CORPORA; what cannot be built here stays in the file as it was.

Usage: python benchmarks/build.py [--board-clips 20]
"""

from __future__ import annotations

import argparse
import functools
import json
import logging
import os
import tempfile
from pathlib import Path

from keeping import attempt, left_as_it_is, standing

import sertool
from sertool.files import write_atomic

CORPORA = ("emodb", "savee", "ravdess", "tess")
ENGINES = (
    "tflm",
    "tflite",
    "host",
    *(f"emulator:cortex-{core}" for core in ("m0", "m3", "m4", "m7", "m33")),
    "board",
)
PLAN = "1,1,4,4,8"
BUILDS = (*((corpus, "moments") for corpus in CORPORA), ("emodb", "laq180"))


def measure(corpus: str, preset: str, folder: Path, board_clips: int) -> dict[str, object]:
    project = sertool.resolve_project(
        sertool.Project(), corpus=corpus, preset=preset, bits=PLAN, output=folder / f"{corpus}-{preset}"
    )
    place = sertool.build_folder(project)
    sertool.build(project, place, board_clips=0)
    simulated = sertool.simulate(project, place, engines=ENGINES, board_clips=board_clips)
    report = sertool.write_report(project, place)
    assert report.memory is not None
    return {
        "corpus": corpus,
        "preset": preset,
        "shape": report.headline.shape,
        "plan": report.headline.plan,
        "target": report.headline.target,
        "flash_bytes": report.memory.flash.used,
        "ram_bytes": report.memory.ram.used,
        "stack_bytes": {"computed": report.memory.stack.computed, "measured": report.memory.stack.measured},
        "instructions": {
            count.core: {"inference": count.inference, "second_of_audio": count.audio_second}
            for count in simulated.instructions
        },
        "clips": simulated.comparison.clips,
        "engines": {
            engine.engine: {
                "clips": engine.clips,
                "compared": engine.compared,
                "mismatches": engine.mismatches,
            }
            for engine in simulated.comparison.engines
        },
        "accuracy_of_this_split": {
            "float": report.headline.float_accuracy,
            "quantized": report.headline.quantized_accuracy,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--board-clips", type=int, default=20, help="clips that the board hears as PCM")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_suffix(".json"))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    root = Path(os.environ.get("SERTOOL_CORPORA", ""))
    found = [name for name in CORPORA if (root / name).is_dir()] if root.name else []
    builds = {
        (row["corpus"], row["preset"]): row for row in standing(arguments.output, {"builds": []})["builds"]
    }
    before = dict(builds)
    with tempfile.TemporaryDirectory() as name:
        for corpus, preset in BUILDS:
            if corpus not in found:
                left_as_it_is(f"{corpus}, {preset}", "no such corpus below SERTOOL_CORPORA")
                continue
            row = attempt(
                f"{corpus}, {preset}",
                functools.partial(measure, corpus, preset, Path(name), arguments.board_clips),
            )
            builds |= {(corpus, preset): row} if row else {}
    if builds != before:
        rows = [builds[each] for each in BUILDS if each in builds]
        absent = sorted(set(CORPORA) - {corpus for corpus, _ in builds})
        write_atomic(arguments.output, json.dumps({"absent": absent, "builds": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
