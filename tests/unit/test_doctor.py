"""`sertool doctor`: what is missing for which build, and when that is no failure."""

from __future__ import annotations

import importlib.metadata
import json

import pytest
from click.testing import CliRunner

from sertool.cli.main import cli
from sertool.project.doctor import FIRMWARE, RECORDINGS, examine


def without(monkeypatch: pytest.MonkeyPatch, *absent: str) -> None:
    version = importlib.metadata.version

    def found(name: str) -> str:
        if name in absent:
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", found)


def test_without_packages_of_training_there_are_checkpoints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(monkeypatch, "tensorflow", "unicorn")
    done = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "absent   tensorflow" in done.output and "MISSING" not in done.output
    assert "pip install 'sertool[train]'" in done.output
    last = done.output.splitlines()[-1]
    assert last.startswith("ready to build from a checkpoint") and last.endswith("without tensorflow, unicorn")
    told = json.loads(CliRunner().invoke(cli, ["doctor", "--json"], standalone_mode=False).output)
    assert (told["ready"], told["ready_for_recordings"]) == (True, False)


def test_without_a_compiler_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    done = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert done.return_value == 1
    assert "MISSING  host C compiler" in done.output
    assert done.output.splitlines()[-1] == "1 missing: host C compiler"


def test_everything_is_for_something() -> None:
    findings = examine()
    assert all(each.use and each.remedy for each in findings)
    assert {each.needed_for for each in findings} == {FIRMWARE, RECORDINGS, None}
    assert len({each.name for each in findings}) == len(findings)
