"""From a .tflite, ours or made elsewhere, to the integer graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sertool.errors import SertoolError
from sertool.graph.build import classifier
from sertool.graph.model import IntegerGraph
from sertool.graph.quantization import Rounding, Width
from sertool.json_files import checked_format, parse_json
from sertool.plain_values import Keys, Name, Source, WrongValue, from_plain, path_of
from sertool.tflite.layers import read_layers
from sertool.tflite.view import view
from sertool.tflite.writer import METADATA_FORMAT, METADATA_NAME


def read(
    source: bytes | Path, *, labels: Sequence[str] | None = None, rounding: Rounding = Rounding.DOUBLE
) -> tuple[IntegerGraph, dict[str, Any]]:
    """Read a .tflite, given as bytes or as a path: its graph, and the `sertool` metadata ({} where it has
    none).

    `read(write(graph, metadata))` gives the same graph back. A file made elsewhere may hold int8
    FULLY_CONNECTED operators in a chain (NONE, RELU or RELU6 fused; weights with one scale or one an output),
    and a SOFTMAX and an ARG_MAX of the last one's outputs; what is missing of these two is added. Its layers
    are named `dense0` and so on, each width is the least that holds the codes, and `labels` (default `class0`
    ...) and `rounding` are the caller's to say. Raises SertoolError that names the operator or the tensor and
    what is allowed, and for a damaged or unreadable file.
    """
    if isinstance(source, bytes):
        return _model(source, labels, rounding)
    try:
        return _model(source.read_bytes(), labels, rounding)
    except OSError as error:
        raise SertoolError(f"cannot read the model: {error.strerror}", where=source) from error
    except SertoolError as error:
        where = f"{source}: {error.where}" if error.where else source
        raise SertoolError(error.what, where=where, allowed=error.allowed, hint=error.hint) from error


@dataclass(frozen=True)
class _Said:
    """What the metadata says of the graph."""

    FORMAT: ClassVar[int] = METADATA_FORMAT

    labels: tuple[Name, ...]
    plan: tuple[str, ...]
    rounding: Rounding

    def __post_init__(self) -> None:
        try:
            _ = self.widths
        except ValueError as error:
            raise WrongValue(str(error), "plan") from error

    @property
    def widths(self) -> list[Width]:
        return [Width.parse(text) for text in self.plan]


def _model(
    data: bytes, labels: Sequence[str] | None, rounding: Rounding
) -> tuple[IntegerGraph, dict[str, Any]]:
    content = view(data)
    if METADATA_NAME not in content.metadata:
        layers = read_layers(content, None)
        labels = labels or [f"class{number}" for number in range(layers[-1].outputs)]
        return classifier(layers, labels, rounding), {}
    hint = "copy or convert the file again"

    def place(keys: Keys) -> str:
        return f"metadata {METADATA_NAME!r}{': ' if keys else ''}{path_of(keys)}"

    source = Source("the model's metadata", place, hint)
    metadata = parse_json(content.metadata[METADATA_NAME], dict[str, object], source)
    own = {key: metadata[key] for key in ("format", "labels", "plan", "rounding") if key in metadata}
    said = from_plain(_Said, checked_format(own, _Said, source), source)
    layers = read_layers(content, said.widths)
    return classifier(layers, said.labels, said.rounding), metadata
