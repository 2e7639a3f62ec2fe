"""From features to the network's int8 input; what `runtime/standardize` does, in numpy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sertool.compilers import SourceTree, runtime_sources
from sertool.digests import value_digest
from sertool.errors import SertoolError
from sertool.graph import TensorScale
from sertool.plain_values import Int32, Source, from_plain, path_of, to_plain
from sertool.rendering import render
from sertool.standardization.enrolled import Enrolled
from sertool.standardization.neutral import Neutral, StoredNeutral
from sertool.standardization.running import Running
from sertool.standardization.speaker import FARTHEST, FRACTION_BITS, Speaker
from sertool.standardization.variety import StoredVariety, Variety

_MULTIPLIER_BITS = 15
_SHIFTS = (1, 46)

#: A step of the network's input is a 32nd of a deviation of the training set, so its range is four of them.
INPUT = TensorScale(2**-5, 0)


@dataclass(frozen=True)
class StoredStandardizer:
    """A `Standardizer` as `to_dict` writes it."""

    offset: tuple[Int32, ...]
    multiplier: tuple[Int32, ...]
    shift: tuple[Int32, ...]
    scale: float
    zero_point: int
    running: Running | None = None
    variety: StoredVariety | None = None
    enrolled: Enrolled | None = None
    neutral: StoredNeutral | None = None


@dataclass(frozen=True, eq=False)
class Standardizer:
    """input = clamp(((feature - offset) * multiplier + 2^(shift - 1)) >> shift, -128, 127), feature by feature.

    `offset`, `multiplier` and `shift` are int32 of shape (features,): any offset; multiplier 0 or 2^14 to
    2^15 - 1; shift 1 to 46. One step of the input is `input.scale` standard deviations of the training set, its
    zero point is 0. A feature that never varied has multiplier 0 and gives 0.

    With `running` it follows the speaker: a feature's mean over the utterances heard is taken off it, as far as
    their `variety` lets it be trusted. With `enrolled` it follows by the utterances that the speaker enrolled
    with: how far they lie from where the training set's speakers are `neutral` is taken off.
    """

    offset: NDArray[np.int32]
    multiplier: NDArray[np.int32]
    shift: NDArray[np.int32]
    input: TensorScale = INPUT
    running: Running | None = None
    variety: Variety | None = None
    enrolled: Enrolled | None = None
    neutral: Neutral | None = None

    Stored: ClassVar[Any] = StoredStandardizer

    def __post_init__(self) -> None:
        shapes = {self.offset.shape, self.multiplier.shape, self.shift.shape}
        low, high = _SHIFTS
        normal = (self.multiplier >= 2 ** (_MULTIPLIER_BITS - 1)) & (self.multiplier < 2**_MULTIPLIER_BITS)
        if len(shapes) > 1 or self.offset.ndim != 1 or not self.offset.size:
            raise SertoolError(f"a standardizer's arrays differ in shape or are empty: {sorted(shapes)}")
        if not (normal | (self.multiplier == 0)).all() or self.shift.min() < low or self.shift.max() > high:
            raise SertoolError(
                "a standardizer's multiplier or shift is out of range",
                allowed=f"multipliers 0 or 2^14 to 2^15 - 1, shifts {low} to {high}",
            )
        if self.input.zero_point or not 2**-7 <= self.input.scale <= 1:
            raise SertoolError(
                f"a standardizer's input is quantized as {self.input}",
                allowed="scales from 2^-7 to 1 deviation, zero point 0",
            )
        if (self.running is None) != (self.variety is None):
            raise SertoolError("a standardizer follows its speaker by `running` and `variety`, or by neither")
        if (self.enrolled is None) != (self.neutral is None):
            raise SertoolError("a standardizer lets speakers enrol by `enrolled` and `neutral`, or by neither")
        if self.running and self.enrolled:
            raise SertoolError("a standardizer follows its speaker by `running` or by `enrolled`, not by both")
        if self.neutral is not None and len(self.neutral.points) != self.features:
            raise SertoolError(
                f"the neutral point has {len(self.neutral.points)} values",
                allowed=f"{self.features}, one a feature",
            )
        if self.variety is not None and len(self.variety.weights) != self.features:
            raise SertoolError(
                f"variety has {len(self.variety.weights)} weights", allowed=f"{self.features}, one a feature"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standardizer) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(
            (self.offset.tobytes(), self.multiplier.tobytes(), self.shift.tobytes(), self.input, self.following)
        )

    @property
    def following(self) -> Running | Enrolled | None:
        """By what it follows its speaker."""
        return self.running or self.enrolled

    @property
    def features(self) -> int:
        """Number of features."""
        return len(self.offset)

    @property
    def speaker_bytes(self) -> int:
        """Bytes of what a device knows of a speaker; 0 where nobody is followed."""
        return 4 + 2 * self.features if self.following else 0

    @property
    def fingerprint(self) -> int:
        """32 bits of a digest of all tables: what is known of a speaker is worth nothing by others."""
        return int(value_digest(self.to_dict())[:8], 16)

    @classmethod
    def fit(
        cls,
        features: NDArray[np.int32],
        input: TensorScale = INPUT,
        following: Running | Enrolled | None = None,
        speakers: Sequence[str] = (),
        labels: Sequence[str] = (),
        neutral: Sequence[bool] = (),
    ) -> Standardizer:
        """Take means and (population) deviations of int32 `features`, (clips, features), clips >= 1.

        With `following` also the variety of `speakers` and their `labels`, one a clip; without those all clips
        are one speaker's and alike. Or, to let speakers enrol, where they are neutral, by the clips that are
        `neutral`; without those all are.
        """
        if features.ndim != 2 or not features.size:
            raise SertoolError(
                f"cannot standardize features of shape {features.shape}", allowed="(clips, features)"
            )
        deviation = features.std(axis=0, dtype=np.float64)
        varies = np.ptp(features.astype(np.int64), axis=0) > 0
        factor = 1 / (input.scale * np.where(varies, deviation, 1.0))
        mantissa, exponent = np.frexp(factor)
        multiplier = np.round(mantissa * 2**_MULTIPLIER_BITS).astype(np.int64)
        carry = multiplier == 2**_MULTIPLIER_BITS
        multiplier = np.where(carry, multiplier // 2, multiplier)
        shift = _MULTIPLIER_BITS - exponent - carry
        plain = cls(
            np.round(features.mean(axis=0, dtype=np.float64)).astype(np.int32),
            np.where(varies, multiplier, 0).astype(np.int32),
            np.where(varies, np.clip(shift, *_SHIFTS), 1).astype(np.int32),
            input,
        )
        alike = [""] * len(features)
        match following:
            case None:
                return plain
            case Enrolled():
                calm = np.asarray(neutral or [True] * len(features))
                who = np.asarray(speakers or alike)[calm].tolist()
                found = Neutral.fit(plain._close(features[calm]), who)
                return dataclasses.replace(plain, enrolled=following, neutral=found)
            case Running():
                steps = plain._close(features) / 2**FRACTION_BITS
                variety = Variety.fit(steps, speakers or alike, labels or alike)
                return dataclasses.replace(plain, running=following, variety=variety)

    def apply(self, features: ArrayLike) -> NDArray[np.int8]:
        """Quantize int32 features (..., features) to int8 of the same shape, by the tables alone."""
        return np.clip(self._scaled(features, 0), -128, 127).astype(np.int8)

    def follow(self, features: NDArray[np.int32], speaker: Speaker | None = None) -> NDArray[np.int8]:
        """Quantize utterances, int32 (n, features) in the order heard, to what the network reads: int8.

        `speaker` is whoever was heard before, and is better known afterwards; without one, a device begins that
        has heard nobody. Equal to the C.
        """
        speaker = speaker or Speaker.unknown(self.features)
        if self.running is not None and self.variety is not None:
            heard = [self.running.hear(speaker, row, self.variety) for row in self._close(features)]
        elif self.enrolled is not None:
            heard = [self.enrolled.hear(speaker, row) for row in self._close(features)]
        else:
            return self.apply(features)
        return np.array(heard, np.int8).reshape(len(features), self.features)

    def enroll(self, features: NDArray[np.int32], speaker: Speaker) -> None:
        """Take neutral utterances of `speaker`, int32 (n, features), in that order. Equal to the C.

        Raises SertoolError where nobody enrols, and for more than count.
        """
        if self.enrolled is None or self.neutral is None:
            raise SertoolError(
                "nobody enrols with this model",
                allowed="models that were trained with the standardization enrolled",
            )
        for row in self._close(features):
            self.enrolled.enroll(speaker, row, self.neutral)

    def _close(self, features: NDArray[np.int32]) -> NDArray[np.int32]:
        """Features in 64ths of a step of the input, from -FARTHEST to FARTHEST."""
        return np.clip(self._scaled(features, FRACTION_BITS), -FARTHEST, FARTHEST).astype(np.int32)

    def _scaled(self, features: ArrayLike, fraction: int) -> NDArray[np.int64]:
        """Features in steps of the input with `fraction` bits below them; 2^32 * 2^15 * 2^6 fits in int64."""
        centred = np.asarray(features, np.int32).astype(np.int64) - self.offset
        rounding = np.int64(1) << (self.shift.astype(np.int64) - 1)
        scaled: NDArray[np.int64] = (centred * self.multiplier * 2**fraction + rounding) >> self.shift
        return scaled

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold and `from_dict` reads back."""
        return {
            "offset": self.offset.tolist(),
            "multiplier": self.multiplier.tolist(),
            "shift": self.shift.tolist(),
            "scale": self.input.scale,
            "zero_point": self.input.zero_point,
            **({"running": to_plain(self.running)} if self.running else {}),
            **({"variety": self.variety.to_dict()} if self.variety else {}),
            **({"enrolled": to_plain(self.enrolled)} if self.enrolled else {}),
            **({"neutral": self.neutral.to_dict()} if self.neutral else {}),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Standardizer:
        """Read what `to_dict` wrote; raises SertoolError naming the field that is wrong, missing or unknown."""
        return from_plain(cls, fields, Source("a standardizer", path_of))

    @classmethod
    def from_stored(cls, stored: StoredStandardizer) -> Standardizer:
        """Make the standardizer of what `to_dict` wrote; raises SertoolError as the class does."""
        offset, multiplier, shift = (
            np.array(field, np.int32) for field in (stored.offset, stored.multiplier, stored.shift)
        )
        variety = None if stored.variety is None else Variety.from_stored(stored.variety)
        neutral = None if stored.neutral is None else Neutral.from_stored(stored.neutral)
        scale = TensorScale(stored.scale, stored.zero_point)
        return cls(offset, multiplier, shift, scale, stored.running, variety, stored.enrolled, neutral)

    def sources(self) -> SourceTree:
        """Source tree of `ser_standardizer.h`: its C file, and what is rendered of tables and settings."""
        runtime = runtime_sources("standardize")
        speaker = {"bytes": self.speaker_bytes, "fingerprint": self.fingerprint}
        names = ["ser_standardizer.h"]
        match self.following:
            case None:
                names.append("fixed.c")
            case Running():
                names += ["ser_means.h", "running.c"]
            case Enrolled():
                names += ["ser_means.h", "enrolled.c"]
        tables = {"offsets": self.offset, "multipliers": self.multiplier, "shifts": self.shift}
        return {f"runtime/standardize/{name}": runtime[f"runtime/standardize/{name}"] for name in names} | {
            f"generated/{name}": render(
                f"project/{name}.in",
                running=self.running,
                variety=self.variety,
                enrolled=self.enrolled,
                neutral=self.neutral,
                speaker=speaker,
                **tables,
            )
            for name in ("ser_standardizer.c", "ser_standardizer_config.h")
        }
