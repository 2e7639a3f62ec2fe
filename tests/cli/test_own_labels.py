"""Labels, speakers and parts from a table, and lists of files, through the commands that read recordings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from commands import Run

QUICK = ("--epochs", 1, "--hidden", 8, "--bits", "8,8")


@pytest.fixture
def heap(tmp_path: Path, speech: Path) -> Path:
    """The labelled speech in one flat folder, with a table beside it that says label, speaker and part."""
    rows = ["File;Label;Speaker;Part"]
    (tmp_path / "heap").mkdir()
    for path in sorted(speech.rglob("*.wav")):
        speaker = path.stem.split("_")[0]
        name = f"{path.parent.name}-{path.name}"
        shutil.copy(path, tmp_path / "heap" / name)
        part = {"s0": "test", "s1": "dev"}.get(speaker, "train")
        rows.append(f".\\{name};{'Wut' if path.parent.name == 'anger' else path.parent.name};{speaker};{part}")
    shutil.copy(path, tmp_path / "heap" / "unnamed.wav")
    (tmp_path / "labels.csv").write_bytes("\r\n".join(rows).encode("utf-16"))
    return tmp_path / "heap"


def parts(folder: Path) -> dict[str, set[str]]:
    split = json.loads((folder / "stm32" / "model" / "split.json").read_text())
    assert split["protocol"] == "own"
    return {part: {clip["speaker"] for clip in split[part]} for part in ("train", "validation", "test")}


def test_a_table_says_labels_speakers_and_parts(sertool: Run, heap: Path, tmp_path: Path) -> None:
    (tmp_path / "sertool.toml").write_text('[corpus]\npath = "heap"\nlabels = "labels.csv"\n')
    (tmp_path / "elsewhere").mkdir()
    told = ("--project", tmp_path / "sertool.toml")
    done = sertool("train", *told, *QUICK[:4], folder=tmp_path / "elsewhere")
    assert done.returncode == 0, done.stderr
    assert "own, seed 0: train 24, validation 12, test 12" in done.stderr
    assert "labels read as: Wut as anger" in done.stderr
    assert "1 audio files without a label were left out: unnamed.wav" in done.stderr
    assert parts(tmp_path / "build") == {"train": {"s2", "s3"}, "validation": {"s1"}, "test": {"s0"}}
    done = sertool("quantize", "--output", tmp_path / "build", *QUICK[:2], *QUICK[4:], folder=tmp_path)
    assert done.returncode == 0, done.stderr


def test_lists_of_files_and_labels_by_pattern(sertool: Run, heap: Path, tmp_path: Path) -> None:
    names = [path.name for path in sorted(heap.glob("*-s0_*.wav"))]
    (tmp_path / "testing_list.txt").write_text("\n".join(names))
    told = ("--corpus", heap, "--label-pattern", "(?P<label>[a-z]+)-(?P<speaker>s[0-9])", "--test-list")
    done = sertool("train", *told, "testing_list.txt", *QUICK[:4], "--output", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no clip is in the part validation, which is drawn from train" in done.stderr
    assert parts(tmp_path / "out")["test"] == {"s0"}
    done = sertool("corpus", "audit", heap, *told[2:], "testing_list.txt", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "split own (1 fold): of the tested clips 0% are of a trained speaker" in done.stdout
    assert "split speaker (4 folds, 0 to 3)" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--labels", "labels.csv"), "labels: this speaks of recordings, and no recordings are named"),
        (("--corpus", "heap"), "cannot tell what corpus this is"),
        (("--corpus", "heap", "--labels", "labels.csv", "--fold", 1), "no fold 1 in protocol own"),
        (("--corpus", "heap", "--test-list", "x", "--protocol", "speaker"), "test_list would decide nothing"),
        (("--corpus", "heap", "--layout", "labels"), "no layout: 'labels'"),
        (
            ("--corpus", ".", "--kind", "folder"),
            "nothing tells a label: the folders look like no more than a place (heap)",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    sertool: Run, heap: Path, tmp_path: Path, options: tuple[str | int, ...], message: str
) -> None:
    done = sertool("train", *map(str, options), "--output", "out", folder=tmp_path)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_sweep_and_a_build_by_a_table(sertool: Run, heap: Path, tmp_path: Path) -> None:
    (tmp_path / "sertool.toml").write_text('[sweep]\nhidden = [[8]]\nplans = ["8"]\nseeds = 1\n')
    told = ("--corpus", heap, "--labels", "labels.csv", "--epochs", 1)
    done = sertool("sweep", *told, "--jobs", 1, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {(row["protocol"], row["fold"]) for row in json.loads(done.stdout)["rows"]} == {("own", 0)}
    done = sertool("build", *told, *QUICK[2:], "--board-clips", 1, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    image = (tmp_path / "build/stm32/image/firmware.bin").read_bytes()
    shutil.move(tmp_path / "build", tmp_path / "first")
    again = ("--again", tmp_path / "first/stm32/manifest.json", "--corpus", heap, "--labels", "labels.csv")
    done = sertool("build", *again, "--board-clips", 1, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "build/stm32/image/firmware.bin").read_bytes() == image
