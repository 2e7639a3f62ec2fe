"""Jinja as every room uses it: templates end in `.in`, an undefined name is an error, C arrays are a filter."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import jinja2
import numpy as np

from sertool.locations import firmware_templates

_LINE = 100


def c_array(values: Iterable[int]) -> str:
    """Format integers as the body of a C array initializer, wrapped at 100 columns, rows flattened."""
    lines, line = [], "   "
    for value in np.asarray(values).ravel().tolist():
        # C has no negative literals: -2147483648 would be a long, negated.
        word = " (-2147483647 - 1)," if value == -(2**31) else f" {int(value)},"
        if len(line) + len(word) > _LINE:
            lines.append(line)
            line = "   "
        line += word
    return "\n".join([*lines, line])


def c_words(values: Iterable[int]) -> str:
    """Format unsigned 32-bit words as the body of a C array initializer, in hexadecimal, eight a line."""
    words = [f"0x{int(value):08x}u," for value in np.asarray(values).ravel().tolist()]
    return "\n".join("    " + " ".join(words[start : start + 8]) for start in range(0, len(words), 8))


def c_string(text: str) -> str:
    """Format text as a C string literal in ASCII, everything else as UTF-8 octal escapes."""
    body = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}" for byte in text.encode()
    )
    return f'"{body}"'


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(firmware_templates()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["c_array"] = c_array
    environment.filters["c_words"] = c_words
    environment.filters["c_string"] = c_string
    return environment


def render(template: str, **context: object) -> str:
    """Render `template`, a path below `firmware_templates` such as `project/ser_model.c.in`.

    Raises jinja2.UndefinedError where the template names something that `context` lacks.
    """
    return _environment().get_template(template).render(**context)
