"""A checkpoint of any sertool model, as if a build had made it."""

from __future__ import annotations

from pathlib import Path

from sertool import checkpoints
from sertool.checkpoints import Checkpoint
from sertool.evaluation import Spread
from sertool.project import Project
from sertool.project.manifest import Recordings
from sertool.project.options import Settings
from sertool.report.recordings import Corpus, Measured, Part, Split, Terms
from sertool.report.report import Accuracy, Score
from sertool.stages.built_model import model_of
from sertool.stages.checkpoint import network_of

TERMS = Terms(
    "Speech | of tests", "none", "12 clips", "CC BY-NC-SA 4.0", "a catalogue", True, "Nobody: Nothing."
)


def example(folder: Path, data: bytes, name: str = "mine") -> Checkpoint:
    """Write a checkpoint of the `model.tflite` in `data` as the folder."""
    labels, shape, plan = network_of(model_of(data, folder))
    clips = dict.fromkeys(labels, 4)
    parts = tuple(Part(part, clips, ("s0", "s1")) for part in ("train", "validation", "test"))
    confusion = tuple(tuple(int(row == column) for column in labels) for row in labels)
    return checkpoints.write(
        folder,
        Checkpoint(
            name=name,
            sertool="0.1.0",
            command="sertool build --corpus speech",
            labels=labels,
            shape=shape,
            plan=plan,
            model="",
            corpus=Corpus("speech", False, clips, ("s0", "s1"), 12.5, TERMS),
            split=Split("random10", 0, 0, 1, parts),
            accuracy=Accuracy(None, Score(confusion, 1.0, 1.0, 0.4, 1.0)),
            evaluations=(
                Measured("speaker", "folds", 1, 2, Spread(0.5, None, None), Spread(0.25, None, None)),
            ),
            settings=Settings(Project()),
            recordings=Recordings({"train": 12}, "0" * 64),
            versions={"sertool": "0.1.0"},
            files={},
            seal="",
        ),
        data,
    )
