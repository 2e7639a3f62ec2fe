"""`sertool corpus`: what recordings there are, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import click

from sertool.cli.options import telling_options
from sertool.cli.output import emit, json_option, show_path


@click.group()
def corpus() -> None:
    """Recordings: list, audit, synthesize."""


@corpus.command("list")
@json_option
def list_corpora(as_json: bool) -> None:
    """List the known corpora, where they were found, and how to get the others."""
    from sertool import corpora

    known = corpora.known()
    emit(
        {"corpora": [entry.to_dict() for entry in known]}, "\n\n".join(entry.text() for entry in known), as_json
    )


@corpus.command("audit")
@click.argument("path")
@telling_options
@json_option
def audit_corpus(path: str, as_json: bool, **telling: str | None) -> None:
    """Find duplicates, clipping, silence, odd rates and what would leak between splits in PATH."""
    from sertool import corpora

    found = corpora.audit(corpora.load(path, **telling))
    emit(found.to_dict(), found.text(), as_json)


@corpus.command("synthesize")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default=0, show_default=True)
def synthesize_corpus(folder: Path, seed: int) -> None:
    """Write the synthetic corpus (voiced, prosody-varied utterances) into FOLDER."""
    from sertool import corpora

    made = corpora.synthesize(folder, seed=seed)
    click.echo(
        f"wrote {len(made.clips)} synthetic clips of {len(made.speakers)} voices to {show_path(made.root)}"
    )
