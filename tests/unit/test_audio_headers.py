"""Audio files of every kind, damaged in their headers: read as they were, or refused in one error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from corpora_clips import samples, write_clip

from sertool.corpora import read_pcm
from sertool.corpora.recording import MOST_SAMPLES, decode
from sertool.errors import SertoolError

CAMPAIGN = Path(__file__).parents[1] / "campaigns" / "audio_headers.py"


@pytest.mark.parametrize(
    ("seed", "count"), [(0, 1000), pytest.param(1, 4000, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_no_damaged_header_is_read_as_another_sound(seed: int, count: int) -> None:
    done = subprocess.run(
        [sys.executable, CAMPAIGN, "--seed", str(seed), "--count", str(count)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "as written" in done.stdout


def test_codes_that_cannot_seek_are_read(tmp_path: Path) -> None:
    time = np.arange(4000) / 16000
    wave = 0.3 * np.sin(2 * np.pi * (200 + 100 * time) * time)
    soundfile.write(tmp_path / "a.wav", wave, 16000, subtype="GSM610")
    heard = read_pcm(tmp_path / "a.wav")
    assert len(heard.samples) == 4000
    assert np.corrcoef(heard.samples, wave)[0, 1] > 0.98
    assert heard.notes == ("GSM610 rounded to 16 bits",)


@pytest.mark.parametrize(
    ("rate", "fits"), [(1, False), (3999, False), (4000, True), (384000, True), (384001, False)]
)
def test_rates_that_no_recorder_writes_are_refused(tmp_path: Path, rate: int, fits: bool) -> None:
    write_clip(tmp_path / "a.wav", seconds=0.01 if rate > 1 else 5000, rate=rate)
    if fits:
        assert read_pcm(tmp_path / "a.wav").sample_rate == 16000
        return
    with pytest.raises(SertoolError, match=rf"says {rate} samples a second(.|\n)*4000 to 384000 Hz"):
        read_pcm(tmp_path / "a.wav")


@pytest.mark.parametrize("channels", [32, 33])
def test_more_channels_than_any_array_of_microphones_are_refused(tmp_path: Path, channels: int) -> None:
    write_clip(tmp_path / "a.wav", channels=channels)
    if channels == 32:
        assert decode(tmp_path / "a.wav").channels == 32
        return
    with pytest.raises(SertoolError, match=r"33 channels(.|\n)*1 to 32"):
        decode(tmp_path / "a.wav")


@pytest.mark.parametrize("beyond", [0, 1])
def test_recordings_of_hours_are_refused(tmp_path: Path, beyond: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_SAMPLES == 2**25
    monkeypatch.setattr("sertool.corpora.recording.MOST_SAMPLES", 4000)
    soundfile.write(tmp_path / "a.wav", np.ones((2000 + beyond, 2), np.int16), 16000)
    if not beyond:
        assert len(decode(tmp_path / "a.wav").samples) == 2000
        return
    with pytest.raises(SertoolError, match=r"too long(.|\n)*4,000 samples over all channels"):
        decode(tmp_path / "a.wav")


@pytest.mark.parametrize(("peak", "fits"), [(16.0, True), (16.1, False), (32767.0, False)])
def test_floating_point_that_holds_integers_is_refused(tmp_path: Path, peak: float, fits: bool) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5, -peak]), 16000, subtype="DOUBLE")
    if fits:
        assert decode(tmp_path / "a.wav").samples[1, 0] == -peak
        return
    with pytest.raises(SertoolError, match=r"floating-point samples of up to(.|\n)*full scale is 1.0"):
        decode(tmp_path / "a.wav")


def test_containers_of_samplers_and_calculators_are_refused_by_name(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", samples(0), 16000, format="MAT5", subtype="PCM_16")
    with pytest.raises(
        SertoolError, match=r"files of the kind MAT5 are not read(.|\n)*convert it to WAV or FLAC"
    ):
        decode(tmp_path / "a.wav")


def test_a_changed_sample_of_flac_is_found_by_its_checksum(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "a.flac", 4).read_bytes()
    for place in (26, 41):
        (tmp_path / "b.flac").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(SertoolError, match="its samples are not those that its checksum is of"):
            decode(tmp_path / "b.flac")


def test_the_rate_of_flac_is_that_of_its_frames(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "a.flac", 4).read_bytes()
    (tmp_path / "b.flac").write_bytes(
        whole[:18] + (22050 << 4 | whole[20] & 15).to_bytes(3, "big") + whole[21:]
    )
    with pytest.raises(SertoolError, match="22050 Hz in its head, 16000 Hz in its first frame"):
        decode(tmp_path / "b.flac")


def test_a_name_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.wav", 5)
    strange = tmp_path / "caf\udce9.wav"
    (tmp_path / "a.wav").rename(strange)
    assert (decode(strange).samples == samples(5)).all()


@pytest.mark.parametrize(
    ("second", "taken"),
    [(lambda x: -x, True), (lambda x: -0.8 * x, True), (lambda x: -0.3 * x, False), (lambda x: 0 * x, False)],
    ids=["opposite", "nearly", "hardly", "silent"],
)
def test_channels_that_cancel_each_other_are_not_mixed(tmp_path: Path, second, taken: bool) -> None:
    first = samples(7)[:, 0]
    both = np.stack([np.rint(second(first)).astype(np.int16), first], axis=1)
    soundfile.write(tmp_path / "a.wav", both, 16000)
    heard = read_pcm(tmp_path / "a.wav")
    if taken:
        assert (heard.samples == first).all() or (heard.samples == both[:, 0]).all()
        assert heard.notes[0].startswith("2 channels that cancel each other: number ")
    else:
        assert heard.notes == ("2 channels mixed down",)


def test_an_offset_is_told_in_deviations(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([300, 100] * 50, np.int16), 16000)
    assert decode(tmp_path / "a.wav").offset == 2.0
    soundfile.write(tmp_path / "a.wav", np.full(100, 300, np.int16), 16000)
    assert decode(tmp_path / "a.wav").offset == 0.0
