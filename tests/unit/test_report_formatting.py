"""Numbers and texts as the report prints them."""

from __future__ import annotations

import pytest

from sertool.report import formatting
from sertool.report.formatting import MINUS, NBSP


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        ("number", 168160, "168,160"),
        ("number", -20, f"{MINUS}20"),
        ("size", 224, f"224{NBSP}B"),
        ("size", 8192, f"8{NBSP}KiB"),
        ("size", 11520, f"11.2{NBSP}KiB"),
        ("size", 1024**2, f"1{NBSP}MiB"),
        ("size", -2048, f"{MINUS}2{NBSP}KiB"),
        ("percent", 0.75926, f"75.9{NBSP}%"),
        ("points", -0.019, f"{MINUS}1.9"),
        ("points", 0.0004, "0.0"),
        ("points", -0.0004, "0.0"),
        ("points", 0.02, "+2.0"),
        ("short", 5_018_204, f"5.02{NBSP}M"),
        ("short", 61_207, f"61.2{NBSP}k"),
        ("short", 999_900, f"1.00{NBSP}M"),
        ("short", 732, "732"),
        ("short", 0, "0"),
        ("significant", 0.00183, "0.00183"),
        ("significant", 9.999, "10.0"),
        ("significant", 168.0, "168"),
        ("significant", -0.5, f"{MINUS}0.500"),
        ("significant", 0, "0"),
        ("duration", 1487.3, f"24{NBSP}min 47{NBSP}s"),
        ("duration", 3661, f"1{NBSP}h 01{NBSP}min"),
        ("code_span", "plain", "`plain`"),
        ("code_span", "a``b", "``` a``b ```"),
        ("markdown", "a|b\n<c>_*", "a\\|b \\<c\\>\\_\\*"),
    ],
)
def test_formatting(function: str, value: object, text: str) -> None:
    assert getattr(formatting, function)(value) == text


def test_a_noun_follows_its_number() -> None:
    assert formatting.plural(1, "clip") == f"1{NBSP}clip"
    assert formatting.plural(1440, "clip") == f"1,440{NBSP}clips"
