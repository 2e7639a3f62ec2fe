"""`sertool new`: a commented project file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from sertool.cli.options import project_option
from sertool.cli.output import show_path


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@project_option("corpus.path")
@project_option("target")
def new(folder: Path, corpus: str | None, target: str | None) -> None:
    """Write a commented sertool.toml."""
    from sertool.project.new import write_project

    path = write_project(folder, corpus=corpus, target=target)
    click.echo(f"wrote {show_path(path)}; next: sertool build --project {show_path(path)}")
