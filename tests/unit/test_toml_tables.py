"""TOML into dataclasses: every refusal names file, line and key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sertool.errors import SertoolError
from sertool.toml_tables import load_table


@dataclass(frozen=True)
class Inner:
    size: int
    ratio: float = 0.5
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("size is negative")


@dataclass(frozen=True)
class Outer:
    title: str
    inner: Inner
    folder: Path | None = None
    on: bool = False
    extra: dict[str, int] = field(default_factory=dict)


def load(tmp_path: Path, text: str) -> Outer:
    path = tmp_path / "x.toml"
    path.write_text(text)
    return load_table(path, Outer, "example")


def test_values_arrive_with_their_types(tmp_path: Path) -> None:
    text = 'title = "t"\nfolder = "a/b"\non = true\n'
    text += '[inner]\nsize = 3\nratio = 1\nnames = ["x", "y"]\n[extra]\na = 1\n'
    assert load(tmp_path, text) == Outer("t", Inner(3, 1.0, ("x", "y")), Path("a/b"), True, {"a": 1})


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('title = "t"\n[inner]\nsize = 1\nsiez = 2\n', 4, "unknown key 'siez'"),
        ('title = "t"\n[inner]\nratio = 1.0\n', 2, "'inner.size' is missing"),
        ('title = "t"\n\n[inner]\nsize = "big"\n', 4, "inner.size = 'big' has the wrong type"),
        ('title = "t"\n[inner]\nsize = 1.5\n', 3, "has the wrong type"),
        ('title = "t"\n[inner]\nsize = true\n', 3, "has the wrong type"),
        ('title = "t"\n[inner]\nsize = -1\n', 2, "size is negative"),
        ('title = "t"\non = 1\n[inner]\nsize = 1\n', 2, "has the wrong type"),
        ('title = "t"\n[inner]\nsize = 1\nnames = [1]\n', 4, "has the wrong type"),
        ("title = t\n", 1, "not valid TOML"),
        ('inner = 3\ntitle = "t"\n', 1, "has the wrong type"),
    ],
)
def test_refusals_name_line_and_key(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(SertoolError) as caught:
        load(tmp_path, text)
    assert message in caught.value.what
    assert caught.value.where == f"{tmp_path / 'x.toml'}:{line}"


def test_a_near_miss_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="did you mean size"):
        load(tmp_path, 'title = "t"\n[inner]\nsiz = 1\n')


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match="cannot read the example file"):
        load_table(tmp_path / "none.toml", Outer, "example")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SertoolError, match="not UTF-8"):
        load_table(tmp_path / "x.toml", Outer, "example")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = " + "[" * 3000, "brackets stand too deep"),
        ('title = "t"\n[inner]\nsize = ' + "1" * 5000, "too many digits"),
        ('title = "t"\n[inner]\nsize = 0x' + "f" * 5000, "an integer of 20000 bits has the wrong type"),
        ('title = "t"\n[inner]\nsize = 1\nratio = 1' + "0" * 400, "an integer of 1329 bits has the wrong type"),
        ('title = "t"\n[inner]\nsize = 1\nratio = nan', "ratio = nan has the wrong type"),
        ('title = "t"\n[inner]\nsize = 1\nratio = -inf', "ratio = -inf has the wrong type"),
        ('title = "a\\u0000b"\n[inner]\nsize = 1', "has the wrong type"),
        ("title" + ".a" * 30 + " = 1", "a table has the wrong type"),
        ("title" + ".a" * 100_000 + " = 1", "a key has too many parts"),
        ("[title" + '."a"' * 50_000 + "]", "a key has too many parts"),
        ("title = {a" + ".a" * 100_000 + " = 1}", "a key has too many parts"),
        ("#" * (2**18 + 1), "the example file is too large"),
    ],
)
def test_deep_long_and_endless_values_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SertoolError, match=message):
        load(tmp_path, text)
