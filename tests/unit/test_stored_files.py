"""Files that are read back: damaged ones are refused in one error, and there is one way in for all of them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from stored_kinds import kinds

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "toolchain" / "sertool"
CAMPAIGN = ROOT / "tests" / "campaigns" / "stored_files.py"

#: Calls that turn bytes into values, and the modules that may make them.
WAYS_IN = {
    "json.load": set(),
    "json.loads": {"json_files.py"},
    "tomllib.load": set(),
    "tomllib.loads": {"toml_tables.py"},
    # Messages between two processes of this package, not a file.
    "np.load": {"engines/interpreter_process.py"},
    "np.fromfile": set(),
    "np.loadtxt": set(),
    "zipfile.ZipFile": {"array_files.py"},
    "lzma.LZMADecompressor": {"checkpoints/storing.py"},
    "sqlite3.connect": {"experiments/store.py"},
    "pickle.load": set(),
    "pickle.loads": set(),
    "yaml.load": set(),
    "yaml.safe_load": set(),
    "ast.literal_eval": set(),
}


def test_there_is_one_way_in_for_each_form() -> None:
    found: dict[str, set[str]] = {name: set() for name in WAYS_IN}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                if name in found:
                    found[name].add(path.relative_to(PACKAGE).as_posix())
    assert found == WAYS_IN


def test_none_of_these_is_imported_under_another_name() -> None:
    rooms = {name.split(".")[0] for name in WAYS_IN} - {"np"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in rooms, f"{path}: from {node.module} import ..."
            if isinstance(node, ast.Import):
                renamed = {alias.name for alias in node.names if alias.asname}
                assert not renamed & rooms, f"{path}: import ... as"


#: Another front end has to be compiled, other recordings to be made, before they can be refused.
SLOW = ("frontend", "training")
QUICK = tuple(sorted({*kinds(Path())} - {*SLOW}))


@pytest.mark.parametrize(
    ("kinds", "seed", "count"),
    [
        (QUICK, 0, 10),
        pytest.param(SLOW, 1, 150, marks=pytest.mark.slow),
        pytest.param(QUICK, 1, 100, marks=pytest.mark.slow),
    ],
    ids=["some", "slow", "many"],
)
def test_no_damaged_file_ends_in_anything_but_one_error(kinds: tuple[str, ...], seed: int, count: int) -> None:
    done = subprocess.run(
        [sys.executable, CAMPAIGN, "--seed", str(seed), "--count", str(count), "--kind", *kinds],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1 + len(kinds)
