"""An installed wheel works as an editable checkout does: outside it, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(command: list[str | Path], folder: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel and its core dependencies, without TensorFlow."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    # The locked versions, so that this test and the checkout speak of the same packages.
    run([python, "-m", "pip", "install", "--quiet", "--constraint", constraints(folder), wheel], folder)
    return folder


def constraints(folder: Path) -> Path:
    path = folder / "constraints.txt"
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    path.write_text(
        "\n".join(line.rstrip(" \\") for line in lines if "==" in line and not line.startswith(" "))
    )
    return path


@pytest.mark.slow
def test_the_wheel_finds_templates_and_targets(installed: Path) -> None:
    python = installed / "venv" / "bin" / "python"
    code = (
        "import sertool.locations as l, sertool; print(sertool.__file__);"
        "print(len(list(l.firmware_templates().rglob('*.c'))), len(list(l.builtin_targets().glob('*.toml'))))"
    )
    where, counts = run([python, "-c", code], installed).splitlines()
    assert Path(where).is_relative_to(installed)
    sources = len(list((ROOT / "firmware_templates").rglob("*.c")))
    boards = len(list((ROOT / "targets").glob("*.toml")))
    assert counts == f"{sources} {boards}"


@pytest.mark.slow
def test_the_installed_command_lists_targets_and_renders_without_tensorflow(
    installed: Path, small_model: Path
) -> None:
    sertool = installed / "venv" / "bin" / "sertool"
    assert "stm32f405" in run([sertool, "targets", "list"], installed)
    model = installed / "build" / "stm32" / "model"
    model.mkdir(parents=True)
    (model / "model.tflite").write_bytes(small_model.read_bytes())
    run([sertool, "render", "--target", "stm32"], installed)
    run(["make", "-s"], installed / "build" / "stm32" / "firmware")
    frozen = run([installed / "venv" / "bin" / "python", "-m", "pip", "freeze"], installed)
    assert "tensorflow" not in frozen
