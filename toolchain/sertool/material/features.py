"""What the front end makes of audio files."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.corpora import READING, Clip, Corpus, read_pcm
from sertool.digests import code_digest
from sertool.frontend import FrontendSpec, extract


def features_of(paths: Sequence[Path], spec: FrontendSpec) -> NDArray[np.int32]:
    """Raw features, int32 (files, features), of audio files; cached by content.

    Raises SertoolError, naming the file, for one that cannot be read or holds no whole frame.
    """
    read = functools.partial(_samples, sample_rate=spec.sample_rate)
    return extract(paths, spec, read=read, reading=code_digest(READING)[:16])


def clip_features(corpus: Corpus, spec: FrontendSpec) -> dict[Clip, NDArray[np.int32]]:
    """Raw features of every clip, int32 (features,) each; as `features_of`."""
    rows = features_of([clip.path for clip in corpus.clips], spec)
    return dict(zip(corpus.clips, rows, strict=True))


def _samples(path: Path, sample_rate: int) -> NDArray[np.int16]:
    return read_pcm(path, sample_rate).samples
