"""What a command prints: a line for people, or one JSON object for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from sertool.cli.setting_names import as_options
from sertool.errors import printable

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


def emit(value: Mapping[str, object], text: str, as_json: bool) -> None:
    """Print `value` as JSON, or `text`, on standard output."""
    click.echo(json.dumps(value, indent=2, sort_keys=True) if as_json else printable(as_options(text)))


def show_path(path: Path) -> str:
    """A path as a person at this folder would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def table(rows: Sequence[tuple[str, ...]], header: tuple[str, ...]) -> str:
    """Left-aligned columns under a header, separated by two spaces."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
