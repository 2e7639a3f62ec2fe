"""`sertool corpus`: what recordings there are, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import click

from sertool.cli.audit_text import audit_text
from sertool.cli.options import telling_options
from sertool.cli.output import emit, json_option, show_path
from sertool.cli.setting_names import as_options
from sertool.cli.stages import build
from sertool.corpora import Listed
from sertool.project import Project


@click.group()
def corpus() -> None:
    """Recordings: list, audit, synthesize."""


@corpus.command("list")
@json_option
def list_corpora(as_json: bool) -> None:
    """List the known corpora, where they were found, and how to get the others."""
    from sertool import corpora

    known = corpora.known()
    emit({"corpora": [row.to_dict() for row in known]}, "\n\n".join(map(listed_text, known)), as_json)


def listed_text(row: Listed) -> str:
    """Say it for a terminal, in two or three lines."""
    if row.root is None:
        return f"{row.name}: not here\n  terms: {row.terms}\n  {as_options(row.how, build)}"
    if row.problem is not None:
        return f"{row.name}: not read as it is\n  at {row.root}\n  {row.problem}"
    size = f"{row.clips} clips, {row.speakers} speakers, {row.emotions} emotions"
    return f"{row.name} ({row.kind}): {size}\n  at {row.root}\n  terms: {row.terms}"


@corpus.command("audit")
@click.argument("path")
@telling_options
@json_option
def audit_corpus(path: str, as_json: bool, **telling: str | None) -> None:
    """Find duplicates, clipping, silence, odd rates and what would leak between splits in PATH."""
    from sertool import corpora

    found = corpora.audit(corpora.load(path, **telling), shortest=Project().frontend.spec.frame_length)
    emit(found.to_dict(), audit_text(found), as_json)


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
