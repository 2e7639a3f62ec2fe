"""Recordings and settings that cannot be used: one clear error, and nothing left half-written."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from commands import Run


@pytest.fixture
def recordings(tmp_path: Path, speech: Path) -> Path:
    return Path(shutil.copytree(speech, tmp_path / "recordings"))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("text.wav", b"this is no audio", "cannot read the audio"),
        ("empty.wav", b"", "empty (0 bytes)"),
        ("cut.wav", None, "truncated"),
        ("short.wav", 500, "shorter than a frame"),
    ],
)
def test_bad_recordings_are_named_and_counted(
    sertool: Run, recordings: Path, tmp_path: Path, name: str, content: bytes | int | None, reason: str
) -> None:
    whole = (recordings / "anger" / "s0_0.wav").read_bytes()
    bad = recordings / "anger" / name
    if isinstance(content, int):
        soundfile.write(bad, np.zeros(content, np.int16), 16000, "PCM_16")
    else:
        bad.write_bytes(whole[: len(whole) // 2] if content is None else content)
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "1 clip cannot be used" in done.stderr
    assert name in done.stderr
    assert reason in done.stderr
    assert "--skip-bad" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--corpus", "nowhere"], "no such corpus: nowhere"),
        (["--corpus", "empty"], "no audio in this folder"),
        (["--corpus", "one"], "only one emotion"),
        (["--corpus", "few"], "too few different clips for this split: sadness has 1"),
        (["--corpus", "speech", "--protocol", "leave"], "unknown protocol: leave"),
        (["--corpus", "speech", "--fold", "3"], "no fold 3"),
        (["--corpus", "speech", "--preset", "mel"], "no front-end preset named 'mel'"),
        (["--corpus", "speech", "--epochs", "0"], "epochs = 0"),
    ],
)
def test_corpora_and_settings_that_cannot_be_used(
    sertool: Run, recordings: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    recordings.rename(tmp_path / "speech")
    (tmp_path / "empty").mkdir()
    shutil.copytree(tmp_path / "speech" / "anger", tmp_path / "one" / "anger")
    shutil.copytree(tmp_path / "speech", tmp_path / "few")
    for path in sorted((tmp_path / "few" / "sadness").iterdir())[1:]:
        path.unlink()
    done = sertool("train", *options, "--output", "out", folder=tmp_path, SERTOOL_CORPORA="")
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_skip_bad_goes_on_without_them_and_says_so(sertool: Run, recordings: Path, tmp_path: Path) -> None:
    (recordings / "anger" / "bad.wav").write_bytes(b"this is no audio")
    done = sertool("train", "--corpus", recordings, "--output", tmp_path / "out", "--skip-bad", "--epochs", 1)
    assert done.returncode == 0, done.stderr
    assert "left out: " in done.stderr
    assert "bad.wav" in done.stderr
    assert (tmp_path / "out" / "stm32" / "model" / "float.npz").exists()
