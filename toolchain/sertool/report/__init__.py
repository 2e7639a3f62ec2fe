"""The report of a build, and comparisons: frozen values, rendered as HTML, JSON and a model card."""

from sertool.report.report import Report
from sertool.report.tradeoff import Comparison, Estimate, Tradeoff, TradeoffPoint
from sertool.report.writing import (
    render_comparison_html,
    render_comparison_json,
    render_evaluation_html,
    render_html,
    render_json,
    render_model_card,
    write,
    write_comparison,
    write_evaluation,
)

__all__ = [
    "Comparison",
    "Estimate",
    "Report",
    "Tradeoff",
    "TradeoffPoint",
    "render_comparison_html",
    "render_comparison_json",
    "render_evaluation_html",
    "render_html",
    "render_json",
    "render_model_card",
    "write",
    "write_comparison",
    "write_evaluation",
]
