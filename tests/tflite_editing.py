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


def without_metadata(record: Record) -> None:
    """Make the file look foreign."""
    record["metadata"] = []


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(field) for name, field in value.items() if field is not None}
    if isinstance(value, list):
        return [_present(item) for item in value]
    return (value[0], _present(value[1])) if isinstance(value, tuple) else value
