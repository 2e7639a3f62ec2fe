"""Digests of all that decides a result, so that it is taken up again exactly where it still holds."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import json
from dataclasses import asdict
from pathlib import Path

from sertool.experiments.sweep.plans import Wanted
from sertool.training import FineTuningConfig, TrainingConfig

#: The code and the packages that decide what training gives.
_CODE = ("training", "laq", "graph", "experiments/sweep/learning.py", "experiments/sweep/plans.py")
_PACKAGES = ("numpy", "tensorflow", "tf-keras", "tensorflow-model-optimization")


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@functools.cache
def code_digest(places: tuple[str, ...]) -> str:
    """Digest what this package's modules below `places` do: their comments and docstrings play no part."""
    package = Path(__file__).resolve().parents[2]
    found = hashlib.sha256()
    for place in (package / name for name in places):
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                    node.body = node.body[1:]
            found.update(ast.dump(tree).encode())
    return found.hexdigest()


@functools.cache
def tree_digest(folder: Path) -> str:
    """Digest the names and contents of all files below `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest(
        [[path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()] for path in files]
    )


@functools.cache
def learning_digest() -> str:
    """Digest code and packages that decide what training gives; machines that share a sweep have it alike."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "absent"
    return digest([code_digest(_CODE), versions])


def row_key(
    origin: dict[str, str], case: str, wanted: Wanted, training: TrainingConfig, tuning: FineTuningConfig
) -> str:
    """Digest all that decides a row but its image.

    `origin` is what the row says of the corpus, `case` a `running.case_digest`; `training` holds the hidden
    sizes, both configurations the seed.
    """
    return digest(
        {
            "origin": origin,
            "case": case,
            "wanted": asdict(wanted),
            "training": asdict(training),
            "fine_tuning": asdict(tuning),
            "learning": learning_digest(),
        }
    )
