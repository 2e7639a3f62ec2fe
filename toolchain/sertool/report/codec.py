"""A report or a comparison out of what its JSON says: the format is checked, the derived headline left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sertool.json_files import checked_format
from sertool.plain_values import Source, from_plain, path_of

Value = TypeVar("Value")


def document(kind: type[Value], data: object, name: str) -> Value:
    """Build the `kind` that is called `name`; raises SertoolError as `plain_values.from_plain` does."""
    hint = "run `sertool report` again, with the sertool that wrote the file"
    source = Source(f"the {name}", lambda keys: path_of((name, *keys)), hint)
    fields = checked_format(data, kind, source)
    if isinstance(fields, Mapping):
        fields = {key: item for key, item in fields.items() if key != "headline"}
    return from_plain(kind, fields, source)
