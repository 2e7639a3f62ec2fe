"""`sertool new`: a commented project file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from sertool.cli.output import show_path


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("-c", "--corpus", help="Folder of recordings, or a name below $SERTOOL_CORPORA.")
@click.option("-t", "--target", default="stm32", show_default=True, help="Board.")
def new(folder: Path, corpus: str | None, target: str) -> None:
    """Write a commented sertool.toml."""
    from sertool.project.new import write_project

    path = write_project(folder, corpus=corpus, target=target)
    click.echo(f"wrote {show_path(path)}; next: sertool build --project {show_path(path)}")
