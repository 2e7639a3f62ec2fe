"""Reading audio files: decoded samples as the file holds them, or 16-bit mono at one rate for the front end."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.corpora.headers import contradiction, flac_differs
from sertool.corpora.wave_header import frames_written
from sertool.errors import SertoolError

SUFFIXES = (
    ".wav",
    ".wave",
    ".flac",
    ".aif",
    ".aiff",
    ".aifc",
    ".au",
    ".caf",
    ".mp3",
    ".ogg",
    ".oga",
    ".opus",
    ".w64",
    ".sph",
    ".nist",
    ".snd",
)
CONTAINERS = ("WAV", "WAVEX", "RF64", "W64", "FLAC", "AIFF", "AU", "CAF", "MP3", "OGG", "NIST")
"""What is read, by its content and not by the file's name."""
RATES = range(4000, 384001)
"""Hertz: from less than any telephone to twice what any recorder writes."""
MOST_CHANNELS = 32
MOST_SAMPLES = 2**25
"""Over all channels: 35 minutes at 16 kHz, 256 MiB once decoded. An utterance lasts seconds."""
LOUDEST = 16.0
"""Of floating-point samples, full scale being 1: files of integers kept as floating point exceed it."""
CANCELLED = 0.1
"""A mix of channels with less than this of the power that unrelated channels would give has lost the sound."""

_NARROW = ("PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW")
_WIDE = ("PCM_24", "PCM_32", "ALAC_16", "ALAC_20", "ALAC_24", "ALAC_32")
_NO_LENGTH = 2**63 - 1


@dataclass(frozen=True)
class Recording:
    """What an audio file holds, before any conversion.

    samples: (frames, channels); int16 or int32 (left-justified) from integer formats, exact; float64 with full
    scale 1.0 from floating-point and lossy formats.
    """

    samples: NDArray[np.int16] | NDArray[np.int32] | NDArray[np.float64]
    sample_rate: int
    encoding: str

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[1])

    @property
    def channels_equal(self) -> bool:
        """Whether every channel carries the same samples (so also for mono)."""
        return bool((self.samples == self.samples[:, :1]).all())

    @property
    def cancels(self) -> bool:
        """Whether a mix of the channels would be all but silent while they are not (`CANCELLED`)."""
        if self.channels == 1:
            return False
        unrelated = float(self.samples.var(axis=0, dtype=np.float64).sum()) / self.channels**2
        return float(self.samples.mean(axis=1, dtype=np.float64).var()) < CANCELLED * unrelated

    @property
    def offset(self) -> float:
        """Mean of the samples, in deviations about it: the largest of all channels; 0 where nothing sounds."""
        deviation = self.samples.std(axis=0, dtype=np.float64)
        mean = np.abs(self.samples.mean(axis=0, dtype=np.float64))
        return float((mean[deviation > 0] / deviation[deviation > 0]).max(initial=0.0))


@dataclass(frozen=True)
class Pcm:
    """Mono samples, int16 (n,), at `sample_rate` hertz; `notes` say what was converted to get there."""

    samples: NDArray[np.int16]
    notes: tuple[str, ...] = ()
    sample_rate: int = 16000


def decode(path: str | Path) -> Recording:
    """Decode the whole of an audio file.

    Raises SertoolError, naming the file, if it is missing, empty, truncated, in no readable format, contradicts
    itself, exceeds `RATES`, `MOST_CHANNELS` or `MOST_SAMPLES`, holds no sample, or holds floating-point samples
    that are not finite or beyond `LOUDEST`.
    """
    import soundfile

    path = Path(path)
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise SertoolError(f"no audio file: {error.strerror}", where=f"{str(path)[:80]}...") from error
    if size is None:
        raise SertoolError("no such audio file", where=path)
    if size == 0:
        raise SertoolError("the audio file is empty (0 bytes)", where=path)
    # A name that is not UTF-8 reaches the disk only as bytes.
    with _unreadable(path, soundfile.SoundFileError), soundfile.SoundFile(os.fsencode(path)) as stream:
        _check_bounds(path, stream.format, stream.samplerate, stream.channels)
        encoding = stream.subtype
        dtype = "int16" if encoding in _NARROW else "int32" if encoding in _WIDE else "float64"
        # One read, because a seek between two changes what some codecs give; bounded, because a header may say
        # any length. What is not filled costs no memory.
        most = MOST_SAMPLES // stream.channels
        frames, rate, channels = stream.frames, stream.samplerate, stream.channels
        too_long = most < frames < _NO_LENGTH
        samples = stream.read(0 if too_long else most + 1, dtype=dtype, always_2d=True)
    if too_long or len(samples) > most:
        raise SertoolError(
            f"the audio file is too long: more than {most / rate:.0f} s in {channels} channels",
            where=path,
            allowed=f"{MOST_SAMPLES:,} samples over all channels",
            hint="cut it into utterances",
        )
    samples = _whole(path, samples, frames)
    peak = np.abs(samples).max() if dtype == "float64" else 0.0
    if not np.isfinite(peak):
        raise SertoolError("the audio file holds samples that are not finite numbers", where=path)
    if peak > LOUDEST:
        raise SertoolError(
            f"the audio file holds floating-point samples of up to {peak:.6g}",
            where=path,
            allowed=f"full scale is 1.0; up to {LOUDEST:g} is read",
            hint="divide the samples by the full scale that they were meant for (32768 for 16 bits)",
        )
    return Recording(samples.copy(), rate, encoding)


