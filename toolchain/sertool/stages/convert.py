"""Stage 3: the quantized network as integers in a `.tflite` that stock TFLite Micro runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sertool import laq, tflite
from sertool.answers import UNCHOSEN, Rule
from sertool.checkpoints import Checkpoint
from sertool.digests import file_digest
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.graph import IntegerGraph
from sertool.plain_values import to_plain
from sertool.project import BuildFolder
from sertool.stages.records import FrontendRecord, QuantizationRecord, check_quantized


@dataclass(frozen=True)
class Converted:
    """Bytes of the model as it is, and compressed for TFLM's look-up tables."""

    tflite_bytes: int
    tflite_lut_bytes: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def convert(folder: BuildFolder) -> Converted:
    """Write `model.tflite` (with front end, labels and plan inside), its LUT form, C array and labels.

    Raises SertoolError where `laq.npz` is missing, damaged, or not of what `train` left.
    """
    check_quantized(folder)
    model, graph = _lowered(folder)
    compressed = tflite.compress(model)
    write_model(folder, model, graph.labels)
    write_atomic(folder.tflite_lut, compressed)
    folder.checkpoint.unlink(missing_ok=True)
    return Converted(len(model), len(compressed))


def write_model(folder: BuildFolder, model: bytes, labels: Sequence[str]) -> None:
    """Write `model.tflite`, its C array and its labels."""
    write_atomic(folder.tflite, model)
    for name, text in tflite.c_array(model).items():
        write_atomic(folder.model / name, text)
    write_atomic(folder.labels, "".join(f"{label}\n" for label in labels))


def check_converted(folder: BuildFolder) -> None:
    """Raise SertoolError unless `model.tflite` is what came of the training and quantization told beside it.

    Or of the checkpoint that was taken up. Where nothing is told the model was made elsewhere.
    """
    if folder.checkpoint.exists():
        taken = folder.read(folder.checkpoint, Checkpoint, "build")
        if file_digest(folder.require(folder.tflite, "build")) != taken.model:
            raise SertoolError(
                f"{folder.tflite.name} is not that of the checkpoint {taken.name}",
                where=folder.tflite,
                hint="run sertool build again; a model made elsewhere wants a build folder of its own",
            )
        return
    if not (folder.training.exists() and folder.laq.exists()):
        return
    check_quantized(folder)
    if folder.require(folder.tflite, "convert").read_bytes() != _lowered(folder)[0]:
        raise SertoolError(
            f"{folder.tflite.name} was not made from {folder.quantized_model.name} beside it",
            where=folder.tflite,
            hint="run: sertool convert; a model made elsewhere wants a build folder of its own",
        )


def _rule(folder: BuildFolder) -> Rule:
    return folder.read(folder.laq, QuantizationRecord, "quantize").rule if folder.laq.exists() else UNCHOSEN


def _lowered(folder: BuildFolder) -> tuple[bytes, IntegerGraph]:
    quantized = laq.load(folder.require(folder.quantized_model, "quantize"))
    frontend = folder.read(folder.frontend, FrontendRecord, "train")
    graph = laq.integer_graph(quantized)
    if graph.input.size != frontend.spec.features:
        raise SertoolError(
            f"{folder.quantized_model.name} reads {graph.input.size} features",
            where=folder.quantized_model,
            allowed=f"{frontend.spec.features}, as many as {folder.frontend.name} gives",
            hint="run the stages from quantize on again, or sertool build",
        )
    model = tflite.write(
        graph,
        {
            "frontend": frontend.spec.to_dict(),
            "standardizer": frontend.standardizer.to_dict(),
            "golden_crc32": frontend.golden_crc32,
            "temperature": quantized.temperature,
            "answers": to_plain(_rule(folder)),
        },
    )
    return model, graph
