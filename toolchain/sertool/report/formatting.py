"""Numbers as a reader wants them; every form of the report uses these and no other."""

from __future__ import annotations

import math
import re

#: No-break space: a number and its unit stay on one line.
NBSP = "\u00a0"
MINUS = "\u2212"


def number(value: int) -> str:
    """Return a whole number with thousands separated: 168160 gives `168,160`."""
    return f"{value:,}".replace("-", MINUS)


def plural(value: int, noun: str) -> str:
    """Return a counted noun: 1 gives `1 clip`, 54 gives `54 clips`."""
    return f"{number(value)}{NBSP}{noun}{'' if value == 1 else 's'}"


def size(value: int) -> str:
    """Return bytes as a person compares them: B, KiB or MiB, with one decimal where it is not whole."""
    for unit, factor in (("MiB", 1024**2), ("KiB", 1024)):
        if abs(value) >= factor:
            digits = 1 if value % factor else 0
            return f"{value / factor:,.{digits}f}{NBSP}{unit}".replace("-", MINUS)
    return f"{value}{NBSP}B".replace("-", MINUS)


def percent(fraction: float, digits: int = 1) -> str:
    """Return a fraction as percent: 0.7593 gives `75.9 %`."""
    return f"{100 * fraction:.{digits}f}{NBSP}%".replace("-", MINUS)


def points(difference: float) -> str:
    """Return a difference of fractions in percentage points, signed; one that rounds to zero has no sign."""
    text = f"{100 * difference:+.1f}"
    return ("0.0" if text in ("+0.0", "-0.0") else text).replace("-", MINUS)


def short(value: float) -> str:
    """Return a large count with three significant digits: 5018204 gives `5.02 M`."""
    for unit, factor in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        # What would round up to 1000 of a unit is told in the next one.
        if value >= factor * 0.9995:
            return f"{significant(value / factor)}{NBSP}{unit}"
    return f"{value:.0f}"


def significant(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits and no exponent: 0.00213 stays `0.00213`."""
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    # Rounding may carry into a new digit: 9.999 is 10.0, not 10.00.
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(round(value, decimals)))))
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """Return seconds of audio as minutes and seconds or hours and minutes: 1488 gives `24 min 48 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}{NBSP}h {whole % 3600 // 60:02d}{NBSP}min"
    return f"{whole // 60}{NBSP}min {whole % 60:02d}{NBSP}s"


def code_span(text: str) -> str:
    """Return a text as a code span of Markdown, fenced by more backticks than it holds in a row."""
    line = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{line}{space}{fence}"


def markdown(text: object) -> str:
    """Escape a text for one line of Markdown, table cells included."""
    line = " ".join(str(text).split())
    return "".join(f"\\{mark}" if mark in "\\`*_[]<>|#&" else mark for mark in line)
