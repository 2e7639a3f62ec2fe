"""From a .tflite, ours or made elsewhere, to the integer graph."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sertool.errors import SertoolError
from sertool.graph.build import classifier
from sertool.graph.model import IntegerGraph
from sertool.graph.quantization import Rounding, Width
from sertool.tflite.layers import read_layers
from sertool.tflite.view import View, view
from sertool.tflite.writer import METADATA_NAME


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


def _model(
    data: bytes, labels: Sequence[str] | None, rounding: Rounding
) -> tuple[IntegerGraph, dict[str, Any]]:
    content = view(data)
    metadata = _metadata(content)
    if metadata is None:
        layers = read_layers(content, None)
        labels = labels or [f"class{number}" for number in range(layers[-1].outputs)]
        return classifier(layers, labels, rounding), {}
    layers = read_layers(content, _widths(metadata))
    return classifier(layers, _texts(metadata, "labels"), _rounding(metadata)), metadata


def _metadata(content: View) -> dict[str, Any] | None:
    if METADATA_NAME not in content.metadata:
        return None
    try:
        metadata = json.loads(content.metadata[METADATA_NAME])
    except (ValueError, RecursionError) as error:
        raise _damaged("it is no JSON") from error
    if not isinstance(metadata, dict):
        raise _damaged("it is no JSON object")
    return metadata


def _texts(metadata: Mapping[str, Any], key: str) -> list[str]:
    texts = metadata.get(key)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _damaged(f"{key!r} is not a list of texts")
    return texts


def _widths(metadata: Mapping[str, Any]) -> list[Width]:
    try:
        return [Width.parse(text) for text in _texts(metadata, "plan")]
    except ValueError as error:
        raise _damaged(f"'plan': {error}") from error


def _rounding(metadata: Mapping[str, Any]) -> Rounding:
    known = {mode.value: mode for mode in Rounding}
    try:
        return known[metadata["rounding"]]
    except (KeyError, TypeError) as error:
        raise _damaged(f"'rounding' is not one of {', '.join(known)}") from error


def _damaged(what: str) -> SertoolError:
    return SertoolError(
        f"the model's metadata is damaged: {what}",
        where=f"metadata {METADATA_NAME!r}",
        allowed="what sertool wrote there",
        hint="copy or convert the file again",
    )
