"""The same bytes again: from a manifest, in another folder, with recordings that moved, or told why not."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

from commands import Run

FILES = ("manifest.json", "image/firmware.bin", "image/firmware.hex", "model/model.tflite", "model/laq.json")
OPTIONS = (
    "--hidden", "24,12", "--epochs", 3, "--seed", 5, "--preset", "laq180", "--protocol", "speaker", "--fold", 1,
    "--strategy", "uniform", "--max-bytes", 2500, "--name", "mine",
)  # fmt: skip
PROJECT = """\
target = "boards/small.toml"
[corpus]
path = "speech"
speaker_pattern = "/(?P<speaker>s[0-9])_"
[training]
dropout = 0.3
batch_size = 16
class_weights = true
[fine_tuning]
distillation = 0.5
[quantization.importance]
bins = 32
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sertool: Run, speech: Path) -> Path:
    """A build by a project file and options that say other than the defaults, for a board of one's own."""
    folder = tmp_path_factory.mktemp("again") / "first"
    shutil.copytree(speech, folder / "speech")
    (folder / "boards").mkdir()
    text = (Path(__file__).parents[2] / "targets" / "stm32f405.toml").read_text()
    (folder / "boards" / "small.toml").write_text(text.replace('"stm32f405"', '"small"').replace('"stm32"', ""))
    (folder / "sertool.toml").write_text(PROJECT)
    done = sertool("build", *OPTIONS, "--board-clips", 0, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


def same(first: Path, again: Path) -> None:
    for name in FILES:
        assert (first / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.slow
def test_the_printed_command_gives_the_same_bytes_from_another_folder(
    sertool: Run, built: Path, tmp_path: Path
) -> None:
    report = json.loads((built / "build" / "small" / "report" / "report.json").read_text())
    command = report["manifest"]["command"]
    assert f"`{command}`" in (built / "build" / "small" / "report" / "model_card.md").read_text()
    (tmp_path / "sertool.toml").write_text("[training]\nepochs = 1\n")
    words = shlex.split(command)
    assert words[0] == "sertool"
    done = sertool(*words[1:], "--board-clips", 0, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    same(built / "build" / "small", tmp_path / "build" / "small")


@pytest.mark.slow
def test_recordings_that_moved_to_a_folder_of_another_name_give_the_same_bytes(
    sertool: Run, built: Path, tmp_path: Path
) -> None:
    manifest = shutil.copy(built / "build" / "small" / "manifest.json", tmp_path / "m.json")
    shutil.copytree(built / "speech", tmp_path / "moved")
    shutil.copy(built / "boards" / "small.toml", tmp_path / "small.toml")
    places = ("--corpus", "moved", "--target", "small.toml", "-o", "out")
    done = sertool("build", "--again", manifest, *places, "--board-clips", 0, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    same(built / "build" / "small", tmp_path / "out" / "small")


@pytest.mark.slow
def test_stages_told_of_their_settings_one_by_one_leave_the_manifest_of_a_build(
    sertool: Run, built: Path, tmp_path: Path
) -> None:
    for name in ("speech", "boards"):
        (tmp_path / name).symlink_to(built / name)
    (tmp_path / "sertool.toml").write_text(PROJECT)
    words = list(map(str, OPTIONS))
    pairs = {words[place]: words[place + 1] for place in range(0, len(words), 2)}
    split = {"--hidden", "--epochs", "--seed", "--preset", "--protocol", "--fold"}
    for stage, flags in (
        ("train", split),
        ("quantize", {"--epochs", "--seed", "--strategy", "--max-bytes"}),
        ("convert", set()),
        ("render", {"--name"}),
    ):
        said = [word for flag in pairs.keys() & flags for word in (flag, pairs[flag])]
        done = sertool(stage, *said, folder=tmp_path)
        assert done.returncode == 0, done.stderr
    first = (built / "build" / "small" / "manifest.json").read_bytes()
    assert (tmp_path / "build" / "small" / "manifest.json").read_bytes() == first


@pytest.mark.slow
def test_what_is_not_as_it_was_is_told_before_the_work(sertool: Run, built: Path, tmp_path: Path) -> None:
    manifest = built / "build" / "small" / "manifest.json"
    again = ("build", "--again", manifest, "--target", built / "boards" / "small.toml")
    done = sertool(*again, folder=tmp_path)
    assert (done.returncode, "and --corpus was said" in done.stderr) == (2, True), done.stderr
    done = sertool(*again, "--corpus", built / "speech", "--epochs", 3, folder=tmp_path)
    assert (done.returncode, "the manifest says what --epochs would" in done.stderr) == (2, True), done.stderr
    other = shutil.copytree(built / "speech", tmp_path / "other")
    (other / "anger" / "s0_0.wav").unlink()
    done = sertool(*again, "--corpus", other, folder=tmp_path)
    assert (done.returncode, "recordings.clips.t" in done.stderr) == (2, True), done.stderr
    board = tmp_path / "small.toml"
    board.write_text((built / "boards" / "small.toml").read_text().replace("168_000_000", "84_000_000"))
    done = sertool(*again[:3], "--target", board, "--corpus", built / "speech", folder=tmp_path)
    assert (done.returncode, "target.digest" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "build").exists()
    plain = json.loads(manifest.read_text())
    plain["versions"]["numpy"] = "0.1"
    (tmp_path / "m.json").write_text(json.dumps(plain))
    copied = shutil.copytree(built / "build", tmp_path / "build")
    done = sertool(
        "build", "--again", tmp_path / "m.json", *again[3:], "--corpus", built / "speech", "--board-clips", 0,
        "-o", copied, folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.index("not as it was, so bytes may differ: numpy is") < done.stderr.index("still holds")
    assert "these are not the same bytes again: versions.numpy is" in done.stderr
