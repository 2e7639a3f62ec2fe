"""What the built model hears in a recording: the integers that the chip computes, on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sertool.errors import printable
from sertool.graph import Role, reference
from sertool.material import features_of
from sertool.project import BuildFolder, Project
from sertool.stages.built_model import load_model
from sertool.stages.recordings import kept_files


@dataclass(frozen=True)
class Heard:
    """One recording's label and the model's probabilities (multiples of 1/256), by label."""

    path: Path
    label: str
    probabilities: dict[str, float]

    @property
    def confidence(self) -> float:
        """Probability of the label."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"file": printable(self.path), "label": self.label, "probabilities": self.probabilities}


def classify(
    folder: BuildFolder, files: Sequence[Path], *, project: Project | None = None
) -> tuple[Heard, ...]:
    """Classify audio files with the model of a build folder; `project` may say to leave bad ones out.

    Raises SertoolError for a missing or damaged model, and for audio that cannot be read or holds no frame.
    """
    model = load_model(folder)
    files = kept_files(files, project or Project(), model.spec)
    inputs = model.standardizer.apply(features_of(files, model.spec))
    trace, roles = reference.run(model.graph, inputs), model.graph.roles
    return tuple(
        Heard(
            path,
            model.graph.labels[int(label)],
            {name: (int(code) + 128) / 256 for name, code in zip(model.graph.labels, codes, strict=True)},
        )
        for path, label, codes in zip(
            files, trace[roles[Role.LABEL]][:, 0], trace[roles[Role.PROBABILITIES]], strict=True
        )
    )
