"""The report of a build: one frozen value, rendered as HTML, JSON and a model card."""

from sertool.report.model import Report
from sertool.report.rendering import (
    render_html,
    render_json,
    render_model_card,
    render_tradeoff_html,
    write,
    write_tradeoffs,
)
from sertool.report.tradeoff import Estimate, Tradeoff, TradeoffPoint

__all__ = [
    "Estimate",
    "Report",
    "Tradeoff",
    "TradeoffPoint",
    "render_html",
    "render_json",
    "render_model_card",
    "render_tradeoff_html",
    "write",
    "write_tradeoffs",
]
