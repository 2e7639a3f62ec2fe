"""Build the STM32F405 image from every corpus at hand and compare every engine over its whole test split.

Writes benchmarks/build.json: for each build the bytes of flash and RAM, the worst-case stack, instruction
counts, and how many integers each engine gave and how many differed from the reference. Accuracy stands there
for the record of that one split; benchmarks/evidence.py measures it over seeds and folds.

Corpora are found below SERTOOL_CORPORA. Usage: python benchmarks/build.py [--board-clips 20]
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

import sertool

CORPORA = ("emodb", "savee", "ravdess", "tess")
ENGINES = (
    "tflm",
    "tflite",
    "host",
    *(f"emulator:cortex-{core}" for core in ("m0", "m3", "m4", "m7", "m33")),
    "board",
)
PLAN = "1,1,4,4,8"
OUTPUT = Path(__file__).with_suffix(".json")


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
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    root = Path(os.environ.get("SERTOOL_CORPORA", ""))
    found = [name for name in CORPORA if (root / name).is_dir()] if root.name else []
    if not found:
        sys.exit("no corpus found: set SERTOOL_CORPORA to the folder that holds emodb, savee, ravdess or tess")
    with tempfile.TemporaryDirectory() as name:
        rows = [measure(corpus, "moments", Path(name), arguments.board_clips) for corpus in found]
        rows.append(measure(found[0], "laq180", Path(name), arguments.board_clips))
    OUTPUT.write_text(
        json.dumps({"absent": sorted(set(CORPORA) - set(found)), "builds": rows}, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
