"""Where speakers are neutral, and how far one of them may be from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.plain_values import Between
from sertool.standardization.speaker import FARTHEST

#: Priors are in quarters of an utterance, so that they fit a byte: 1/4 to 63 3/4.
UNIT = 4
_LEAST, _MOST = 1, 255
#: The prior where too few speakers, or too few utterances of each, say nothing of variances: of one weight for
#: all features the best compromise by speakers held out of training in EMODB and SAVEE. Priors by variance are
#: up to three points better there.
_UNKNOWN = 3
#: Least variance between speakers, as a part of that within them.
_LEAST_BETWEEN = 2**-10


@dataclass(frozen=True)
class StoredNeutral:
    """A `Neutral` as `to_dict` writes it."""

    points: tuple[Annotated[int, Between(-FARTHEST, FARTHEST)], ...]
    priors: tuple[Annotated[int, Between(_LEAST, _MOST)], ...]


@dataclass(frozen=True, eq=False)
class Neutral:
    """`points` int16 (features,): where the training set's speakers are neutral, in 64ths of an input's step.

    `priors` uint8 (features,), 1 to 255: as how many utterances, in quarters, it counts beside a speaker's own.
    """

    points: NDArray[np.int16]
    priors: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.points.shape != self.priors.shape or not self.priors.all():
            raise SertoolError(
                f"a neutral point of {len(self.points)} values has {np.count_nonzero(self.priors)} priors",
                allowed="one a feature, from 1 on",
            )

    @classmethod
    def fit(cls, close: NDArray[np.int32], speakers: Sequence[str]) -> Neutral:
        """Learn from neutral utterances: `close` (clips, features), clips >= 1, in 64ths of a step.

        A prior is a feature's variance within speakers over that between them, of which what within alone gives
        is taken off.
        """
        who = np.asarray(speakers)
        groups = [close[who == speaker].astype(np.float64) for speaker in np.unique(who)]
        means = np.stack([group.mean(axis=0) for group in groups])
        points = np.round(means.mean(axis=0)).astype(np.int16)
        several = [group.var(axis=0, ddof=1) for group in groups if len(group) > 1]
        if len(groups) < 2 or not several:
            return cls(points, np.full(close.shape[1], UNIT * _UNKNOWN, np.uint8))
        within = np.mean(several, axis=0)
        between = means.var(axis=0, ddof=1) - within * np.mean([1 / len(group) for group in groups])
        ratio = within / np.maximum(between, np.maximum(_LEAST_BETWEEN * within, _LEAST_BETWEEN))
        return cls(points, np.round(UNIT * ratio).clip(_LEAST, _MOST).astype(np.uint8))

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold and `from_stored` reads back."""
        return {"points": self.points.tolist(), "priors": self.priors.tolist()}

    @classmethod
    def from_stored(cls, stored: StoredNeutral) -> Neutral:
        """Make what `to_dict` wrote; raises SertoolError as the class does."""
        return cls(np.array(stored.points, np.int16), np.array(stored.priors, np.uint8))
