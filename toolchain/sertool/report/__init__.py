"""The report of a build, and comparisons: frozen values, rendered as HTML, JSON and a model card."""

from sertool.report.model import Report
from sertool.report.rendering import (
    render_comparison_html,
    render_comparison_json,
    render_html,
    render_json,
    render_model_card,
    write,
    write_comparison,
)
from sertool.report.tradeoff import Comparison, Estimate, Tradeoff, TradeoffPoint

__all__ = [
    "Comparison",
    "Estimate",
    "Report",
    "Tradeoff",
    "TradeoffPoint",
    "render_comparison_html",
    "render_comparison_json",
    "render_html",
    "render_json",
    "render_model_card",
    "write",
    "write_comparison",
]
