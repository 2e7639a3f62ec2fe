"""Jinja as every room uses it: templates end in `.in`, an undefined name is an error, C arrays are a filter."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import jinja2
import numpy as np
from jinja2.bccache import Bucket

from sertool.caches import keep, kept, trim, use
from sertool.digests import file_digest, value_digest
from sertool.locations import cache_folder, firmware_templates

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


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in the user's cache, for this Jinja, as long as this file and `filters` are the same.

    This file says how templates are compiled, and filters of constants are computed then.
    """

    def __init__(self, filters: Iterable[Callable[..., str]]) -> None:
        files = {Path(__file__), *(Path(inspect.getfile(each)) for each in filters)}
        self._decides = [jinja2.__version__, *sorted(map(file_digest, files))]

    def load_bytecode(self, bucket: Bucket) -> None:
        place = self._place(bucket)
        code = kept(place)
        if code is not None:
            use(place)
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        place = self._place(bucket)
        keep(place, bucket.bytecode_to_string())
        trim(place.parent)

    def _place(self, bucket: Bucket) -> Path:
        return cache_folder("templates") / value_digest([*self._decides, bucket.key, bucket.checksum])[:20]


def environment(
    folder: Path,
    filters: Mapping[str, Callable[..., str]],
    escapes: Callable[[str | None], bool] | bool = False,
) -> jinja2.Environment:
    """Jinja for the templates in `folder`, with more `filters`.

    `escapes` says of which template what is put in is escaped as HTML.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=escapes,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_Compiled(filters.values()),
    )
    made.filters.update(filters)
    return made


@functools.cache
def _environment() -> jinja2.Environment:
    return environment(firmware_templates(), {each.__name__: each for each in (c_array, c_words, c_string)})


def render(template: str, **context: object) -> str:
    """Render `template`, a path below `firmware_templates` such as `project/ser_model.c.in`.

    Raises jinja2.UndefinedError where the template names something that `context` lacks.
    """
    return _environment().get_template(template).render(**context)
