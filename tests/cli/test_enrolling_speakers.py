"""A model with which speakers enrol, at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from commands import Run
from sertool import tflite
from sertool.corpora.synthesis import perform
from sertool.frontend import FrontendSpec
from sertool.graph import reference
from sertool.material import features_of
from sertool.standardization import Speaker, Standardizer


@pytest.fixture
def sounds(tmp_path: Path) -> list[Path]:
    """Four utterances, and silence."""
    heard = [perform(emotion, 1, 7) for emotion in ("neutral", "anger", "fear", "sadness")]
    heard.append(np.zeros(9000, np.int16))
    paths = [tmp_path / f"{number}.wav" for number in range(len(heard))]
    for path, pcm in zip(paths, heard, strict=True):
        soundfile.write(path, pcm, 16000, "PCM_16")
    return paths


def words(given: list[Path]) -> list[object]:
    return [word for path in given for word in ("--enroll", path)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_speaker_of_all_files_has_enrolled(
    sertool: Run, enrolling: Path, sounds: list[Path], count: int
) -> None:
    graph, metadata = tflite.read(enrolling / "build" / "stm32" / "model" / "model.tflite")
    standardizer = Standardizer.from_dict(metadata["standardizer"])
    spec = FrontendSpec.from_dict(metadata["frontend"])
    known = Speaker.unknown(spec.features)
    if count:
        standardizer.enroll(features_of(sounds[:count], spec), known)
    asked = sounds[2:4]
    codes = reference.run(graph, standardizer.follow(features_of(asked, spec), known))["probabilities"]
    done = sertool("classify", *asked, *words(sounds[:count]), "--json", folder=enrolling)
    assert done.returncode == 0, done.stderr
    found = [list(clip["probabilities"].values()) for clip in json.loads(done.stdout)["clips"]]
    assert found == [((row.astype(int) + 128) / 256).tolist() for row in codes]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([0, 1, 2, 3], "a speaker cannot enrol with 4 utterances"),
        ([0, 4], "nobody can enrol with this: too quiet"),
        ([9], "9.wav"),
    ],
    ids=("four", "silence", "absent"),
)
def test_what_nobody_can_enrol_with_is_refused(
    sertool: Run, enrolling: Path, sounds: list[Path], tmp_path: Path, given: list[int], says: str
) -> None:
    files = [tmp_path / f"{number}.wav" for number in given]
    done = sertool("classify", sounds[0], *words(files), folder=enrolling)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr and "Traceback" not in done.stderr


def test_nobody_enrols_with_other_models(sertool: Run, following: Path, sounds: list[Path]) -> None:
    done = sertool("classify", sounds[0], "--enroll", sounds[1], folder=following)
    assert done.returncode == 2
    assert "nobody enrols with this model" in done.stderr and "Traceback" not in done.stderr


def test_engines_let_a_speaker_enrol_alike(sertool: Run, enrolling: Path, sounds: list[Path]) -> None:
    """The first of them does not suit, three enrol, and another is one too many."""
    order = [sounds[4], *sounds[:4], sounds[0]]
    done = sertool(
        "simulate", *order, "--engines", "host,emulator:cortex-m0", "--board-clips", "2", folder=enrolling
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((enrolling / "build" / "stm32" / "verification.json").read_text())
    for engine in found["comparison"]["engines"]:
        layers = {layer["layer"]: layer["compared"] for layer in engine["layers"]}
        if "from PCM" in engine["engine"]:
            assert layers["enrolment"] == (6 if engine["engine"].startswith("host") else 2)


def test_nobody_enrols_where_no_recording_is_neutral(sertool: Run, tmp_path: Path) -> None:
    root = tmp_path / "speech"
    for who in ("ann", "bob"):
        for number, label in enumerate(("anger", "fear") * 4):
            path = root / who / label / f"{number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, perform(label, "ab".index(who[0]), number), 16000, "PCM_16")
    done = sertool(
        "train", "--corpus", root, "--layout", "speaker/label", "--standardization", "enrolled", folder=tmp_path
    )
    assert done.returncode == 2, done.stdout
    assert "no recording that trains is labelled neutral" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "build" / "stm32" / "model" / "float.npz").exists()
