"""The built model as every stage after `convert` takes it up: integers, front end and standardizer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sertool import tflite
from sertool.answers import UNCHOSEN, Rule
from sertool.errors import SertoolError
from sertool.files import read_whole
from sertool.frontend import FrontendSpec
from sertool.graph import IntegerGraph
from sertool.graph.checks import check_classifier
from sertool.laq.quantized_model import Temperature
from sertool.plain_values import Source, from_plain, path_of
from sertool.project import BuildFolder
from sertool.stages.features import check_frontend
from sertool.stages.records import Crc32, check_sizes
from sertool.standardization import Standardizer
from sertool.tflite.reader import MOST_BYTES


@dataclass(frozen=True, eq=False)
class Model:
    """A `model.tflite`: its bytes and what they hold; its logits' scale has the `temperature` in it.

    `rule` judges its answers; a model made before there was one is sure of every label.
    """

    data: bytes
    graph: IntegerGraph
    metadata: Mapping[str, Any]
    spec: FrontendSpec
    standardizer: Standardizer
    temperature: float
    rule: Rule


@dataclass(frozen=True)
class _Metadata:
    """What `sertool convert` writes into a model beside what every one says: how features are made."""

    format: object
    labels: object
    plan: object
    rounding: object
    frontend: FrontendSpec
    standardizer: Standardizer
    golden_crc32: Crc32
    temperature: Temperature = 1.0
    answers: Rule = UNCHOSEN

    def __post_init__(self) -> None:
        check_sizes(self.frontend, self.standardizer)


def load_model(folder: BuildFolder) -> Model:
    """Read `model.tflite`.

    Raises SertoolError when it is missing, and as `model_of` does.
    """
    path = folder.require(folder.tflite, "convert")
    return model_of(read_whole(path, "the model", most=MOST_BYTES), path)


def model_of(data: bytes, path: Path) -> Model:
    """Take up the bytes of a `model.tflite`, which errors say to be at `path`.

    Raises SertoolError when it is damaged, not made by sertool, made with another front end, or no classifier.
    """
    graph, metadata = tflite.read(data, where=path)
    hint = "use a model.tflite that sertool convert wrote"
    if "frontend" not in metadata:
        raise SertoolError("the model does not say how its features are made", where=path, hint=hint)
    source = Source("the model's metadata", lambda keys: f"{path}: {path_of(keys)}", hint)
    said = from_plain(_Metadata, metadata, source)
    if said.frontend.features != graph.input.size:
        raise SertoolError(
            f"the front end gives {said.frontend.features} features",
            where=path,
            allowed=f"{graph.input.size}, as many as the model reads",
            hint=hint,
        )
    if said.standardizer.input != graph.input.quantization:
        raise SertoolError(
            f"the standardizer's input is quantized as {said.standardizer.input}",
            where=path,
            allowed=f"{graph.input.quantization}, as the model reads it",
            hint=hint,
        )
    check_frontend(said.frontend, said.golden_crc32, path)
    check_classifier(graph)
    return Model(data, graph, metadata, said.frontend, said.standardizer, said.temperature, said.answers)
