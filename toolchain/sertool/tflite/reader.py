"""From a .tflite, ours or made elsewhere, to the integer graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sertool.errors import SertoolError
from sertool.files import read_whole
from sertool.graph.build import graph_of, roles_of
from sertool.graph.graph import IntegerGraph, Role
from sertool.graph.quantization import Rounding, ScaleProduct, Width
from sertool.json_files import checked_format, parse_json
from sertool.plain_values import Keys, Name, Source, WrongValue, from_plain, path_of
from sertool.tflite.layers import Found, read_layers
from sertool.tflite.soundness import check_sound
from sertool.tflite.view import View, view
from sertool.tflite.writer import METADATA_FORMAT, METADATA_NAME

#: Of a .tflite file; the flash of the largest board holds a hundredth.
MOST_BYTES = 64 * 2**20


def read(
    source: bytes | Path,
    *,
    where: Path | None = None,
    labels: Sequence[str] = (),
    rounding: Rounding = Rounding.DOUBLE,
    scale_product: ScaleProduct = ScaleProduct.DOUBLE,
) -> tuple[IntegerGraph, dict[str, Any]]:
    """Read a .tflite: its graph, and the `sertool` metadata ({} where it has none).

    It is given as a path, or as bytes, of which errors say that they are at `where`.
    `read(write(graph, metadata))` gives the same graph back. A file made elsewhere may hold the operators of
    `tflite.operators` on int8 (NONE, RELU or RELU6 fused; weights with one scale or one an output), each
    reading what is there when it runs; the graph has just these. Its layers are named `dense0` and so on, each
    width is the least that holds the codes. `labels` (default: `class0` ... where
    there is a SOFTMAX or an ARG_MAX, else none) and `rounding` are the caller's to say, and so is how to
    multiply where runtimes differ: `scale_product`, which the graph names where they do. What is read runs
    alike in every runtime that rounds and multiplies as the graph says. Raises SertoolError that names the
    operator or the tensor and what is allowed, and for a damaged or unreadable file.
    """
    if isinstance(source, Path):
        return read(
            read_whole(source, "the model", most=MOST_BYTES),
            where=source,
            labels=labels,
            rounding=rounding,
            scale_product=scale_product,
        )
    try:
        return _model(source, labels, rounding, scale_product)
    except SertoolError as error:
        if where is None:
            raise
        inside = f"{where}: {error.where}" if error.where else where
        raise SertoolError(error.what, where=inside, allowed=error.allowed, hint=error.hint) from error


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
    data: bytes, labels: Sequence[str], rounding: Rounding, scale_product: ScaleProduct
) -> tuple[IntegerGraph, dict[str, Any]]:
    content = view(data)
    if METADATA_NAME not in content.metadata:
        found, product = _found(content, None, scale_product)
        return graph_of(found.inputs, found.layers, labels or _numbered(found), rounding, product), {}
    hint = "copy or convert the file again"

    def place(keys: Keys) -> str:
        return f"metadata {METADATA_NAME!r}{': ' if keys else ''}{path_of(keys)}"

    source = Source("the model's metadata", place, hint)
    metadata = parse_json(content.metadata[METADATA_NAME], dict[str, object], source)
    own = {key: metadata[key] for key in ("format", "labels", "plan", "rounding") if key in metadata}
    said = from_plain(_Said, checked_format(own, _Said, source), source)
    found, product = _found(content, said.widths, scale_product)
    return graph_of(found.inputs, found.layers, said.labels, said.rounding, product), metadata


def _found(
    content: View, plan: Sequence[Width] | None, scale_product: ScaleProduct
) -> tuple[Found, ScaleProduct | None]:
    """Give the layers, and by which product they were read where that matters."""
    found = read_layers(content, plan, scale_product)
    check_sound(content)
    return found, None if found.alike else scale_product


def _numbered(found: Found) -> list[str]:
    """Number the classes of a classifier; another model has no labels."""
    roles = roles_of(found.layers)
    sizes = {layer.name: layer.output.size for layer in found.layers}
    classes = sizes[roles[Role.LOGITS]] if len(roles) > 1 else 0
    return [f"class{number}" for number in range(classes)]
