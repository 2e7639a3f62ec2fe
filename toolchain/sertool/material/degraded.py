"""What the front end makes of clips to which something was done: training copies, conditions of a test."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.augmentation import Augmentation, Condition, Degradation
from sertool.corpora import READING, Clip, Split, contents, read_pcm
from sertool.digests import code_digest, value_digest
from sertool.frontend import FrontendSpec, TooShort, extract_each

#: The code that decides what a degraded clip is, beside that which reads it.
_CODE = ("augmentation",)
#: Clips that are kept decoded, for babbles.
_DECODED = 1024


@dataclass(frozen=True)
class _Degraded:
    path: Path
    content: str
    degradation: Degradation

    @property
    def digest(self) -> str:
        return value_digest([self.content, self.degradation.digest])


def copies(
    split: Split, raw: NDArray[np.int32], spec: FrontendSpec, augmentation: Augmentation
) -> tuple[NDArray[np.int32], ...]:
    """Raw features of each augmented copy of the training clips, int32 (clips, features) each; cached.

    The split's seed draws them. All is made of the training part alone: its clips babble, and `raw`, their own
    features, int32 (clips, features), stand for copies of which nothing would be heard. Raises SertoolError as
    reading them does.
    """
    digests = [split.digests[clip] for clip in split.train] if augmentation.copies else []
    others = frozenset(digests)
    made = []
    for copy in range(augmentation.copies):
        drawn = [augmentation.draw(digest, others, split.seed, copy) for digest in digests]
        found = _features(split.train, digests, drawn, spec, f"Augmented, copy {copy + 1}")
        made.append(np.stack([own if row is None else row for own, row in zip(raw, found, strict=True)]))
    return tuple(made)


def conditioned(
    clips: Sequence[Clip], spec: FrontendSpec, condition: Condition
) -> tuple[NDArray[np.int32] | None, ...]:
    """Raw features, int32 (features,), of each clip under a condition; None where nothing is heard of it.

    What babbles are these clips. Raises SertoolError as reading them does.
    """
    found = contents(clip.path for clip in clips)
    digests = [found[clip.path].digest for clip in clips]
    others = frozenset(digests)
    done = [condition.of(digest, others) for digest in digests]
    return tuple(_features(clips, digests, done, spec, condition.name.capitalize()))


def _features(
    clips: Sequence[Clip],
    digests: Sequence[str],
    done: Sequence[Degradation],
    spec: FrontendSpec,
    description: str,
) -> list[NDArray[np.int32] | None]:
    places = {digest: clip.path for digest, clip in zip(digests, clips, strict=True)}

    @functools.lru_cache(_DECODED)
    def voice(digest: str) -> NDArray[np.int16]:
        return read_pcm(places[digest], spec.sample_rate).samples

    def read(item: _Degraded) -> NDArray[np.int16]:
        pcm = read_pcm(item.path, spec.sample_rate).samples
        return item.degradation.apply(pcm, spec.sample_rate, voice)

    rows = extract_each(
        [_Degraded(clip.path, digest, each) for clip, digest, each in zip(clips, digests, done, strict=True)],
        spec,
        read=read,
        digest=lambda item: item.digest,
        reading=code_digest((*READING, *_CODE))[:16],
        description=description,
    )
    return [None if isinstance(row, TooShort) else row for row in rows]
