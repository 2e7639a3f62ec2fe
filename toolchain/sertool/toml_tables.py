"""TOML files into frozen dataclasses; what is wrong is named by file, line and key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from sertool.errors import SertoolError
from sertool.files import read_text
from sertool.plain_values import Keys, Source, from_plain
from sertool.toml_lines import line_of

Table = TypeVar("Table")

_MOST_BYTES = 2**18

#: A key of many parts, over which the parser would take time without end.
_LONG_KEY = re.compile(r"""(?m)(?:^|[\[{,])[ \t]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){32}""")


def load_table(path: Path, table: type[Table], kind: str) -> Table:
    """Read the TOML file `path` as the dataclass `table`; `kind` ("project", "target") is for the messages.

    Raises SertoolError for a file that is missing, unreadable, malformed or larger than 256 KiB, and as
    `plain_values.from_plain` does.
    """
    # Editors of other systems put a byte order mark in front.
    text = read_text(path, f"the {kind} file", most=_MOST_BYTES).removeprefix("\ufeff")

    def place(keys: Keys) -> str:
        return f"{path}:{line_of(text, keys)}"

    source = Source(f"the {kind} file", place)
    if _LONG_KEY.search(text):
        raise SertoolError(f"in {source.name}: a key has too many parts", where=path, allowed="at most 32")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SertoolError(
            f"{source.name} is not valid TOML: {error}",
            where=f"{path}:{line[1]}" if line else path,
            hint="strings need quotes; a table begins with [name]",
        ) from error
    except ValueError as error:
        raise SertoolError(f"in {source.name}: an integer has too many digits", where=path) from error
    except RecursionError as error:
        raise SertoolError(f"in {source.name}: brackets stand too deep", where=path) from error
    return from_plain(table, values, source)
