"""The card of a checkpoint, in Markdown, from what `checkpoint.json` says."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from sertool.checkpoints.checkpoint import Checkpoint
from sertool.report import formatting


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for name in ("number", "plural", "percent", "duration", "code_span", "markdown"):
        environment.filters[name] = getattr(formatting, name)
    return environment.get_template("card.md.in")


def render_card(checkpoint: Checkpoint) -> str:
    """Return `README.md`; the same checkpoint gives the same bytes."""
    return _template().render(checkpoint=checkpoint, corpus=checkpoint.corpus, terms=checkpoint.corpus.terms)
