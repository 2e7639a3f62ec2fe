"""Features of many recordings: threads over files, results kept on disk by content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

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

Item = TypeVar("Item")

_WORD = np.dtype("<i4")


def extract(
    paths: Sequence[Path], spec: FrontendSpec, *, read: Reader, reading: str = "", jobs: int | None = None
) -> NDArray[np.int32]:
    """Features of audio files, int32 (files, features), in the order of `paths`.

    As `extract_each`, under the digest of each file's bytes. Raises SertoolError, naming the file, for one that
    cannot be read or is shorter than a frame.
    """
    found = extract_each(paths, spec, read=read, digest=_digest_of, reading=reading, jobs=jobs)
    rows = []
    for path, row in zip(paths, found, strict=True):
        if isinstance(row, TooShort):
            raise TooShort(row.what, where=path, allowed=row.allowed, hint=row.hint)
        rows.append(row)
    return np.stack(rows) if rows else np.empty((0, spec.features), np.int32)


def extract_each(
    items: Sequence[Item],
    spec: FrontendSpec,
    *,
    read: Callable[[Item], NDArray[np.int16]],
    digest: Callable[[Item], str],
    reading: str = "",
    jobs: int | None = None,
    description: str = "Features",
) -> Iterator[NDArray[np.int32] | TooShort]:
    """Yield the features, int32 (features,), of what `read` makes of each item, in their order.

    `TooShort` stands in the place of what has no frame that counts. `jobs` threads work at once (as many as
    there are processors, when None). Each item's features are kept in the user's cache under its `digest` and
    that of the front end's sources, tables included, so that an interrupted run goes on where it stopped and
    runs at the same time share their work. `reading` is part of what they are kept under: a digest of the code
    of `read`. Raises SertoolError as `read` does.
    """
    frontend = Frontend(spec)
    folder = cache_folder("features") / f"{frontend.digest}{reading}"

    def one(item: Item) -> NDArray[np.int32] | TooShort:
        name = digest(item)
        place = folder / name[:2] / f"{name}.features"
        features = _load(place, spec.features)
        if features is None:
            try:
                features = frontend.features(read(item))
            except TooShort as error:
                return error
            keep(place, features.astype(_WORD).tobytes())
        return features

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            yield from track(pool.map(one, items), description, total=len(items))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _digest_of(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SertoolError(f"cannot read the audio: {reason}", where=path) from error


def _load(place: Path, features: int) -> NDArray[np.int32] | None:
    data = kept(place)
    if data is None or len(data) != features * _WORD.itemsize:
        return None
    return np.frombuffer(data, _WORD).astype(np.int32)