def _check_bounds(path: Path, container: str, rate: int, channels: int) -> None:
    if container not in CONTAINERS:
        raise SertoolError(
            f"cannot read the audio: files of the kind {container} are not read",
            where=path,
            allowed=", ".join(CONTAINERS),
            hint="convert it to WAV or FLAC",
        )
    if rate not in RATES:
        raise SertoolError(
            f"the audio file says {rate} samples a second",
            where=path,
            allowed=f"{RATES[0]} to {RATES[-1]} Hz",
            hint="copy the file again, or mend its header",
        )
    if channels > MOST_CHANNELS:
        raise SertoolError(
            f"the audio file says that it has {channels} channels",
            where=path,
            allowed=f"1 to {MOST_CHANNELS}",
            hint="copy the file again, or mend its header",
        )


def _whole(path: Path, samples: NDArray[Any], frames: int) -> NDArray[Any]:
    """The samples that were written, without what a codec filled its last block with.

    Raises SertoolError where fewer were decoded, or others than the header and its checksum tell of.
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        written = frames_written(data)
        if len(samples) < frames < _NO_LENGTH or (written is not None and len(samples) < written):
            raise SertoolError(
                f"the audio file is truncated: it holds {len(samples)} samples, fewer than were written",
                where=path,
                hint="copy the file again from where it came",
            )
        if not len(samples):
            raise SertoolError("the audio file holds no samples", where=path)
        wrong = contradiction(data, len(samples))
        if data[:4] == b"fLaC" and flac_differs(data, samples):
            wrong = "its samples are not those that its checksum is of"
    if wrong is not None:
        raise SertoolError(
            f"the audio file is truncated or damaged: {wrong}",
            where=path,
            hint="copy the file again, or save it anew with an audio editor",
        )
    return samples[:written]


@contextmanager
def _unreadable(path: Path, kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (kind, OSError) as error:
        raise SertoolError(
            f"cannot read the audio: {_reason(error)}",
            where=path,
            allowed=f"sound files of the kinds {', '.join(CONTAINERS)}",
            hint="copy the file again, or leave it out with corpus.skip_bad",
        ) from error


def _reason(error: Exception) -> str:
    text = getattr(error, "error_string", None) or getattr(error, "strerror", None) or str(error)
    return " ".join(text.split()).rstrip(". ").lower()


def read_pcm(path: str | Path, sample_rate: int = 16000) -> Pcm:
    """Read any audio file as int16 mono at `sample_rate` hertz, with rounding and saturation.

    Of equal channels one is taken; others are mixed with equal weights, unless they cancel each other out: then
    the loudest is taken. Other rates are converted by soxr at its setting VHQ. 16-bit mono at the right rate
    comes through untouched. The result is the same at each call.

    Raises SertoolError as `decode` does.
    """
    return to_pcm(decode(path), sample_rate)


def to_pcm(recording: Recording, sample_rate: int = 16000) -> Pcm:
    """Convert a decoded recording as `read_pcm` documents."""
    notes = []
    samples = recording.samples
    narrow = samples.dtype == np.int16
    if recording.channels > 1:
        if recording.channels_equal:
            samples, how = samples[:, :1], "equal channels: one taken"
        elif recording.cancels:
            loudest = int(samples.std(axis=0).argmax())
            samples = samples[:, loudest : loudest + 1]
            how = f"channels that cancel each other: number {loudest + 1} taken"
        else:
            how = "channels mixed down"
        notes.append(f"{recording.channels} {how}")
    if narrow and samples.shape[1] == 1 and recording.sample_rate == sample_rate:
        return Pcm(np.ascontiguousarray(samples[:, 0], dtype=np.int16), tuple(notes), sample_rate)
    if not narrow:
        notes.append(f"{recording.encoding} rounded to 16 bits")
    # Full scale becomes 2**15, which float64 holds exactly for every integer format.
    scale = {np.dtype(np.int16): 1.0, np.dtype(np.int32): 2.0**-16}.get(samples.dtype, 2.0**15)
    mono = samples.astype(np.float64).mean(axis=1) * scale
    if recording.sample_rate != sample_rate:
        import soxr

        mono = soxr.resample(mono, recording.sample_rate, sample_rate, quality="VHQ")
        notes.append(f"{recording.sample_rate} Hz converted to {sample_rate} Hz")
    rounded = np.rint(mono)
    saturated = int(((rounded < -32768) | (rounded > 32767)).sum())
    if saturated:
        notes.append(f"{saturated} samples saturated")
    return Pcm(np.clip(rounded, -32768, 32767).astype(np.int16), tuple(notes), sample_rate)
