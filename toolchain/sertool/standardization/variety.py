"""How much the utterances of a speaker differ: whether their mean may be taken for the speaker's own.

Who is only ever heard in one emotion differs little from utterance to utterance, and the mean is then that
emotion. Who is heard in several differs as the speakers of the training set do, and the mean is the speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.plain_values import Between

#: Scatter fits 15 bits, so that its running mean fits int16 wherever it is counted from.
MOST_SCATTER = 2**15 - 1
#: Farthest that an utterance counts from the mean, in steps of the network's input.
REACH = 128
_HEAVIEST = 255
#: Below a whole trust.
TRUST_BITS = 15
#: Least variance within a class that features are compared by, in squared deviations of the training set.
_LEAST_WITHIN = 0.05


@dataclass(frozen=True)
class StoredVariety:
    """A `Variety` as `to_dict` writes it."""

    weights: tuple[Annotated[int, Between(0, _HEAVIEST)], ...]
    shift: Annotated[int, Between(0, 63)]
    low: Annotated[int, Between(0, MOST_SCATTER)]
    high: Annotated[int, Between(0, MOST_SCATTER)]


@dataclass(frozen=True, eq=False)
class Variety:
    """Scatter of an utterance = (sum of weight * steps^2 from the mean) >> `shift`, 0 to MOST_SCATTER.

    `weights` uint8 (features,), not all 0. Means are not trusted where the scatter is `low` on average, and
    wholly from `high` on.
    """

    weights: NDArray[np.uint8]
    shift: int
    low: int
    high: int

    def __post_init__(self) -> None:
        if not self.weights.any() or self.low >= self.high:
            raise SertoolError(
                f"variety from {self.low} to {self.high} of {np.count_nonzero(self.weights)} features is none",
                allowed="a feature that counts, and an end above the beginning",
            )
        if int(self.weights.sum()) * REACH**2 >> self.shift > MOST_SCATTER:
            raise SertoolError(
                f"a shift by {self.shift} lets scatter overflow", allowed=f"scatter to {MOST_SCATTER}"
            )

    @classmethod
    def fit(cls, steps: NDArray[np.float64], speakers: Sequence[str], labels: Sequence[str]) -> Variety:
        """Learn from the training set: `steps` (clips, features) of the network's input, who speaks, and how.

        A feature weighs what classes make it vary beside what it varies within them, speaker by speaker. Means
        are trusted from the scatter of a class around its mean on, wholly from that of all of a speaker's
        clips on: both on average over speakers.
        """
        who, how = np.asarray(speakers), np.asarray(labels)
        groups = [who == speaker for speaker in np.unique(who)]
        classes = [[group & (how == label) for label in np.unique(how)] for group in groups]
        centred = [_centred(steps, [group]) for group in groups]
        within = [_centred(steps, [part for part in parts if part.any()]) for parts in classes]
        # A class that a speaker never spoke in says nothing of that speaker's.
        offsets = [
            [found[part[group]].mean(axis=0) if part.any() else np.zeros(steps.shape[1]) for part in parts]
            for found, group, parts in zip(centred, groups, classes, strict=True)
        ]
        between = (np.mean(offsets, axis=0) ** 2).mean(axis=0)
        variance = np.mean([(found**2).mean(axis=0) for found in within], axis=0)
        ratio = between / np.maximum(variance, _LEAST_WITHIN * 32**2)
        ratio = ratio if len(set(labels)) > 1 and ratio.any() else np.ones(steps.shape[1])
        weights = np.round(_HEAVIEST * ratio / ratio.max()).astype(np.uint8)
        shift = max(0, (int(weights.sum()) * REACH**2).bit_length() - MOST_SCATTER.bit_length())
        low, high = (
            np.mean([(found.clip(-REACH, REACH) ** 2 * weights).sum(axis=1).mean() for found in side])
            / 2**shift
            for side in (within, centred)
        )
        least = min(round(low), MOST_SCATTER - 1)
        return cls(weights, shift, least, max(least + 1, min(round(high), MOST_SCATTER)))

    def scatter(self, steps: NDArray[np.int64]) -> int:
        """Return the scatter of an utterance so many steps from the mean, (features,) within REACH."""
        return int(self.weights @ steps**2) >> self.shift

    def trust(self, above: int) -> int:
        """Return the share of means, 0 to 2^15, to take off where scatter is `above` + `low` on average."""
        span = self.high - self.low
        return (min(max(above, 0), span) << TRUST_BITS) // span

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold and `from_stored` reads back."""
        return {"weights": self.weights.tolist(), "shift": self.shift, "low": self.low, "high": self.high}

    @classmethod
    def from_stored(cls, stored: StoredVariety) -> Variety:
        """Make what `to_dict` wrote; raises SertoolError as the class does."""
        return cls(np.array(stored.weights, np.uint8), stored.shift, stored.low, stored.high)


def _centred(steps: NDArray[np.float64], groups: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """Steps of all `groups`, each around its own mean."""
    return np.concatenate([steps[group] - steps[group].mean(axis=0) for group in groups])
