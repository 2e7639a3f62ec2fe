"""What an error says of its input stays readable, however long that is."""

from __future__ import annotations

import pytest

from sertool.errors import LONGEST_LINE, SertoolError


@pytest.mark.parametrize("length", [LONGEST_LINE, LONGEST_LINE + 1, 100_000])
def test_a_long_line_loses_its_middle(length: int) -> None:
    line = ("begin" + "-" * length)[: length - 3] + "end"
    error = SertoolError(f"first\n{line}", where=line, allowed=line)
    told = [*error.what.split("\n")[1:], error.where, error.allowed]
    if length == LONGEST_LINE:
        assert told == [line] * 3
    for text in told:
        assert text and len(text) == LONGEST_LINE
        assert text.startswith("begin") and text.endswith("end")
        assert ("[...]" in text) == (length > LONGEST_LINE)
    assert error.what.startswith("first\n")
