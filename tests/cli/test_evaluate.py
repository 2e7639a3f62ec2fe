"""`sertool evaluate` as a person runs it: every fold, interruptions, built models on other recordings."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from commands import Run
from sertool import corpora, tflite
from sertool.augmentation import Degradation
from sertool.augmentation.gain import Gain
from sertool.corpora.synthesis import perform
from sertool.errors import SertoolError
from sertool.experiments.store import read
from sertool.json_files import json_text

PROJECT = """\
[corpus]
path = "speech"
protocol = "speaker"
speaker_pattern = "/(?P<speaker>s[0-9])_"

[frontend]
preset = "laq180"

[training]
hidden = [8]
epochs = 4

[quantization]
max_bytes = 4000

[fine_tuning]
epochs = 3

[evaluation]
seeds = 1
"""
FOLDS = 4


@pytest.fixture
def project(tmp_path: Path, speech: Path) -> Path:
    (tmp_path / "speech").symlink_to(speech)
    (tmp_path / "sertool.toml").write_text(PROJECT)
    return tmp_path


def figures(folder: Path, name: str = "evaluation") -> bytes:
    return (folder / "build" / "stm32" / "evaluation" / f"{name}.json").read_bytes()


def finished(path: Path) -> bool:
    try:
        return bool(read(path))
    except SertoolError:
        return False


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sertool: Run, speech: Path) -> Path:
    """A project whose every fold has been evaluated."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "speech").symlink_to(speech)
    (folder / "sertool.toml").write_text(PROJECT)
    done = sertool("evaluate", "--jobs", 2, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_interrupted_and_typed_again_it_ends_as_if_it_had_not_been(
    sertool: Run, whole: Path, project: Path
) -> None:
    found = json.loads(figures(whole))
    assert (found["folds"], found["repeats"]) == (FOLDS, "folds")
    assert [network["speakers"] for network in found["networks"]] == [[f"s{fold}"] for fold in range(FOLDS)]
    assert sum(map(sum, found["confusion"])) == 48
    assert all(network["bytes"] <= 4000 for network in found["networks"])
    # As a terminal does it: the signal goes to the workers too.
    process = subprocess.Popen(
        [sys.executable, "-c", "from sertool.cli.main import main; main()", "evaluate", "--jobs", "1"],
        cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    path = project / "build" / "stm32" / "evaluation" / "evaluation.sqlite"
    deadline = time.monotonic() + 300
    while not finished(path) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Traceback" not in said and "Warning" not in said
    kept = read(path)
    assert 1 <= len(kept) < FOLDS
    assert [file.name for file in path.parent.iterdir()] == ["evaluation.sqlite"]
    again = sertool("evaluate", "--json", folder=project)
    assert json.loads(again.stdout)["learned"] == FOLDS - len(kept)
    assert figures(project) == figures(whole)


@pytest.mark.slow
def test_following_stands_beside_following_nobody(sertool: Run, project: Path) -> None:
    done = sertool("evaluate", "--jobs", 2, "--standardization", "running", folder=project)
    assert done.returncode == 0, done.stderr
    assert "speaker-running, 4 folds" in done.stdout and "gain of following" in done.stdout
    found = json.loads(figures(project))
    again = sertool("evaluate", "--json", folder=project)
    plain = json.loads(again.stdout)
    # The networks that follow nobody are those of the same command without following: none is learned anew.
    assert (plain["learned"], plain["following"]) == (0, None)
    assert found["following"]["plain"] == plain["accuracy"]
    assert found["following"]["plain_unweighted"] == plain["unweighted"]
    assert found["following"]["gain"]["mean"] == pytest.approx(
        found["accuracy"]["mean"] - plain["accuracy"]["mean"]
    )
    heard = found["following"]["heard"]
    assert [row["first"] for row in heard] == [1, 4, 7, 11]
    assert sum(row["answers"] for row in heard) == sum(map(sum, found["confusion"])) == 48
    right = sum(row["accuracy"] * row["answers"] for row in heard)
    assert right == pytest.approx(sum(row[index] for index, row in enumerate(found["confusion"])))
    assert found["following"]["calm"]["answers"] == 48


@pytest.mark.slow
def test_a_fold_is_what_a_build_of_it_gives(sertool: Run, whole: Path, project: Path) -> None:
    found = json.loads(figures(whole))
    for stage in ("train", "quantize"):
        done = sertool(stage, *(("--fold", 2) if stage == "train" else ("--max-bytes", 4000)), folder=project)
        assert done.returncode == 0, done.stderr
    assert sertool("convert", folder=project).returncode == 0
    # Of the same recordings those are left that the build was not trained on: its test part.
    scored = sertool("evaluate", "--build", "build/stm32", "--json", folder=project)
    assert scored.returncode == 0, scored.stderr
    one = json.loads(scored.stdout)
    (built,), fold = one["networks"], found["networks"][2]
    measured = ("accuracy", "unweighted", "macro_f1", "temperature")
    for name in ("speakers", "clips", "shape", "plan", "bytes", *measured):
        assert built[name] == fold[name], name
    assert [clip["file"] for clip in one["misheard"]] == [
        clip["file"] for clip in found["misheard"] if clip["speaker"] == "s2"
    ]
    assert "36 recordings were left out that the model was trained on" in one["notes"]


@pytest.fixture
def modelled(modelled: Path) -> Path:
    """A folder with a model whose classes are emotions."""
    path = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(path)
    said = {name: metadata[name] for name in ("frontend", "standardizer", "golden_crc32")}
    path.write_bytes(tflite.write(dataclasses.replace(graph, labels=("anger", "neutral", "sadness")), said))
    return modelled


def test_a_built_model_hears_other_recordings(sertool: Run, modelled: Path, speech: Path) -> None:
    done = sertool(
        "evaluate",
        "--build",
        "build/stm32",
        "--corpus",
        speech,
        "--features",
        "f.csv",
        "--json",
        folder=modelled,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    files = sorted(speech.rglob("*.wav"))
    heard = json.loads(sertool("classify", *files, "--json", folder=modelled).stdout)["clips"]
    wrong = {
        str(Path(clip["file"]).relative_to(speech)): clip["label"]
        for clip in heard
        if Path(clip["file"]).parent.name != clip["label"]
    }
    assert {clip["file"]: next(iter(clip["heard"])) for clip in found["misheard"]} == wrong
    assert found["accuracy"]["mean"] == 1 - len(wrong) / len(files)
    assert figures(modelled, f"built-{speech.name}")
    page = (modelled / "build" / "stm32" / "evaluation" / f"built-{speech.name}.html").read_text()
    assert (speech / next(iter(wrong))).as_uri() in page
    header, *rows = csv.reader((modelled / "f.csv").open(encoding="utf-8"))
    assert header[:3] == ["file", "speaker", "label"] and len(header) == 3 + 32
    assert [row[0] for row in rows] == [str(path.relative_to(speech)) for path in files]
    assert all(int(value) is not None for row in rows for value in row[3:])


def test_a_built_model_with_which_speakers_enrol_is_heard_by_strangers_and_says_so(
    sertool: Run, modelled: Path, speech: Path
) -> None:
    path = modelled / "build" / "stm32" / "model" / "model.tflite"
    graph, metadata = tflite.read(path)
    size = len(metadata["standardizer"]["offset"])
    enrols = {"enrolled": {"most": 3}, "neutral": {"points": [300] * size, "priors": [4] * size}}
    command = ("evaluate", "--build", "build/stm32", "--corpus", speech, "--json")
    plain = json.loads(sertool(*command, folder=modelled).stdout)
    path.write_bytes(tflite.write(graph, {**metadata, "standardizer": metadata["standardizer"] | enrols}))
    done = sertool(*command, folder=modelled)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "nobody enrolled" in found["notes"] and "nobody enrolled" not in plain["notes"]
    # Before anybody enrols inputs are those of `fixed`, to within a step of rounding.
    files = sorted(speech.rglob("*.wav"))
    heard = json.loads(sertool("classify", *files, "--json", folder=modelled).stdout)["clips"]
    right = sum(Path(clip["file"]).parent.name == clip["label"] for clip in heard)
    assert found["accuracy"]["mean"] == right / len(files)


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """Folders of labels in another language, one of which the model does not know."""
    for folder, emotion in (("Wut", "anger"), ("traurig", "sadness"), ("Freude", "happiness")):
        path = tmp_path / "deutsch" / folder / "a.wav"
        path.parent.mkdir(parents=True)
        soundfile.write(path, perform(emotion, 7, 1), 16000, "PCM_16")
    return tmp_path / "deutsch"


def test_labels_are_mapped_and_unknown_ones_refused_by_name(sertool: Run, modelled: Path, german: Path) -> None:
    command = ("evaluate", "--build", "build/stm32", "--corpus", german)
    done = sertool(*command, folder=modelled)
    assert done.returncode == 2
    assert "the model was never trained on happiness" in done.stderr
    assert "allowed: anger, neutral, sadness" in done.stderr
    assert "--without happiness" in done.stderr
    assert not (modelled / "build" / "stm32" / "evaluation").exists()
    done = sertool(*command, "--without", "Freude", "--json", folder=modelled)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {row["label"]: row["answers"] for row in found["by_label"]} == {
        "anger": 1,
        "neutral": 0,
        "sadness": 1,
    }
    assert "1 recordings of happiness were left out" in found["notes"]


def test_a_list_of_one_s_own(sertool: Run, modelled: Path, german: Path) -> None:
    (german / "mine.csv").write_text("file,label,speaker\nWut/a.wav,angry,me\nFreude/a.wav,neutral,you\n")
    done = sertool(
        "evaluate", "--build", "build/stm32", "--labels", german / "mine.csv", "--json", folder=modelled
    )
    assert done.returncode == 0, done.stderr
    assert [row["speaker"] for row in json.loads(done.stdout)["by_speaker"]] == ["me", "you"]


def test_what_trained_the_model_does_not_test_it(sertool: Run, modelled: Path, speech: Path) -> None:
    split = corpora.split(corpora.load(speech))
    (modelled / "build" / "stm32" / "model" / "split.json").write_text(json_text(split.record()))
    command = ("evaluate", "--build", "build/stm32", "--corpus")
    found = json.loads(sertool(*command, speech, "--json", folder=modelled).stdout)
    assert sum(map(sum, found["confusion"])) == len(split.test)
    heard = modelled / "heard"
    for clip in split.train:
        (heard / clip.emotion).mkdir(parents=True, exist_ok=True)
        (heard / clip.emotion / clip.path.name).symlink_to(clip.path)
    done = sertool(*command, heard, folder=modelled)
    assert done.returncode == 2
    assert "trained on every one of these recordings" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--jobs", 2, "--scheduler", "tcp://127.0.0.1:1"), "give one of them"),
        (("--jobs", 0), "0 jobs can do nothing"),
        (("--seeds", 0), "seeds = 0 cannot be used"),
        (("--fold", 1), "--fold means nothing to sertool evaluate"),
        (("--protocol", "spaeker"), "unknown protocol: spaeker"),
        (("--bits", "1,9"), "unsupported width '9'"),
        (("--max-bytes", 10), "no plan takes 10 bytes or less"),
        (("--corpus", "nowhere"), "no such corpus"),
        (("--scheduler", "10.0.0.5"), "no Dask scheduler answers: missing port number"),
        (("--features", "f.xlsx"), "a name that ends in .csv or .parquet"),
        (("--without", "anger"), "--without is for --build"),
        (("--build", "nowhere"), "model.tflite is not there yet"),
        (("--build", "build/stm32", "--epochs", 3), "--epochs means nothing with --build"),
        (("--build", "build/stm32", "--protocol", "own"), "--protocol means nothing with --build"),
        (("--build", "build/stm32", "--jobs", 2), "--jobs means nothing with --build"),
    ],
)
def test_options_that_cannot_be_used(
    sertool: Run, project: Path, arguments: tuple[object, ...], message: str
) -> None:
    done = sertool("evaluate", *map(str, arguments), folder=project)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(project.rglob("evaluation.html"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "no recordings are named"),
        (("--corpus", "speech", "--without", "joy"), "no recording is labelled happiness"),
        (("--corpus", "speech", "--without", "anger,neutral,sadness"), "every recording is left out"),
    ],
)
def test_recordings_that_cannot_be_scored(
    sertool: Run, modelled: Path, speech: Path, arguments: tuple[str, ...], message: str
) -> None:
    (modelled / "speech").symlink_to(speech)
    done = sertool("evaluate", "--build", "build/stm32", *arguments, folder=modelled)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_conditions_are_tested_with_and_without_augmentation(sertool: Run, project: Path) -> None:
    asked = ("evaluate", "--json", "--conditions", "--protocol", "random10", "--jobs", 2)
    done = sertool(*asked, "--augment", 1, folder=project)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["learned"] == 2
    names = [each["condition"] for each in found["conditions"]]
    assert names == ["as recorded", "noise 20 dB", "noise 10 dB", "noise 5 dB", "gain -30 dB", "telephone"]
    assert found["conditions"][0]["accuracy"] == found["accuracy"]
    written = figures(project)
    assert json.loads(sertool(*asked, "--augment", 1, folder=project).stdout)["learned"] == 0
    assert figures(project) == written
    # What was compared with is what an evaluation without augmentation gives.
    plain = json.loads(sertool(*asked, folder=project).stdout)
    assert plain["learned"] == 0
    assert [each["unaugmented"] for each in plain["conditions"]] == [None] * len(names)
    assert [each["accuracy"] for each in plain["conditions"]] == [
        each["unaugmented"] for each in found["conditions"]
    ]


