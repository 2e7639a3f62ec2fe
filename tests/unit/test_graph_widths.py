"""Widths: what they hold and how they are written."""

from __future__ import annotations

import pytest

from sertool.graph import TERNARY, Width


@pytest.mark.parametrize(
    ("text", "bits", "largest", "zero", "written"),
    [
        ("1", 1, 1, False, "1"),
        ("ternary", 2, 1, True, "ternary"),
        (" T ", 2, 1, True, "ternary"),
        (2, 2, 1, True, "2"),
        ("4", 4, 7, True, "4"),
        (8, 8, 127, True, "8"),
    ],
)
def test_a_width_is_read_and_written(
    text: str | int, bits: int, largest: int, zero: bool, written: str
) -> None:
    width = Width.parse(text)
    assert (width.bits, width.largest_code, width.has_zero, str(width)) == (bits, largest, zero, written)
    assert width.ternary == (width == TERNARY)


@pytest.mark.parametrize("text", ["0", "9", "1.5", "", "two", "-1"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"unsupported width '{text}': 1, ternary, 2"):
        Width.parse(text)


@pytest.mark.parametrize(("bits", "ternary"), [(0, False), (9, False), (3, True)])
def test_other_widths_are_refused(bits: int, ternary: bool) -> None:
    with pytest.raises(ValueError, match="unsupported width"):
        Width(bits, ternary)
