"""Reading audio files: decoded samples as the file holds them, or 16-bit mono at one rate for the front end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError

SUFFIXES = (".wav", ".flac", ".aif", ".aiff", ".au", ".caf", ".mp3", ".ogg", ".opus", ".w64")

_NARROW = ("PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW")
_WIDE = ("PCM_24", "PCM_32", "ALAC_16", "ALAC_20", "ALAC_24", "ALAC_32")
# libsndfile reads what is there of a cut-off file and tells of the rest only in its log.
_SHORTFALL = re.compile(r"^\s*(?:data|SSND|Data Size|riff)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
_UNKNOWN_LENGTH = 0x7FFF0000


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


@dataclass(frozen=True)
class Pcm:
    """Mono samples, int16 (n,), at `sample_rate` hertz; `notes` say what was converted to get there."""

    samples: NDArray[np.int16]
    notes: tuple[str, ...] = ()
    sample_rate: int = 16000


def decode(path: str | Path) -> Recording:
    """Decode the whole of an audio file.

    Raises SertoolError, naming the file, if it is missing, empty, truncated, in no readable format, holds no
    sample, or holds floating-point samples that are not finite.
    """
    import soundfile

    path = Path(path)
    if not path.is_file():
        raise SertoolError("no such audio file", where=path)
    if path.stat().st_size == 0:
        raise SertoolError("the audio file is empty (0 bytes)", where=path)
    with _unreadable(path, soundfile.LibsndfileError), soundfile.SoundFile(path) as stream:
        encoding = stream.subtype
        dtype = "int16" if encoding in _NARROW else "int32" if encoding in _WIDE else "float64"
        samples = stream.read(dtype=dtype, always_2d=True)
        frames, rate, log = stream.frames, stream.samplerate, stream.extra_info
        container = stream.format
    lacking = any(_lacks(*found.groups()) for found in _SHORTFALL.finditer(log))
    if len(samples) < frames or lacking or (container == "OGG" and not _ogg_ends(path.read_bytes())):
        raise SertoolError(
            f"the audio file is truncated: it holds {len(samples)} samples, fewer than were written",
            where=path,
            hint="copy the file again from where it came",
        )
    if not len(samples):
        raise SertoolError("the audio file holds no samples", where=path)
    if not np.isfinite(samples).all():
        raise SertoolError("the audio file holds samples that are not finite numbers", where=path)
    return Recording(samples, rate, encoding)


@contextmanager
def _unreadable(path: Path, kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (kind, OSError) as error:
        raise SertoolError(
            f"cannot read the audio: {' '.join(str(error).split()).rstrip('. ')}",
            where=path,
            allowed="files that libsndfile reads: WAV, FLAC, AIFF, OGG, MP3 and others",
            hint="copy the file again, or leave it out with --skip-bad",
        ) from error


def _lacks(declared: str, present: str) -> bool:
    return int(present) < int(declared) < _UNKNOWN_LENGTH


def _ogg_ends(data: bytes) -> bool:
    """Whether the last page of an Ogg stream is whole and says that it is the last (RFC 3533, section 6)."""
    start = data.rfind(b"OggS")
    segments = data[start + 27 : start + 27 + data[start + 26]]
    return bool(data[start + 5] & 4) and len(data) >= start + 27 + len(segments) + sum(segments)


def read_pcm(path: str | Path, sample_rate: int = 16000) -> Pcm:
    """Read any audio file as int16 mono at `sample_rate` hertz, with rounding and saturation.

    Of equal channels one is taken; others are mixed with equal weights. Other rates are converted by soxr at
    its setting VHQ. 16-bit mono at the right rate comes through untouched. The result is the same at each call.

    Raises SertoolError as `decode` does.
    """
    return to_pcm(decode(path), sample_rate)


def to_pcm(recording: Recording, sample_rate: int = 16000) -> Pcm:
    """Convert a decoded recording as `read_pcm` documents."""
    notes = []
    samples = recording.samples
    narrow = samples.dtype == np.int16
    if recording.channels > 1:
        equal = recording.channels_equal
        notes.append(f"{recording.channels} {'equal channels: one taken' if equal else 'channels mixed down'}")
        samples = samples[:, :1] if equal else samples
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
