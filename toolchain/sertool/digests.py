"""SHA-256 digests of files, values, folders and code: what says that two things are the same."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
from collections.abc import Container
from pathlib import Path


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def value_digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def tree_digest(folder: Path, but: Container[Path] = ()) -> str:
    """Digest the names and contents of all files below `folder`, those of `but` left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path not in but)
    return value_digest({path.relative_to(folder).as_posix(): file_digest(path) for path in files})


@functools.cache
def code_digest(places: tuple[str, ...]) -> str:
    """Digest what this package's modules and folders `places` do: comments and docstrings play no part."""
    package = Path(__file__).resolve().parent
    found = hashlib.sha256()
    for place in (package / name for name in places):
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                    node.body = node.body[1:]
            found.update(ast.dump(tree).encode())
    return found.hexdigest()
