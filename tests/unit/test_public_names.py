"""The names of the package, as Python gives them at first use and as type checkers see them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sertool


def seen() -> dict[str, str]:
    """Name by name the module that a type checker takes it from."""
    module = ast.parse(Path(sertool.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in module.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name))
    return {
        str(alias.asname): str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    }


def test_type_checkers_and_python_find_each_name_in_the_same_module() -> None:
    assert seen() == sertool._HOMES
    assert sorted([*sertool._HOMES, "__version__"]) == sorted(sertool.__all__) == dir(sertool)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(sertool, "nothing")  # noqa: B009


@pytest.mark.slow
def test_mypy_sees_types(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sertool\nreveal_type(sertool.train)\nreveal_type(sertool.Project)\nsertool.nothing\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(script)]
    root = Path(__file__).parents[2]
    told = subprocess.run(command, capture_output=True, text=True, cwd=root).stdout
    assert 'type is "def (project: sertool.project.config.Project' in told
    assert 'type is "def (name: str' in told
    assert 'script.py:4: error: Module has no attribute "nothing"' in told
