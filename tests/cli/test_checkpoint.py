"""`--checkpoint`: an image without recordings, training and TensorFlow; what cannot be one or go with one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkpoint_examples import example
from commands import Run
from sertool.checkpoints.storing import MODEL, RECORD

#: Runs the command line, and fails where it took up what only training needs.
WITHOUT_TRAINING = """\
import sys
from sertool.cli.main import main
try:
    main()
finally:
    heavy = {"tensorflow", "tf_keras", "librosa", "sklearn"} & sys.modules.keys()
    assert not heavy, heavy
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, small_model: Path) -> Path:
    """A folder with the checkpoint `mine` in it, and a build of that."""
    folder = tmp_path_factory.mktemp("checkpoint")
    example(folder / "mine", small_model.read_bytes())
    command = [sys.executable, "-c", WITHOUT_TRAINING, "build", "--checkpoint", "./mine", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder / "built.json").write_text(done.stdout)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name[0] != "."
    }


def test_the_image_is_verified_and_says_what_it_was_made_of(place: Path, small_model: Path) -> None:
    built = json.loads((place / "built.json").read_text())
    assert (built["exact"], built["ran"]) == (True, ["checkpoint", "render", "compile", "simulate"])
    folder = place / "build" / "stm32"
    assert (folder / "model" / "model.tflite").read_bytes() == small_model.read_bytes()
    report = json.loads((folder / "report" / "report.json").read_text())
    engines = {engine["engine"]: engine["clips"] for engine in report["exactness"]["engines"]}
    assert {"host": 14, "host, from PCM": 14, "emulator:cortex-m4": 14}.items() <= engines.items()
    assert any("board" in engine for engine in engines)
    assert "**The recordings' terms exclude commercial use" in (folder / "report" / "model_card.md").read_text()
    assert [each["protocol"] for each in report["evaluations"]] == ["speaker"]
    assert report["headline"]["strangers_accuracy"] == 0.5
    manifest = json.loads((folder / "manifest.json").read_text())
    seal = json.loads((place / "mine" / RECORD).read_text())["seal"]
    assert manifest["checkpoint"] == {"name": "mine", "seal": seal, "word": None}
    assert manifest["settings"] is manifest["recordings"] is None
    assert str(place) not in json.dumps(manifest)


def test_what_holds_is_not_done_again_and_a_manifest_gives_the_same_bytes(
    sertool: Run, place: Path, tmp_path: Path
) -> None:
    done = sertool("build", "--checkpoint", "./mine", "--json", folder=place)
    assert json.loads(done.stdout)["ran"] == [], done.stderr
    manifest = place / "build" / "stm32" / "manifest.json"
    done = sertool("build", "--again", manifest, "--checkpoint", place / "mine", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("manifest.json", "image/firmware.bin", "model/model.tflite"):
        again = tmp_path / "build" / "stm32" / name
        assert again.read_bytes() == (place / "build" / "stm32" / name).read_bytes(), name
    done = sertool("build", "--again", manifest, folder=tmp_path)
    assert (done.returncode, "--checkpoint" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--bits", "1"), "--bits"),
        (("--corpus", "emodb"), "--corpus"),
        (("--epochs", "150"), "--epochs"),
        (("--seed", "0", "--skip-bad", "--hidden", "8"), "--seed, --skip-bad, --hidden"),
    ],
)
def test_an_option_that_would_decide_nothing_is_refused(
    sertool: Run, place: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = sertool("build", "--checkpoint", place / "mine", *words, folder=tmp_path)
    assert done.returncode == 2
    assert f"a checkpoint brings its network: {told} would decide nothing" in done.stderr
    assert "where: --checkpoint" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_project_file_says_where_and_for_what_and_nothing_of_the_network(
    sertool: Run, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "sertool.toml").write_text('target = "microbit"\n[corpus]\npath = "nowhere"\n')
    done = sertool("build", "--checkpoint", place / "mine", "--board-clips", 0, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "build" / "microbit" / "image" / "firmware.hex").exists()


@pytest.mark.parametrize("name", [RECORD, MODEL])
def test_a_damaged_checkpoint_leaves_the_build_before_as_it_was(
    sertool: Run, place: Path, tmp_path: Path, name: str
) -> None:
    for source in ("mine", "build"):
        subprocess.run(["cp", "-r", place / source, tmp_path], check=True)
    before = files(tmp_path / "build")
    path = tmp_path / "mine" / name
    data = path.read_bytes()
    path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    done = sertool("build", "--checkpoint", "./mine", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path / "build") == before


def test_a_checkpoint_that_is_not_there_is_one_error(sertool: Run, tmp_path: Path) -> None:
    for word, told in (
        ("./nothing", "cannot read checkpoint.json"),
        ("nothing", "unknown checkpoint 'nothing'"),
    ):
        done = sertool("build", "--checkpoint", word, folder=tmp_path)
        assert (done.returncode, done.stderr.startswith(f"error: {told}")) == (2, True), done.stderr
    assert not (tmp_path / "build").exists() or not any((tmp_path / "build").rglob("*.*"))


def test_recordings_of_labels_that_the_network_does_not_know_are_refused(
    sertool: Run, place: Path, speech: Path, tmp_path: Path
) -> None:
    (tmp_path / "speech").mkdir()
    for number, label in enumerate(("anger", "surprise")):
        (tmp_path / "speech" / label).mkdir()
        source = speech / "anger" / f"s0_{number}.wav"
        (tmp_path / "speech" / label / "a.wav").write_bytes(source.read_bytes())
    built = place / "build" / "stm32"
    words = ("--corpus", tmp_path / "speech", "--output", tmp_path / "out")
    done = sertool("evaluate", "--build", built, *words, folder=tmp_path)
    assert (done.returncode, "never trained on" in done.stderr) == (2, True), done.stderr
    assert not (built / "evaluation").exists()


def test_a_model_that_was_put_in_afterwards_is_refused(sertool: Run, place: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", place / "build", tmp_path], check=True)
    model = tmp_path / "build" / "stm32" / "model" / "model.tflite"
    model.write_bytes(model.read_bytes() + b"\0")
    done = sertool("render", folder=tmp_path)
    assert (done.returncode, "is not that of the checkpoint mine" in done.stderr) == (2, True), done.stderr


def test_simulate_hears_a_few_utterances_where_there_is_no_split(sertool: Run, place: Path) -> None:
    done = sertool("simulate", "--engines", "host", "--clips", 2, "--json", folder=place)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clips"] == 2


def test_list_names_what_ships(sertool: Run) -> None:
    done = sertool("checkpoint", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout)["checkpoints"], list)


def test_a_build_of_a_checkpoint_is_not_exported_as_one(sertool: Run, place: Path, tmp_path: Path) -> None:
    done = sertool("checkpoint", "export", place / "build" / "stm32", "--name", "again", folder=tmp_path)
    assert (done.returncode, "did not train its network" in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []
