"""Stage 1: recordings to a float network, with its split and front end."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass

from sertool.project import BuildFolder, Project
from sertool.stages.recordings import new_material

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trained:
    """Size of the float network and what training saw of it; accuracies are fractions on validation."""

    parameters: int
    shape: tuple[int, ...]
    epochs: int
    validation_accuracy: float

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def train(project: Project, folder: BuildFolder) -> Trained:
    """Split the corpus, extract features, fit standardizer and network; write them to `folder.model`.

    Raises SertoolError for recordings or settings that cannot be used.
    """
    from sertool import training

    material = new_material(project)
    split = material.split
    log.info(
        "%s: %d clips of %d speakers; %s: train %d, validation %d, test %d",
        material.corpus.name,
        len(material.corpus.clips),
        len(material.corpus.speakers),
        split.protocol,
        len(split.train),
        len(split.validation),
        len(split.test),
    )
    for note in split.notes:
        log.info("  %s", note)
    model, history = training.fit(material.training_data(), project.training)
    folder.write_json(
        folder.frontend, {"spec": material.spec.to_dict(), "standardizer": material.standardizer.to_dict()}
    )
    folder.write_json(folder.split, split.to_dict())
    training.write(model, folder.float_model)
    trained = Trained(model.parameters, model.shape, history.epochs, history.validation_accuracy)
    folder.write_json(folder.training, trained.to_dict())
    return trained
