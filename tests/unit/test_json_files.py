"""JSON files: bounded, strict, of one format; what is wrong is named by file, key and what makes it again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from sertool.errors import SertoolError
from sertool.json_files import json_text, kept_json, load_json


@dataclass(frozen=True)
class Saved:
    FORMAT: ClassVar[int] = 2
    sizes: tuple[int, ...]
    share: float = 0.0


def saved(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "saved.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    text = json_text(Saved((1, 2), 0.5))
    assert text == '{\n  "format": 2,\n  "share": 0.5,\n  "sizes": [\n    1,\n    2\n  ]\n}\n'
    assert load_json(saved(tmp_path, text), Saved, "again") == Saved((1, 2), 0.5)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", ":1", "saved.json is damaged: it is not valid JSON"),
        ('{"format": 2,\n"sizes": [1,]}', ":2", "not valid JSON"),
        (b'{"format": 2, "sizes": "\xff"}', "", "not UTF-8"),
        ("[" * 100_000, "", "brackets stand too deep"),
        ('{"a":' * 100_000, "", "brackets stand too deep"),
        ('{"format": 2, "sizes": [%s]}' % ("1" * 5000), "", "an integer has too many digits"),
        ('{"format": 2, "sizes": [1], "sizes": [2]}', "", "the key 'sizes' stands twice"),
        ('{"format": 2, "sizes": [1, null]}', ": sizes[1]", "None has the wrong type"),
        ('{"format": 2, "sizes": [1], "share": NaN}', ": share", "nan has the wrong type"),
        ('{"format": 2, "sizes": [1], "share": 1e999}', ": share", "inf has the wrong type"),
        ("[1]", "", "a list has the wrong type"),
        ('{"sizes": [1]}', ": format", "no format is said"),
        ('{"format": true, "sizes": [1]}', ": format", "no format is said"),
        (
            '{"format": 3, "length": [1]}',
            ": format",
            "it has format 3, of a newer sertool(.|\n)*the sertool that",
        ),
        (
            '{"format": 1, "size": 1}',
            ": format",
            "format 1, of an older sertool\n.*\n.*format 2\n.*sertool again",
        ),
        ('"%s"' % ("x" * 2**24), "", "saved.json is too large"),
    ],
)
def test_refusals(tmp_path: Path, text: str | bytes, place: str, message: str) -> None:
    path = saved(tmp_path, text)
    with pytest.raises(SertoolError, match=message) as caught:
        load_json(path, Saved, "run: sertool again")
    assert caught.value.where == f"{path}{place}"
    assert caught.value.hint
    assert kept_json(path, Saved) is None


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json", Path("nul\0")):
        with pytest.raises(SertoolError, match="cannot read"):
            load_json(path, Saved, "again")
