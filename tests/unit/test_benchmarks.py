"""Benchmarks that lack something or are interrupted: their files stay whole, and what lacks is named."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sertool.digests import value_digest
from sertool.errors import CheckFailed, SertoolError

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
CORPORA = ("emodb", "savee", "ravdess", "tess")
FILES = {
    "frontend": BENCHMARKS / "frontend.json",
    "pitch": BENCHMARKS / "pitch.json",
    "following": BENCHMARKS / "following.json",
    "kernels": BENCHMARKS / "kernels.json",
    "build": BENCHMARKS / "build.json",
    "allocation": BENCHMARKS / "allocation.json",
    "evidence": BENCHMARKS.parent / "results" / "accuracy.json",
}


@pytest.fixture(params=list(FILES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def output(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copy(FILES[name], tmp_path / FILES[name].name))


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has one corpus of all."""
    (tmp_path / "corpora" / "emodb").mkdir(parents=True)
    monkeypatch.setenv("SERTOOL_CORPORA", str(tmp_path / "corpora"))
    return tmp_path / "corpora"


def load(name: str, output: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--output", str(output)])
    monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module(name)
    monkeypatch.delitem(sys.modules, name)
    return module


def test_without_corpora_and_cross_compiler_the_file_stays_and_what_lacks_is_named(
    name: str, output: Path
) -> None:
    before = output.read_text()
    # The host's compiler stays within reach.
    tools = output.parent / "tools"
    tools.mkdir()
    for tool in ("gcc", "cc", "as", "ld"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    environment = {**os.environ, "PATH": str(tools)}
    environment.pop("SERTOOL_CORPORA", None)
    command = [sys.executable, BENCHMARKS / f"{name}.py", "--output", output]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert output.read_text() == before
    for lacking in {
        "kernels": ("kernels",),
        "frontend": (*CORPORA, "cores"),
        "pitch": (*CORPORA, "cores"),
        "allocation": CORPORA[:2],
    }.get(name, CORPORA):
        assert lacking in done.stderr
    assert "not measured, left as it is" in done.stderr and "Traceback" not in done.stderr


def test_an_interruption_leaves_the_file_whole(
    name: str, output: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = output.read_text()
    module = load(name, output, monkeypatch)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    for work in ("measure", "count", "experiment"):
        if hasattr(module, work):
            monkeypatch.setattr(module, work, interrupted)
    if name == "evidence":
        monkeypatch.setattr(module.corpora, "load", interrupted)
    with pytest.raises(KeyboardInterrupt):
        module.main()
    assert output.read_text() == before
    assert [path.name for path in output.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["build", "allocation"], indirect=True)
def test_what_is_here_is_measured_and_the_rest_stays(
    name: str, output: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = load(name, output, monkeypatch)
    before = json.loads(output.read_text())
    made = {"corpus": "emodb", "preset": "moments", "made": "now"}

    def measure(corpus: object, preset: str = "moments", *_: object) -> dict[str, str]:
        if preset == "laq180":
            raise SertoolError("no tool for this")
        return made

    monkeypatch.setattr(module, "measure", measure)
    module.main()
    after = json.loads(output.read_text())
    assert (after["builds"] if name == "build" else after) == [
        made if (row["corpus"], row.get("preset", "moments")) == ("emodb", "moments") else row
        for row in (before["builds"] if name == "build" else before)
    ]
    told = capsys.readouterr().err
    assert "left as it is: savee" in told
    assert name == "allocation" or "left as it is: emodb, laq180: no tool for this" in told


@pytest.mark.parametrize("name", ["evidence"], indirect=True)
def test_evidence_of_one_corpus_keeps_that_of_the_others(
    name: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load(name, output, monkeypatch)
    before = json.loads(output.read_text())
    place = {"corpus": "emodb", "descriptors": "moments", "protocol": "random10"}
    own = [row for row in before["rows"] if place.items() <= row.items()]
    manifest = {**before["manifests"][own[0]["manifest"]], "seeds": [7]}
    made = [{**row, "manifest": value_digest(manifest)} for row in own[:2]]
    module.keep(output, made, manifest)
    after = json.loads(output.read_text())
    assert after["rows"] == [row for row in before["rows"] if row not in own] + made
    assert manifest in after["manifests"].values()
    assert len(after["manifests"]) == len(before["manifests"])


@pytest.mark.parametrize("name", ["evidence"], indirect=True)
def test_networks_of_members_stand_beside_those_of_one(
    name: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load(name, output, monkeypatch)
    before = json.loads(output.read_text())
    row = next(row for row in before["rows"] if row["descriptors"] == "prosody")
    one = before["manifests"][row["manifest"]]
    for seeds in ([7], [8]):
        manifest = {**one, "training": {**one["training"], "members": 64}, "seeds": seeds}
        made = [{**row, "manifest": value_digest(manifest)}]
        module.keep(output, made, manifest)
    assert json.loads(output.read_text())["rows"] == before["rows"] + made


@pytest.mark.parametrize("name", ["evidence"], indirect=True)
def test_every_series_of_evidence_asks_for_networks_that_its_members_can_share(
    name: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load(name, output, monkeypatch)
    for series, what in module.SERIES.items():
        for protocol in what.protocols:
            asked = module.experiment("emodb", what, protocol, (0,))
            trials = module.trials(series, protocol)
            assert asked.training.members == what.members
            assert trials
            if what.members > 1:
                assert {trial.hidden for trial in trials} == {asked.training.hidden}


@pytest.mark.parametrize("name", ["kernels"], indirect=True)
def test_a_check_that_fails_is_no_lack(name: str, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(name, output, monkeypatch)

    def failing(*_: object) -> None:
        raise CheckFailed("differs")

    monkeypatch.setattr(module, "measure", failing)
    with pytest.raises(CheckFailed, match="differs"):
        module.main()
