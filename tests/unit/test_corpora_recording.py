from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from corpora_clips import samples, write_clip

from sertool.corpora import read_pcm
from sertool.errors import SertoolError


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff"])
def test_mono_16_bit_at_16_khz_comes_through_untouched(tmp_path: Path, suffix: str) -> None:
    pcm = read_pcm(write_clip(tmp_path / f"clip.{suffix}", 3))
    assert pcm.notes == ()
    assert pcm.samples.dtype == np.int16
    assert (pcm.samples == samples(3)[:, 0]).all()


def test_equal_channels_one_is_taken(tmp_path: Path) -> None:
    mono = samples(1)
    soundfile.write(tmp_path / "a.wav", np.repeat(mono, 2, axis=1), 16000)
    pcm = read_pcm(tmp_path / "a.wav")
    assert (pcm.samples == mono[:, 0]).all()
    assert pcm.notes == ("2 equal channels: one taken",)


def test_different_channels_are_mixed(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([[100, 300], [-32768, -32768], [5, 0]], dtype=np.int16), 16000)
    pcm = read_pcm(tmp_path / "a.wav")
    assert pcm.samples.tolist() == [200, -32768, 2]
    assert pcm.notes == ("2 channels mixed down",)


def test_24_bits_are_rounded_and_saturated(tmp_path: Path) -> None:
    wide = np.array([0x7FFFFF, 0x000180, 0x00007F, -0x800000, -0x000081], dtype=np.int64) * 256
    soundfile.write(tmp_path / "a.wav", wide.astype(np.int32), 16000, subtype="PCM_24")
    pcm = read_pcm(tmp_path / "a.wav")
    assert pcm.samples.tolist() == [32767, 2, 0, -32768, -1]
    assert pcm.notes == ("PCM_24 rounded to 16 bits", "1 samples saturated")


def test_floats_are_rounded_and_saturated(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5, -1.0, 1.5, 2.0**-15]), 16000, subtype="FLOAT")
    pcm = read_pcm(tmp_path / "a.wav")
    assert pcm.samples.tolist() == [16384, -32768, 32767, 1]
    assert pcm.notes[-1] == "1 samples saturated"


@pytest.mark.parametrize("rate", [8000, 24414, 44100, 48000, 96000])
def test_other_rates_are_converted_and_said(tmp_path: Path, rate: int) -> None:
    time = np.arange(rate) / rate
    soundfile.write(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 440 * time), rate)
    pcm = read_pcm(tmp_path / "a.wav")
    assert pcm.notes == (f"{rate} Hz converted to 16000 Hz",)
    assert len(pcm.samples) == 16000
    spectrum = np.abs(np.fft.rfft(pcm.samples * np.hanning(16000)))
    assert spectrum.argmax() == 440
    assert (read_pcm(tmp_path / "a.wav").samples == pcm.samples).all()


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SertoolError, match=r"no such audio file\n  where: .*gone\.wav"):
        read_pcm(tmp_path / "gone.wav")
    with pytest.raises(SertoolError, match=r"no audio file: File name too long\n  where: .{80}\.\.\."):
        read_pcm(tmp_path / ("long" * 1000))


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(SertoolError, match=r"empty \(0 bytes\)\n  where: .*a\.wav"):
        read_pcm(tmp_path / "a.wav")


def test_file_without_samples(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0, dtype=np.int16), 16000)
    with pytest.raises(SertoolError, match="holds no samples"):
        read_pcm(tmp_path / "a.wav")


def test_file_that_is_no_audio(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("this is a letter, not a recording")
    with pytest.raises(SertoolError, match=r"cannot read the audio(.|\n)*a\.wav(.|\n)*corpus.skip_bad"):
        read_pcm(tmp_path / "a.wav")


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff", "ogg"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_truncated_file(tmp_path: Path, suffix: str, kept: float) -> None:
    whole = write_clip(tmp_path / f"whole.{suffix}", seconds=2).read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(SertoolError, match=rf"(truncated|cannot read|no samples)(.|\n)*cut\.{suffix}"):
        read_pcm(cut)


def test_samples_that_are_not_finite(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.0, np.nan]), 16000, subtype="FLOAT")
    with pytest.raises(SertoolError, match="not finite"):
        read_pcm(tmp_path / "a.wav")


def test_a_stream_whose_header_never_learned_its_length(tmp_path: Path) -> None:
    whole = bytearray(write_clip(tmp_path / "a.wav", 6).read_bytes())
    for size_at in (4, whole.index(b"data") + 4):
        whole[size_at : size_at + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "b.wav").write_bytes(whole)
    assert (read_pcm(tmp_path / "b.wav").samples == samples(6)[:, 0]).all()


@pytest.mark.parametrize("subtype", ["PCM_U8", "ULAW", "PCM_32", "DOUBLE"])
def test_other_encodings_keep_their_level(tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(100, 0.25), 16000, subtype=subtype)
    assert (abs(read_pcm(tmp_path / "a.wav").samples.astype(int) - 8192) <= 256).all()
