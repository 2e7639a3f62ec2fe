"""Stage 1: recordings to a float network, with its split and front end."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sertool import training
from sertool.files import write_atomic
from sertool.project import BuildFolder, Project
from sertool.project.options import Settings
from sertool.stages.features import golden_crc32
from sertool.stages.recordings import new_material, where_it_lies
from sertool.stages.records import FrontendRecord, Losses, TrainingRecord


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
    """Split the corpus, extract features, fit standardizer and networks; write them to `folder.model`.

    One network is trained without the validation part, to choose widths and to say how good it is; the one to
    keep is trained on both parts. Raises SertoolError for recordings or settings that cannot be used.
    """
    material = new_material(project)
    data = material.training_data()
    searched, _ = training.fit(data, project.training)
    model, history = training.fit(data.joined(), project.training)
    frontend = FrontendRecord(material.spec, material.standardizer, golden_crc32(material.spec))
    folder.write(folder.frontend, frontend)
    folder.write(folder.split, material.split.record())
    write_atomic(folder.search_model, training.save(searched))
    write_atomic(folder.float_model, training.save(model))
    validation = training.evaluate(searched, data.validation)
    trained = Trained(model.parameters, model.shape, len(history.loss), validation.weighted)
    folder.write(
        folder.training,
        TrainingRecord(
            model.parameters,
            model.shape,
            len(history.loss),
            validation.weighted,
            Losses(history.loss),
            Settings(project),
            where_it_lies(project, material.corpus).corpus,
        ),
    )
    return trained
