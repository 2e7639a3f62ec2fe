"""The three forms of a report, and writing them; the same value gives the same bytes."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import jinja2
from markupsafe import Markup

from sertool import files
from sertool.evaluation import Evaluation
from sertool.plain_values import to_plain
from sertool.rendering import environment
from sertool.report import evaluation_page, formatting, page, tradeoff_page
from sertool.report.report import Report
from sertool.report.tradeoff import Comparison
from sertool.version import __version__

_TEMPLATES = Path(__file__).parent / "templates"
_FILTERS = (
    "number",
    "plural",
    "size",
    "percent",
    "points",
    "short",
    "significant",
    "duration",
    "code_span",
    "markdown",
)


@functools.cache
def _environment() -> jinja2.Environment:
    filters = {name: getattr(formatting, name) for name in _FILTERS}
    return environment(_TEMPLATES, filters, lambda name: name is not None and name.endswith(".html.in"))


def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def render_html(report: Report) -> str:
    """Return `report.html`: one file with its style, pictures and the script that sorts tables.

    A content security policy keeps the page from the network and from running any other script.
    """
    return _page("report.html.in", page.context(report))


def render_comparison_html(comparison: Comparison) -> str:
    """Return `tradeoff.html`: several trade-offs on a page like the report's."""
    return _page("tradeoff.html.in", {"views": tradeoff_page.views(comparison)})


def render_comparison_json(comparison: Comparison) -> str:
    """Return `tradeoff.json`: what `Comparison.from_dict` reads, with the derived headline before it."""
    headline = [view.advice.sentence for view in tradeoff_page.views(comparison)]
    return _json({"format": comparison.FORMAT, "headline": headline, **to_plain(comparison)})


def render_evaluation_html(evaluation: Evaluation, links: Mapping[str, str]) -> str:
    """Return an evaluation's page, like the report's; `links` are the addresses of its clips, by file."""
    return _page("evaluation.html.in", evaluation_page.context(evaluation, links))


def _page(template: str, context: Mapping[str, object]) -> str:
    script = _asset("sort.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _environment().get_template(template).render(
        **context,
        version=__version__,
        style=Markup(_asset("style.css")),
        script=Markup(script),
        script_digest=digest,
    )  # fmt: skip


def render_json(report: Report) -> str:
    """Return `report.json`: what `Report.from_dict` reads, with the derived headline before it."""
    return _json(report.to_dict())


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def render_model_card(report: Report) -> str:
    """Return `model_card.md`."""
    template = _environment().get_template("model_card.md.in")
    return template.render(**page.context(report), version=__version__)


def write(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write `report.html`, `report.json` and `model_card.md` below `folder`: all of them, or none.

    Other files of the folder stay. Returns the paths; raises SertoolError where the disk refuses.
    """
    contents = {
        "report.html": render_html(report),
        "report.json": render_json(report),
        "model_card.md": render_model_card(report),
    }
    files.write_together(folder, contents)
    return tuple(folder / name for name in contents)


def write_comparison(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write `tradeoff.html` and `tradeoff.json` below `folder`: both, or none.

    Other files of the folder stay. Returns the paths; raises SertoolError where the disk refuses.
    """
    contents = {
        "tradeoff.html": render_comparison_html(comparison),
        "tradeoff.json": render_comparison_json(comparison),
    }
    files.write_together(folder, contents)
    return tuple(folder / name for name in contents)


def write_evaluation(
    evaluation: Evaluation, links: Mapping[str, str], folder: Path, name: str
) -> tuple[Path, Path]:
    """Write the page `name.html` and the figures `name.json` below `folder`: both, or none.

    `links` are the addresses of the clips, by file. Other files of the folder stay. Returns the paths; raises
    SertoolError where the disk refuses.
    """
    figures = {"format": evaluation.FORMAT, **to_plain(evaluation)}
    contents = {f"{name}.html": render_evaluation_html(evaluation, links), f"{name}.json": _json(figures)}
    files.write_together(folder, contents)
    return folder / f"{name}.html", folder / f"{name}.json"
