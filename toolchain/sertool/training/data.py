"""What training may see: standardized int8 features with labels, in a training and a validation part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph import TensorScale


@dataclass(frozen=True, eq=False)
class Examples:
    """int8 `features` (clips, features), as the standardizer gives them, and int `labels` (clips,).

    A label is an index into the sorted emotions. Raises SertoolError when shapes or types do not fit.
    """

    features: NDArray[np.int8]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        features, labels = np.asarray(self.features), np.asarray(self.labels)
        if features.ndim != 2 or features.dtype != np.int8:
            raise SertoolError(
                f"features have type {features.dtype} and shape {features.shape}",
                allowed="int8 of shape (clips, features)",
                hint="pass what a standardizer gives",
            )
        if labels.shape != features.shape[:1] or not np.issubdtype(labels.dtype, np.integer):
            raise SertoolError(
                f"labels have type {labels.dtype} and shape {labels.shape} for {len(features)} clips",
                allowed="integers of shape (clips,)",
            )
        object.__setattr__(self, "features", features)
        object.__setattr__(self, "labels", labels.astype(np.int64))

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The training and validation parts of a split, the emotions' names, and the scale of the int8 inputs.

    There is no place for test data here, so neither weights nor widths can depend on it. Raises SertoolError
    for an empty part, a label without a name, a class that training never sees, or widths that differ.
    """

    train: Examples
    validation: Examples
    labels: tuple[str, ...]
    input: TensorScale

    def __post_init__(self) -> None:
        for name, part in (("training", self.train), ("validation", self.validation)):
            if not len(part):
                raise SertoolError(f"the {name} part is empty", hint="use a larger corpus or another split")
            if part.labels.min() < 0 or part.labels.max() >= len(self.labels):
                raise SertoolError(
                    f"the {name} part has a label outside the {len(self.labels)} classes",
                    allowed=f"0 to {len(self.labels) - 1}",
                )
        if self.train.features.shape[1] != self.validation.features.shape[1]:
            raise SertoolError(
                f"training clips have {self.train.features.shape[1]} features, "
                f"validation clips {self.validation.features.shape[1]}"
            )
        absent = sorted(set(range(len(self.labels))) - set(self.train.labels.tolist()))
        if absent:
            raise SertoolError(
                f"no training clip of: {', '.join(self.labels[index] for index in absent)}",
                hint="use a split that has every class in its training part",
            )

    def joined(self) -> TrainingData:
        """Return the data with both parts to train on: for the last training, once everything is chosen."""
        both = (self.train, self.validation)
        features, labels = (
            np.concatenate([getattr(part, name) for part in both]) for name in ("features", "labels")
        )
        return TrainingData(Examples(features, labels), self.validation, self.labels, self.input)

    @property
    def features(self) -> int:
        """Number of features of a clip."""
        return int(self.train.features.shape[1])


def dequantize(features: NDArray[np.int8], scale: TensorScale) -> NDArray[np.float32]:
    """Return the float32 values that int8 `features` stand for: all that a network is ever trained on."""
    return ((features.astype(np.float32) - scale.zero_point) * np.float32(scale.scale)).astype(np.float32)
