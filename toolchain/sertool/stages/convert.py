"""Stage 3: the quantized network as integers in a `.tflite` that stock TFLite Micro runs."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass

from sertool import laq, tflite
from sertool.errors import SertoolError
from sertool.files import write_atomic
from sertool.project import BuildFolder
from sertool.stages.records import FrontendRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Converted:
    """Bytes of the model as it is, and compressed for TFLM's look-up tables."""

    tflite_bytes: int
    tflite_lut_bytes: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def convert(folder: BuildFolder) -> Converted:
    """Write `model.tflite` (with front end, labels and plan inside), its LUT form, C array and labels."""
    quantized = laq.load(folder.require(folder.quantized_model, "quantize"))
    frontend = folder.read(folder.frontend, FrontendRecord, "train")
    graph = laq.integer_graph(quantized)
    if graph.input_size != frontend.spec.features:
        raise SertoolError(
            f"{folder.quantized_model.name} reads {graph.input_size} features",
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
        },
    )
    compressed = tflite.compress(model)
    write_atomic(folder.tflite, model)
    write_atomic(folder.tflite_lut, compressed)
    for name, text in tflite.c_array(model).items():
        write_atomic(folder.model / name, text)
    write_atomic(folder.labels, "".join(f"{label}\n" for label in graph.labels))
    return Converted(len(model), len(compressed))
