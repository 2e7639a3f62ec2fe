"""Changing what a .tflite holds, to make files that others might make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sertool.tflite import flatbuffer
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL

Record = dict[str, Any]


def edited(model: bytes, *edits: Callable[[Record], object]) -> bytes:
    """The file with its record changed by each of `edits`."""
    record = flatbuffer.decode(MODEL, model, FILE_IDENTIFIER)
    for edit in edits:
        edit(record)
    return flatbuffer.encode(MODEL, _present(record), FILE_IDENTIFIER)


def tensor(record: Record, name: str) -> Record:
    """The tensor of this name."""
    return next(entry for entry in record["subgraphs"][0]["tensors"] if entry["name"] == name)


def operator(record: Record, number: int) -> Record:
    """The operator of this number."""
    return record["subgraphs"][0]["operators"][number]


def without_metadata(record: Record) -> None:
    """Make the file look foreign."""
    record["metadata"] = []


def without_tensor(name: str) -> Callable[[Record], object]:
    """Take a tensor out of the list, and out of the inputs of operators."""

    def cut(record: Record) -> None:
        subgraph = record["subgraphs"][0]
        number = next(index for index, entry in enumerate(subgraph["tensors"]) if entry["name"] == name)
        del subgraph["tensors"][number]
        for holder in (subgraph, *subgraph["operators"]):
            for side in ("inputs", "outputs"):
                kept = holder[side][holder[side] != number]
                holder[side] = kept - (kept > number)

    return cut


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(field) for name, field in value.items() if field is not None}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return (value[0], _present(value[1])) if isinstance(value, tuple) else value
