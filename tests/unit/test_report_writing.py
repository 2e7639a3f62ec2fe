"""Writing the three files: together, beside what is there, or not at all."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from report_example import bare, example

from sertool.errors import SertoolError
from sertool.report import Report, render_html, render_json, render_model_card, write

NAMES = ["model_card.md", "report.html", "report.json"]


def test_three_files_from_one_value(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    assert sorted(path.name for path in write(example(), folder)) == NAMES
    assert (folder / "report.html").read_text(encoding="utf-8") == render_html(example())
    assert (folder / "model_card.md").read_text(encoding="utf-8") == render_model_card(example())
    text = (folder / "report.json").read_text(encoding="utf-8")
    assert text == render_json(example())
    assert Report.from_dict(json.loads(text)) == example()


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write(bare(), tmp_path)
    write(example(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, "notes.txt"])
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_full_disk_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(bare(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real = Path.write_text

    def full(self: Path, data: str, encoding: str | None = None) -> int:
        if self.name == "model_card.md":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        return real(self, data, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SertoolError, match="no space left on device"):
        write(example(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("taken")
    with pytest.raises(SertoolError, match="taken by something of another kind"):
        write(example(), tmp_path / "report")
