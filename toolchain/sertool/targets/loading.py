"""Finding a board by name, alias or path."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from pathlib import Path

from sertool.errors import SertoolError
from sertool.locations import builtin_targets
from sertool.targets.target import Target
from sertool.toml_tables import load_table


def names() -> tuple[str, ...]:
    """Names of the boards that ship with sertool, sorted, without aliases."""
    return tuple(sorted(path.stem for path in builtin_targets().glob("*.toml")))


def check(path: Path) -> Target:
    """Load the target file at `path`, or raise SertoolError that names file, line and key."""
    target = load_table(path, Target, "target")
    if target.name != path.stem and path.parent == builtin_targets():
        raise SertoolError(f"in the target file: name = {target.name!r}", where=path, allowed=repr(path.stem))
    return target


def is_file(name: str | Path) -> bool:
    """Whether a target is named by a file of one's own, and not by one of sertool's names."""
    return isinstance(name, Path) or "/" in name or name.endswith(".toml")


def load(name: str | Path) -> Target:
    """Load a board by its name, its alias, or the path of a target file of your own.

    A word with a slash or the suffix `.toml` is a path. Raises SertoolError for an unknown name, with the
    known ones and the nearest, and for what is wrong in a file.
    """
    word = str(name)
    if is_file(name):
        return check(Path(name))
    known = _by_name(builtin_targets())
    if word in known:
        return known[word]
    near = difflib.get_close_matches(word, known, 1)
    raise SertoolError(
        f"unknown target {word!r}",
        allowed=", ".join(sorted(known)) + ", or the path of a target file",
        hint=f"did you mean {near[0]}?" if near else "sertool targets list",
    )


@functools.cache
def _by_name(folder: Path) -> Mapping[str, Target]:
    boards: dict[str, Target] = {}
    for path in sorted(folder.glob("*.toml")):
        target = check(path)
        for word in (target.name, *target.aliases):
            if word in boards:
                raise SertoolError(f"two targets are called {word!r}", where=folder)
            boards[word] = target
    return boards
