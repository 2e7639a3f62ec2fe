"""Damages audio files of every kind that libsndfile writes, and asks whether any is read as another sound.

    python tests/campaigns/audio_headers.py --seed 0 --count 20000    (--count 0: every damage there is)

Each file is either read as it was, or refused with one SertoolError, within MEMORY bytes and SECONDS. Damages:
every byte of the header removed, doubled, zeroed, filled, raised by one; every two and four bytes of it set, in
both byte orders, to 0, 1 and the largest values; every length of the header kept; data cut at many places.
`untold` lists the fields that say something only once: damaged, they make another valid file.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from sertool.corpora.recording import Recording, decode, to_pcm
from sertool.errors import SertoolError

MEMORY = 1 << 30
SECONDS = 5.0
FRAMES = 1400
EXACT = {f"{code}_{bits}": 32 - bits for code in ("PCM", "ALAC") for bits in (16, 20, 24, 32)}
EXACT |= {"PCM_S8": 24, "PCM_U8": 24}
"""Low bits of 32 that an integer format leaves out."""


@dataclass
class Findings:
    """Counts by container and outcome; each file that was misread; the slowest, in seconds."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    misread: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, container: str, outcome: str, name: str) -> None:
        """Count one file."""
        self.outcomes[container, outcome] += 1
        if outcome in ("other sound", "traceback", "slow"):
            self.misread.append(f"{outcome}: {name}")

    def table(self) -> str:
        """One row a container."""
        columns = sorted({outcome for _, outcome in self.outcomes})
        rows = sorted({container for container, _ in self.outcomes})
        lines = ["container  " + "  ".join(f"{column:>12}" for column in columns)]
        for row in rows:
            cells = "  ".join(f"{self.outcomes[row, column]:12,}" for column in columns)
            lines.append(f"{row:9}  {cells}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Sound:
    """A file that was written: its name, bytes, where its header ends, and what it decodes to."""

    container: str
    name: str
    data: bytes
    header: int
    recording: Recording


def written(folder: Path, findings: Findings) -> list[Sound]:
    """Write every container, encoding and number of channels that can be written; keep those that are read."""
    time_axis = np.arange(FRAMES) / 16000
    tones = [np.sin(2 * np.pi * (300 + 170 * channel) * time_axis) for channel in range(3)]
    wave = np.rint(np.stack(tones, axis=1) * 0.4 * 2**31).astype(np.int32)
    sounds = []
    for container in soundfile.available_formats():
        for encoding in soundfile.available_subtypes(container) if container != "RAW" else ():
            for channels in (1, 2, 3):
                path = folder / f"{container}.{encoding}.{channels}"
                try:
                    soundfile.write(path, wave[:, :channels], 16000, subtype=encoding, format=container)
                except soundfile.SoundFileError:
                    path.unlink(missing_ok=True)
                    continue
                found = _whole(path, wave[:, :channels], encoding)
                if isinstance(found, Recording):
                    data = path.read_bytes()
                    sounds.append(Sound(container, path.name, data, _header(container, data), found))
                outcome = "as written" if isinstance(found, Recording) else found
                findings.add(container, outcome, path.name)
    return sounds


def _whole(path: Path, wave: np.ndarray, encoding: str) -> Recording | str:
    """What an undamaged file decodes to, or the outcome where that is not what was written."""
    try:
        recording = decode(path)
    except SertoolError:
        return "kind refused"
    samples = recording.samples
    if samples.shape[1] != wave.shape[1] or recording.sample_rate != 16000:
        return "other sound"
    if encoding in EXACT:
        wide = samples.astype(np.int64) << (16 if samples.dtype == np.int16 else 0)
        low = EXACT[encoding]
        same = len(wide) == len(wave) and (abs(wide - wave) < 1 << low).all()
        return recording if same else "other sound"
    # A lossy code keeps the shape of the sound; some fill their last block.
    scale = 2.0**15 if samples.dtype == np.int16 else 2.0**31 if samples.dtype == np.int32 else 1.0
    held = samples[: len(wave)].astype(np.float64) / scale
    alike = len(held) == len(wave) and all(
        np.corrcoef(held[:, c], wave[:, c])[0, 1] > 0.9 for c in range(wave.shape[1])
    )
    return recording if alike and len(samples) - len(wave) < 1024 else "other sound"


def _header(container: str, data: bytes) -> int:
    """Bytes before the first sample; all bytes where a checksum covers the samples too."""
    if container in ("FLAC", "OGG"):
        return len(data)
    if container == "MP3":
        return 64
    if container == "AU":
        return int.from_bytes(data[4:8], "big")
    if container == "NIST":
        return 1024
    if container == "AIFF":
        return data.index(b"SSND") + 16
    return data.index(b"data") + {"W64": 24, "CAF": 16}.get(container, 8)


def damages(sound: Sound) -> Iterator[tuple[str, int, bytes]]:
    """Every damage: its name, where it begins, the damaged file."""
    data = sound.data
    for i in range(sound.header):
        yield "cut", i, data[:i]
        yield "removed", i, data[:i] + data[i + 1 :]
        yield "doubled", i, data[: i + 1] + data[i:]
        for name, value in (("zeroed", 0), ("filled", 255), ("raised", (data[i] + 1) & 255)):
            yield name, i, data[:i] + bytes([value]) + data[i + 1 :]
    for size in (2, 4):
        for i in range(sound.header - size + 1):
            for value in (0, 1, (1 << 8 * size - 1) - 1, (1 << 8 * size) - 1):
                for order in ("little", "big"):
                    yield (
                        f"{size} bytes {value:#x} {order}",
                        i,
                        data[:i] + value.to_bytes(size, order) + data[i + size :],
                    )
    for cut in range(sound.header, len(data), max(1, (len(data) - sound.header) // 97)):
        yield "data cut", cut, data[:cut]


def untold(sound: Sound, damaged: bytes) -> bool:
    """Whether the only bytes that differ are of fields that no other field of the container repeats."""
    data, kind = sound.data, sound.name.split(".")[1]
    fields = []
    if sound.container == "AU":
        fields = [range(12, 24)]
    elif sound.container == "AIFF":
        start = data.index(b"COMM") + 16
        fields = [range(start, start + 10)]
        if kind == "GSM610":
            fields.append(range(start - 6, start))
    elif sound.container == "CAF":
        fields = [range(20, 28)]
    elif sound.container == "NIST":
        start = data.index(b"sample_rate -i ") + 15
        fields = [range(start, start + 5)]
    elif sound.container in ("WAV", "WAVEX", "RF64", "W64"):
        start = data.index(b"fmt ") + (24 if sound.container == "W64" else 8)
        if kind in ("ULAW", "ALAW", "PCM_U8", "FLOAT", "PCM_32"):
            fields = [range(start, start + 2), range(start + 24, start + 26)]
        elif kind.startswith(("NMS", "G721")):
            fields = [range(start + 4, start + 12)]
        else:
            start = data.find(b"fact")
            # The rate too, within the rounding of the bytes a second.
            fields = [range(start, start + 12), range(data.index(b"fmt ") + 12, data.index(b"fmt ") + 14)]
    places = [i for i, (old, new) in enumerate(zip(data, damaged, strict=False)) if old != new]
    return len(data) == len(damaged) and any(all(i in span for i in places) for span in fields)


def judge(sound: Sound, path: Path) -> tuple[str, str]:
    """What came of a damaged file: the outcome, and a word about it."""
    try:
        read = decode(path)
        to_pcm(read)
    except SertoolError as error:
        return "refused", error.what
    except Exception as error:
        return "traceback", f"{type(error).__name__}: {error}"
    truth = sound.recording
    same = read.sample_rate == truth.sample_rate and np.array_equal(read.samples, truth.samples)
    return (
        ("same", "") if same else ("other sound", f"{read.samples.shape} {read.encoding} {read.sample_rate} Hz")
    )


def campaign(seed: int, count: int) -> Findings:
    """Try `count` damages (0: all), drawn with `seed`, and every kind undamaged."""
    findings = Findings()
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sounds = written(folder, findings)
        sizes = [sum(1 for _ in damages(sound)) for sound in sounds]
        share = count / len(sounds)
        path = folder / "damaged"
        for sound, size in zip(sounds, sizes, strict=True):
            wanted = random.random(size) < (share / size if count else 1.0)
            for (kind, where, data), chosen in zip(damages(sound), wanted, strict=True):
                if not chosen or data == sound.data:
                    continue
                path.write_bytes(data)
                start = time.process_time()
                outcome, word = judge(sound, path)
                took = time.process_time() - start
                findings.slowest = max(findings.slowest, (took, f"{sound.name}, byte {where} {kind}"))
                outcome = "slow" if took > SECONDS else outcome
                if outcome == "other sound" and untold(sound, data):
                    outcome = "untold"
                findings.add(sound.container, outcome, f"{sound.name}, byte {where} {kind}: {word}")
    return findings


def main() -> int:
    """Print the counts; exit status 1 if any file was misread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=20000)
    options = parser.parse_args()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    findings = campaign(options.seed, options.count)
    print(findings.table())
    print(f"slowest: {findings.slowest[0]:.2f} s, {findings.slowest[1]}")
    for line in findings.misread:
        print(line)
    return 1 if findings.misread else 0


if __name__ == "__main__":
    sys.exit(main())
