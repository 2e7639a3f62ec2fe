"""The card of a checkpoint, in Markdown, from what `checkpoint.json` says."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from sertool.checkpoints.checkpoint import Checkpoint
from sertool.rendering import environment
from sertool.report import formatting

_FILTERS = ("number", "plural", "percent", "duration", "code_span", "markdown")


@functools.cache
def _template() -> jinja2.Template:
    filters = {name: getattr(formatting, name) for name in _FILTERS}
    return environment(Path(__file__).parent / "templates", filters).get_template("card.md.in")


def render_card(checkpoint: Checkpoint) -> str:
    """Return `README.md`; the same checkpoint gives the same bytes."""
    return _template().render(checkpoint=checkpoint, corpus=checkpoint.corpus, terms=checkpoint.corpus.terms)
