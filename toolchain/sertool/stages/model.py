"""The built model as every stage after `convert` takes it up: integers, front end and standardizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sertool import tflite
from sertool.errors import SertoolError
from sertool.frontend import FrontendSpec, Standardizer
from sertool.graph import IntegerGraph
from sertool.project import BuildFolder
from sertool.stages.features import check_frontend


@dataclass(frozen=True, eq=False)
class Model:
    """A `model.tflite`: its bytes and what they hold."""

    data: bytes
    graph: IntegerGraph
    metadata: Mapping[str, Any]
    spec: FrontendSpec
    standardizer: Standardizer


def load_model(folder: BuildFolder) -> Model:
    """Read `model.tflite`.

    Raises SertoolError when it is missing, damaged, not made by sertool, or made with another front end.
    """
    path = folder.require(folder.tflite, "convert")
    data = path.read_bytes()
    graph, metadata = tflite.read(path)
    try:
        spec = FrontendSpec.from_dict(metadata["frontend"])
        standardizer = Standardizer.from_dict(metadata["standardizer"])
        check_frontend(spec, metadata["golden_crc32"], path)
    except KeyError as error:
        raise SertoolError(
            f"the model does not say how its features are made: no {error} in its metadata",
            where=path,
            hint="use a model.tflite that sertool convert wrote",
        ) from error
    return Model(data, graph, metadata, spec, standardizer)