@pytest.mark.parametrize("follows", [False, True])
def test_a_built_model_is_heard_under_conditions(
    sertool: Run, modelled: Path, speech: Path, follows: bool
) -> None:
    if follows:
        path = modelled / "build" / "stm32" / "model" / "model.tflite"
        graph, metadata = tflite.read(path)
        weights = [1] * len(metadata["standardizer"]["offset"])
        running = {
            "running": {"prior": 5, "most": 16},
            "variety": {"weights": weights, "shift": 5, "low": 20, "high": 2000},
        }
        path.write_bytes(tflite.write(graph, {**metadata, "standardizer": metadata["standardizer"] | running}))
    command: tuple[object, ...] = ("evaluate", "--build", "build/stm32", "--corpus", speech, "--json")
    if follows:
        command += ("--speaker-pattern", "/(?P<speaker>s[0-9])_")
    first = sertool(*command, folder=modelled)
    assert first.returncode == 0, first.stderr
    plain = json.loads(first.stdout)
    done = sertool(*command, "--conditions", folder=modelled)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert plain["conditions"] == [] and found["accuracy"] == plain["accuracy"]
    conditions = {each["condition"]: each for each in found["conditions"]}
    assert list(conditions) == [
        "as recorded", "noise 20 dB", "noise 10 dB", "noise 5 dB", "gain -30 dB", "telephone"
    ]  # fmt: skip
    assert conditions["as recorded"]["accuracy"] == plain["accuracy"]
    assert {each["unaugmented"] for each in conditions.values()} == {None}
    page = modelled / "build" / "stm32" / "evaluation" / f"built-{speech.name}.html"
    assert "Conditions" in page.read_text()
    if follows:
        return
    # Clips 30 dB fainter, as files of their own.
    faint, fainter = modelled / "faint", Degradation((Gain(-30.0),), 0)
    for clip in sorted(speech.rglob("*.wav")):
        place = faint / clip.relative_to(speech)
        place.parent.mkdir(parents=True, exist_ok=True)
        pcm = fainter.apply(corpora.read_pcm(clip).samples, 16000, {}.__getitem__)
        soundfile.write(place, pcm, 16000, "PCM_16")
    there = json.loads(
        sertool("evaluate", "--build", "build/stm32", "--corpus", faint, "--json", folder=modelled).stdout
    )
    assert there["accuracy"] == conditions["gain -30 dB"]["accuracy"]
