"""The stages of a build as functions, for notebooks: train, quantize, convert, then hear a recording.

Usage: python examples/from_python.py [OUTPUT FOLDER] [CORPUS FOLDER]

Without a corpus it trains on synthetic speech, which shows how the pieces fit and nothing about emotion.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import sertool
from sertool import corpora


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build")
    corpus = sys.argv[2] if len(sys.argv) > 2 else None

    project = sertool.resolve_project(
        sertool.Project(), corpus=corpus, output=output, preset="laq180", epochs=20
    )
    small = dataclasses.replace(project.training, hidden=(64, 32))
    project = dataclasses.replace(project, training=small)
    folder = sertool.build_folder(project)

    trained = sertool.train(project, folder)
    print(f"{trained.parameters} parameters, {trained.epochs} epochs")

    # A plan by hand: binary where most weights are, 8 bits where the decision falls.
    project = sertool.resolve_project(project, bits="1,4,8")
    quantized = sertool.quantize(project, folder)
    print(f"validation accuracy {quantized.validation_accuracy:.2f} at 1,4,8 bits")

    converted = sertool.convert(folder)
    print(f"model.tflite has {converted.tflite_bytes} bytes")

    recordings = corpora.load(corpus) if corpus else corpora.default_corpus()
    clip = recordings.clips[0]
    (heard,) = sertool.classify(folder, [clip.path])
    print(f"{clip.path.name}: {heard.label} with {100 * heard.confidence:.0f} %, labelled {clip.emotion}")


if __name__ == "__main__":
    main()
