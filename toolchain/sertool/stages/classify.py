"""What the built model hears in a recording: the integers that the chip computes, on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sertool.answers import Certainty, Doubt, standardized
from sertool.errors import SertoolError, printable
from sertool.graph import Role, reference
from sertool.project import BuildFolder, Project
from sertool.stages.built_model import load_model
from sertool.stages.hearing import judged, utterances
from sertool.stages.recordings import kept_files


@dataclass(frozen=True)
class Heard:
    """One recording's label, whether to believe it, and probabilities (multiples of 1/256) by label."""

    path: Path
    label: str
    certainty: Certainty
    doubts: Doubt
    probabilities: dict[str, float]

    @property
    def confidence(self) -> float:
        """Probability of the label."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {
            "file": printable(self.path),
            "label": self.label,
            "answer": self.certainty.told,
            "doubts": self.doubts.told,
            "probabilities": self.probabilities,
        }


def classify(
    folder: BuildFolder, files: Sequence[Path], *, project: Project | None = None, one_speaker: bool = False
) -> tuple[Heard, ...]:
    """Classify audio files with the model of a build folder; `project` may say to leave bad ones out.

    A model that follows its speaker hears each file as the first of somebody new; with `one_speaker` as what
    one person says, one after the other. Raises SertoolError for a missing or damaged model, for audio that
    cannot be read or holds no frame, and for `one_speaker` with a model that follows nobody.
    """
    model = load_model(folder)
    files = kept_files(files, project or Project(), model.spec)
    if one_speaker and not model.standardizer.running:
        raise SertoolError(
            "the model follows nobody: that one person speaks would decide nothing",
            where="one_speaker",
            allowed="models that were trained with the standardization running",
        )
    heard = utterances(files, model)
    speakers = [heard] if one_speaker else heard.singly()
    inputs = np.concatenate([standardized(model.spec, model.standardizer, each) for each in speakers])
    trace, roles = reference.run(model.graph, inputs), model.graph.roles
    return tuple(
        Heard(
            path,
            model.graph.labels[int(label)],
            Certainty(certainty),
            Doubt(doubts),
            {name: (int(code) + 128) / 256 for name, code in zip(model.graph.labels, codes, strict=True)},
        )
        for path, label, (certainty, doubts), codes in zip(
            files,
            trace[roles[Role.LABEL]][:, 0],
            judged(model, heard, inputs, trace).tolist(),
            trace[roles[Role.PROBABILITIES]],
            strict=True,
        )
    )
