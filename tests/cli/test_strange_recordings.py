"""Recordings whose name, channels, level or label is strange: told, never a traceback, never another sound."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from commands import Run

STRICT = {"PYTHONIOENCODING": "utf-8:strict"}


@pytest.fixture
def recordings(tmp_path: Path, speech: Path) -> Path:
    return Path(shutil.copytree(speech, tmp_path / "recordings"))


def test_files_whose_name_is_not_utf_8_are_named_at_the_start(
    sertool: Run, recordings: Path, tmp_path: Path
) -> None:
    (recordings / "anger" / "s0_0.wav").rename(recordings / "anger" / "caf\udce9.wav")
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out", **STRICT)
    assert done.returncode == 2
    assert "1 clip cannot be used" in done.stderr
    assert r"caf\xe9.wav: its name is not UTF-8: rename it" in done.stderr
    assert "Traceback" not in done.stderr
    for options in ([], ["--json"]):
        audited = sertool("corpus", "audit", recordings, *options, **STRICT)
        assert audited.returncode == 0, audited.stderr
        assert "caf" in audited.stdout and "its name is not UTF-8" in audited.stdout
    assert list(json.loads(audited.stdout)["unreadable"]) == [r"anger/caf\xe9.wav"]


def test_a_label_that_is_not_utf_8_is_named_at_the_start(
    sertool: Run, recordings: Path, tmp_path: Path
) -> None:
    (recordings / "anger").rename(recordings / "col\udce8re")
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out", **STRICT)
    assert done.returncode == 2
    assert "UTF-8" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_one_file_of_any_name_is_heard(sertool: Run, modelled: Path, noise: Path) -> None:
    strange = noise.rename(noise.with_name("caf\udce9.wav"))
    for options in ([], ["--json"]):
        done = sertool("classify", strange, *options, folder=modelled, **STRICT)
        assert done.returncode == 0, done.stderr
        assert r"caf\xe9.wav" in done.stdout.replace(r"\\", "\\")
    done = sertool("simulate", strange, "--engines", "host", folder=modelled, **STRICT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", ["GSM610", "G721_32", "NMS_ADPCM_16"])
def test_codes_of_telephones_are_heard(sertool: Run, modelled: Path, tmp_path: Path, code: str) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 16000)
    soundfile.write(tmp_path / "phone.wav", sound, 16000, subtype=code)
    for command in (["classify"], ["simulate", "--engines", "host"]):
        done = sertool(*command, tmp_path / "phone.wav", folder=modelled)
        assert done.returncode == 0, done.stderr


def test_a_corpus_with_codes_of_telephones_is_trained_on_and_no_other_is_taken_for_it(
    sertool: Run, recordings: Path, tmp_path: Path
) -> None:
    path = recordings / "anger" / "s0_0.wav"
    soundfile.write(path, soundfile.read(path)[0], 16000, subtype="GSM610")
    done = sertool("corpus", "audit", recordings)
    assert done.returncode == 0, done.stderr
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out", "--epochs", 1)
    assert done.returncode == 0, done.stderr
    for path in recordings.rglob("*.wav"):
        soundfile.write(path, soundfile.read(path)[0][::-1], 16000)
    options = ("--corpus", recordings, "--output", tmp_path / "out", "--epochs", 2)
    done = sertool("quantize", *options, "--bits", 8)
    assert done.returncode == 2
    assert "this is another corpus than the model was trained on: none of those 48 clips is here" in done.stderr


def test_what_is_strange_is_told_before_training(sertool: Run, recordings: Path, tmp_path: Path) -> None:
    first, second = recordings / "anger" / "s0_0.wav", recordings / "anger" / "s0_1.wav"
    shutil.copy(first, recordings / "sadness" / "s0_9.wav")
    samples = soundfile.read(second, dtype="int16")[0]
    soundfile.write(second, np.stack([samples, -samples], axis=1), 16000)
    third = recordings / "anger" / "s0_2.wav"
    soundfile.write(third, soundfile.read(third)[0] / 2 + 0.2, 16000)
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out", "--epochs", 1)
    assert done.returncode == 0, done.stderr
    assert (
        "the same sound under several labels: anger/s0_0.wav (anger) = sadness/s0_9.wav (sadness)"
        in done.stderr
    )
    assert "1 of them have channels that cancel each other: one is taken, not their mix" in done.stderr
    assert "1 clips have an offset: a mean of a fifth of the deviation or more" in done.stderr
