"""The main job: one command from labelled recordings to an image that equals what Python predicted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import Run
from sertool.firmware.footprints import PUBLIC

PROJECT = """\
name = "small"

[corpus]
path = "speech"
speaker_pattern = "/(?P<speaker>s[0-9])_"

[frontend]
preset = "laq180"

[training]
hidden = [32, 16]
epochs = 8

[quantization]
bits = "1,ternary,4"

[fine_tuning]
epochs = 6
"""

STAGES = ["train", "quantize", "convert", "render", "compile", "simulate"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, speech: Path) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "speech").symlink_to(speech)
    (folder / "sertool.toml").write_text(PROJECT)
    return folder


@pytest.fixture(scope="module")
def built(sertool: Run, project: Path) -> dict[str, object]:
    done = sertool("build", "--json", "--board-clips", 2, folder=project)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_build_leaves_everything_and_all_engines_agree(built: dict[str, object], project: Path) -> None:
    assert built["ran"] == STAGES
    assert built["exact"] is True
    folder = project / "build" / "stm32"
    for name in (
        "model/float.npz", "model/laq.json", "model/model.tflite", "model/model.lut.tflite",
        "model/model_data.c", "model/labels.txt", "firmware/Makefile", "firmware/CMakeLists.txt",
        "image/firmware.elf",
        "image/firmware.hex", "image/firmware.bin", "image/firmware.map", "report/report.html",
        "report/report.json", "report/model_card.md", "manifest.json", "verification.json",
    ):  # fmt: skip
        assert (folder / name).stat().st_size > 0, name
    engines = json.loads((folder / "report" / "report.json").read_text())["exactness"]["engines"]
    assert [engine["engine"] for engine in engines] == [
        "tflm", "tflite", "host", "host, from PCM", "emulator:cortex-m4", "emulator:cortex-m4, from PCM",
        "board:stm32f405",
    ]  # fmt: skip
    layers = [layer["layer"] for layer in engines[-1]["layers"]]
    assert layers == ["features", "input", "dense1", "dense2", "logits", "probabilities", "label", "answer"]


@pytest.mark.slow
def test_a_second_build_does_nothing_again(sertool: Run, built: dict[str, object], project: Path) -> None:
    readme = project / "build" / "stm32" / "firmware" / "README.md"
    written = readme.read_text()
    assert [line.split("`")[1] for line in written.splitlines() if line.startswith("| `ser_")] == list(PUBLIC)
    done = sertool("build", "--json", "--board-clips", 2, folder=project)
    assert json.loads(done.stdout)["ran"] == []
    # The README is what `compile` leaves: it comes back, with the same figures, and nothing else is done again.
    readme.write_text("damaged\n")
    sertool("render", folder=project)
    assert "Not measured yet" in readme.read_text()
    done = sertool("build", "--json", "--board-clips", 2, folder=project)
    assert json.loads(done.stdout)["ran"] == ["compile"]
    assert readme.read_text() == written


@pytest.mark.slow
def test_later_stages_know_the_recordings_without_being_told(
    sertool: Run, built: dict[str, object], project: Path, tmp_path: Path
) -> None:
    shutil.copytree(project / "build", tmp_path / "build")
    done = sertool("simulate", "--engines", "host", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clips"] == 6


@pytest.mark.slow
def test_another_seed_goes_back_to_training_and_other_bits_to_quantizing(
    sertool: Run, built: dict[str, object], project: Path, tmp_path: Path
) -> None:
    shutil.copytree(project / "build", tmp_path / "build")
    options = ("--json", "--board-clips", 1, "--output", tmp_path / "build")
    done = sertool("build", *options, "--bits", "1,1,4", folder=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ran"] == STAGES[1:]
    assert json.loads(done.stdout)["plan"] == "1,1,4"
    done = sertool("train", "--json", "--output", tmp_path / "build", "--seed", 1, folder=project)
    assert done.returncode == 0, done.stderr
    before = (tmp_path / "build" / "stm32" / "manifest.json").read_bytes()
    for stage in ("convert", "render", "report"):
        done = sertool(stage, "--output", tmp_path / "build", folder=project)
        assert (done.returncode, "changed since the network was quantized" in done.stderr) == (2, True)
    assert (tmp_path / "build" / "stm32" / "manifest.json").read_bytes() == before


@pytest.mark.slow
def test_an_interrupted_build_leaves_nothing_half_written_and_goes_on_to_the_same_bytes(
    sertool: Run, built: dict[str, object], project: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-c",
        "from sertool.cli.main import main; main()",
        "build",
        "--output",
        str(tmp_path),
    ]
    process = subprocess.Popen(
        command, cwd=project, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    stamp = tmp_path / "stm32" / ".stages" / "train.json"
    deadline = time.monotonic() + 120
    while not stamp.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "interrupted" in said
    assert "Traceback" not in said
    left = [path for path in (tmp_path / "stm32").rglob(".*.*") if path.parent.name != ".stages"]
    assert [path.name for path in left] == [".target.json"]
    done = sertool("build", "--json", "--board-clips", 0, "--output", tmp_path, folder=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ran"] == STAGES[1:]
    first, again = project / "build" / "stm32", tmp_path / "stm32"
    for name in ("manifest.json", "image/firmware.bin", "model/model.tflite", "model/laq.json"):
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.slow
def test_a_model_that_does_not_fit_says_by_how_much_and_what_would(
    sertool: Run, built: dict[str, object], project: Path, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[2] / "targets" / "stm32f405.toml").read_text()
    text = text.replace('"stm32f405"', '"tiny"').replace('"stm32"', '"tiny1"').replace("0x10_0000", "0x8000")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("kept"))
    board = tmp_path / "tiny.toml"
    board.write_text(text)
    shutil.copytree(project / "build" / "stm32", tmp_path / "build" / "tiny")
    options = ("--target", board, "--output", tmp_path / "build", "--board-clips", 0)
    done = sertool("build", "--bits", "8,8,8", *options, folder=project)
    assert done.returncode == 2, done.stderr
    assert "flash is" in done.stderr
    assert "bytes too small" in done.stderr
    plan = done.stderr.split("--bits ")[1].split(" would fit")[0]
    done = sertool("build", "--bits", plan, *options, folder=project)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("target", ["microbit", "mps2-an505"])
def test_another_board_gives_the_same_integers(
    sertool: Run, built: dict[str, object], project: Path, tmp_path: Path, target: str
) -> None:
    shutil.copytree(project / "build" / "stm32", tmp_path / target)
    done = sertool(
        "build", "--json", "--target", target, "--output", tmp_path, "--board-clips", 2, folder=project
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ran"] == ["render", "compile", "simulate"]
    assert json.loads(done.stdout)["exact"] is True


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("1,4", "too few widths: logits have none"),
        ("1,1,4,8", "too many widths: 4 for 3 layers"),
        ("1,9,8", "unsupported width '9' for layer dense2"),
    ],
)
@pytest.mark.slow
def test_plans_that_do_not_fit_the_network(
    sertool: Run, built: dict[str, object], project: Path, plan: str, message: str
) -> None:
    before = (project / "build" / "stm32" / "model" / "laq.json").read_bytes()
    done = sertool("quantize", "--bits", plan, folder=project)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert (project / "build" / "stm32" / "model" / "laq.json").read_bytes() == before
