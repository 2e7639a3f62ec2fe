"""The report of a build: one frozen value, rendered as HTML, JSON and a model card."""

from sertool.report.model import Report
from sertool.report.rendering import render_html, render_json, render_model_card, write

__all__ = ["Report", "render_html", "render_json", "render_model_card", "write"]
