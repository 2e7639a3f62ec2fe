"""What each clip holds, by hash of its decoded samples: tells duplicates and changed files."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from sertool.caches import keep_value, kept_value
from sertool.corpora.clips import Clip, Corpus
from sertool.corpora.recording import Recording, decode
from sertool.digests import code_digest
from sertool.errors import SertoolError, printable
from sertool.locations import cache_folder
from sertool.plain_values import Digest, Natural, Positive
from sertool.progress import track

OFFSET = 0.2
"""A mean of this many deviations about it is worth a word: the recorder, not the voice."""

READING = tuple(f"corpora/{name}.py" for name in ("recording", "headers", "wave_header", "chunks", "contents"))
"""The modules that decide which samples a file is read as: what is remembered of a file holds for this code."""

_SHOWN = 5
_lock = threading.Lock()
Value = TypeVar("Value")


@dataclass(frozen=True)
class Content:
    """digest: SHA-256 (hex) of the decoded samples, rate and channels; frames at `sample_rate` hertz.

    cancels, offset: as `Recording` has them.
    """

    digest: Digest
    frames: Natural
    sample_rate: Positive
    channels: Positive
    cancels: bool
    offset: float

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.frames / self.sample_rate


@dataclass(frozen=True)
class Screened:
    """A corpus of which every clip can be used, and the clips that cannot, each with what is wrong with it."""

    corpus: Corpus
    skipped: tuple[tuple[Path, str], ...]


def content_of(recording: Recording) -> Content:
    """Hash what a recording holds: the same for WAV and FLAC, and for mono and equal channels."""
    samples = recording.samples
    if recording.channels_equal:
        samples = samples[:, :1]
    # One form for all integer formats, so that a 16-bit clip stored in 24 bits stays the same clip.
    if samples.dtype == np.int16:
        samples = samples.astype(np.int32) << 16
    kind = "<i4" if samples.dtype == np.int32 else "<f8"
    digest = hashlib.sha256(f"{recording.sample_rate} {samples.shape[1]} {kind}\n".encode())
    digest.update(np.ascontiguousarray(samples, dtype=kind).tobytes())
    return Content(
        digest.hexdigest(),
        len(samples),
        recording.sample_rate,
        recording.channels,
        recording.cancels,
        recording.offset,
    )


def copies(corpus: Corpus, found: Mapping[Path, Content]) -> tuple[tuple[Clip, ...], ...]:
    """Groups of clips that hold equal samples."""
    groups: dict[str, list[Clip]] = {}
    for clip in corpus.clips:
        groups.setdefault(found[clip.path].digest, []).append(clip)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def mislabelled(groups: Iterable[tuple[Clip, ...]]) -> tuple[tuple[Clip, ...], ...]:
    """Those groups of copies whose clips have several labels."""
    return tuple(group for group in groups if len({clip.emotion for clip in group}) > 1)


def each_clip(
    paths: Iterable[Path], work: Callable[[Path], Value], description: str
) -> dict[Path, Value | SertoolError]:
    """Do `work` on every path in threads; an error stands in the place of the value.

    So does one for every name that is not UTF-8, which no split, manifest or report could hold.
    """

    def careful(path: Path) -> tuple[Path, Value | SertoolError]:
        try:
            if printable(path) != str(path):
                raise SertoolError("its name is not UTF-8: rename it", where=path)
            return path, work(path)
        except SertoolError as error:
            return path, error

    paths = list(paths)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(track(pool.map(careful, paths), description, len(paths)))


def contents(paths: Iterable[Path]) -> dict[Path, Content]:
    """Decode and hash every path, in threads; remembered on disk for as long as the files stay as they are.

    Raises one SertoolError that counts and names every file that cannot be read.
    """
    results = _contents(paths)
    bad = {path: value for path, value in results.items() if isinstance(value, SertoolError)}
    if bad:
        raise bulk_error({path: error.what for path, error in bad.items()})
    return {path: value for path, value in results.items() if isinstance(value, Content)}


def screen(corpus: Corpus, *, shortest: int, skip_bad: bool = False) -> Screened:
    """Decode every clip and take out those that are unreadable or shorter than `shortest` samples at 16 kHz.

    Raises one SertoolError that counts and names every such clip, unless `skip_bad`.
    """
    bad: dict[Path, str] = {}
    for path, value in _contents(clip.path for clip in corpus.clips).items():
        if isinstance(value, SertoolError):
            bad[path] = value.what
        elif value.frames * 16000 < shortest * value.sample_rate:
            bad[path] = f"shorter than a frame: {value.seconds * 1000:.0f} ms of {shortest / 16:.0f} ms"
    if bad and not skip_bad:
        raise bulk_error(bad)
    kept = corpus.with_clips(tuple(clip for clip in corpus.clips if clip.path not in bad))
    if not kept.clips:
        raise bulk_error(bad)
    return Screened(kept, tuple(bad.items()))


def bulk_error(bad: Mapping[Path, str]) -> SertoolError:
    """One error for many files: how many, and the first few by name with what is wrong."""
    lines = [f"\n    {printable(path)}: {what}" for path, what in list(bad.items())[:_SHOWN]]
    more = f"\n    and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return SertoolError(
        f"{len(bad)} {'clip' if len(bad) == 1 else 'clips'} cannot be used:{''.join(lines)}{more}",
        hint="mend or remove them, or leave them out with corpus.skip_bad",
    )


def _contents(paths: Iterable[Path]) -> dict[Path, Content | SertoolError]:
    paths = list(paths)
    known = {
        path: seen.content
        for folder, inside in _by_folder(paths).items()
        for path, seen in ((path, _remembered(folder).get(path.name)) for path in inside)
        if seen and seen.stamp == _stamp(path)
    }
    fresh = [path for path in paths if path not in known]
    found = each_clip(fresh, lambda path: content_of(decode(path)), "hashing clips")
    remember({path: value for path, value in found.items() if isinstance(value, Content)})
    return {path: known[path] if path in known else found[path] for path in paths}


def remember(found: Mapping[Path, Content]) -> None:
    """Keep what was hashed elsewhere, so that `contents` need not do it again."""
    for folder, paths in _by_folder(found).items():
        new = {path.name: _Seen(_stamp(path), found[path]) for path in paths}
        with _lock:
            merged = {**_remembered(folder), **new}
            there = {name: seen for name, seen in merged.items() if (folder / name).exists()}
            try:
                keep_value(_memory(folder), _Remembered(there))
            except SertoolError:
                # Without a place to remember, the next call hashes again: slower, and as right.
                return


@dataclass(frozen=True)
class _Seen:
    """A file's stamp when it was hashed, and its content."""

    stamp: str
    content: Content


@dataclass(frozen=True)
class _Remembered:
    """Contents by the names of a folder's files, which have not changed for as long as their stamps hold."""

    files: Mapping[str, _Seen]


def _remembered(folder: Path) -> Mapping[str, _Seen]:
    memory = _memory(folder)
    return _read(memory, _stamp(memory))


@functools.lru_cache(maxsize=1024)
def _read(memory: Path, stamp: str) -> Mapping[str, _Seen]:
    found = kept_value(memory, _Remembered) if stamp else None
    return found.files if found else {}


def _memory(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()
    return cache_folder("corpora") / f"contents-{code_digest(READING)[:16]}" / f"{name[:32]}.json"


def _by_folder(paths: Iterable[Path]) -> dict[Path, list[Path]]:
    found: dict[Path, list[Path]] = {}
    for path in paths:
        found.setdefault(path.parent, []).append(path)
    return found


def _stamp(path: Path) -> str:
    """Size, times and inode of a file, by which one that changed is known; "" where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
