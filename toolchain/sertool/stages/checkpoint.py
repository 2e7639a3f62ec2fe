"""A build that begins with a checkpoint: its network takes the place of one that was trained."""

from __future__ import annotations

from pathlib import Path

from sertool import checkpoints
from sertool.checkpoints import Checkpoint
from sertool.errors import SertoolError
from sertool.project import BuildFolder
from sertool.project.manifest import CheckpointRecord
from sertool.stages.built_model import Model, model_of
from sertool.stages.convert import write_model


def take_up(word: str, folder: BuildFolder) -> Checkpoint:
    """Put the network of a checkpoint in the place of one that was trained, and what it says of itself beside.

    What training and quantization left in the folder is taken out: it is of another network. Before anything is
    written, raises SertoolError as `checkpoints.load` does, and for a model that this sertool cannot run.
    """
    found, data = checkpoints.load(word)
    model = _sound(found, data, word)
    for path in (
        folder.frontend, folder.split, folder.search_model, folder.float_model, folder.training,
        folder.quantized_model, folder.laq, folder.tflite_lut,
    ):  # fmt: skip
        path.unlink(missing_ok=True)
    write_model(folder, data, model.graph.labels)
    folder.write(folder.checkpoint, found)
    return found


def record_of(word: str) -> CheckpointRecord:
    """What a manifest says of the checkpoint of this name, or in this folder."""
    found, _ = checkpoints.load(word)
    return CheckpointRecord(found.name, found.seal, None if checkpoints.is_folder(word) else word)


def _sound(found: Checkpoint, data: bytes, word: str) -> Model:
    where = Path(word) if checkpoints.is_folder(word) else None
    model = model_of(data, where or Path(f"checkpoint {word}"))
    said = (found.labels, found.shape, found.plan)
    if said != network_of(model):
        raise SertoolError(
            f"the checkpoint holds another network than it speaks of: {'-'.join(map(str, found.shape))}",
            where=where,
            hint="make it again: sertool checkpoint export",
        )
    return model


def network_of(model: Model) -> tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    """Labels, sizes from features to labels, and widths: what a checkpoint says of its network."""
    dense = model.graph.weighted
    shape = (dense[0].inputs, *(layer.outputs for layer in dense))
    return model.graph.labels, shape, tuple(str(layer.width) for layer in dense)
