"""Features of many recordings: threads over files, results kept on disk by content."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.caches import keep, kept
from sertool.digests import file_digest
from sertool.errors import SertoolError
from sertool.frontend.library import Frontend, TooShort
from sertool.frontend.spec import FrontendSpec
from sertool.locations import cache_folder
from sertool.progress import track

#: Reads an audio file as int16 samples, one channel, at the specification's rate.
Reader = Callable[[Path], NDArray[np.int16]]

_WORD = np.dtype("<i4")


def extract(
    paths: Sequence[Path], spec: FrontendSpec, *, read: Reader, reading: str = "", jobs: int | None = None
) -> NDArray[np.int32]:
    """Features of audio files, int32 (files, features), in the order of `paths`.

    `jobs` threads work at once (as many as there are processors, when None). Each file's features are kept in
    the user's cache under a digest of the file's bytes and of the front end's sources, tables included, so that
    an interrupted run goes on where it stopped and runs at the same time share their work. `reading` is part of
    what they are kept under: a digest of the code of `read`.

    Raises `SertoolError`, naming the file, for one that cannot be read or is shorter than a frame.
    """
    frontend = Frontend(spec)
    folder = cache_folder("features") / f"{frontend.digest}{reading}"

    def one(path: Path) -> NDArray[np.int32]:
        return _features_of(path, frontend, folder, read)

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            rows = list(track(pool.map(one, paths), "Features", total=len(paths)))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return np.stack(rows) if rows else np.empty((0, spec.features), np.int32)


def _features_of(path: Path, frontend: Frontend, folder: Path, read: Reader) -> NDArray[np.int32]:
    try:
        digest = file_digest(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SertoolError(f"cannot read the audio: {reason}", where=path) from error
    place = folder / digest[:2] / f"{digest}.features"
    features = _load(place, frontend.spec.features)
    if features is None:
        try:
            features = frontend.features(read(path))
        except TooShort as error:
            raise TooShort(error.what, where=path, allowed=error.allowed, hint=error.hint) from error
        keep(place, features.astype(_WORD).tobytes())
    return features


def _load(place: Path, features: int) -> NDArray[np.int32] | None:
    data = kept(place)
    if data is None or len(data) != features * _WORD.itemsize:
        return None
    return np.frombuffer(data, _WORD).astype(np.int32)
