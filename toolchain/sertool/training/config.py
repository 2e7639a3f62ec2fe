"""How a network is trained: every choice that changes the weights, checked before training starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sertool.errors import SertoolError

_Check = tuple[Callable[[float], bool], str]

_RANGES: dict[str, _Check] = {
    "epochs": (lambda value: 1 <= value <= 1_000_000, "1 to 1,000,000"),
    "batch_size": (lambda value: 1 <= value <= 1_000_000, "1 to 1,000,000"),
    "learning_rate": (lambda value: 0 < value <= 1, "above 0, at most 1"),
    "dropout": (lambda value: 0 <= value < 1, "0 to below 1"),
    "input_dropout": (lambda value: 0 <= value < 1, "0 to below 1"),
    "noise": (lambda value: 0 <= value <= 10, "0 to 10 standard deviations"),
    "mixup": (lambda value: 0 <= value <= 10, "0 (off) to 10"),
    "label_smoothing": (lambda value: 0 <= value < 1, "0 to below 1"),
    "seed": (lambda value: 0 <= value < 2**31, "0 to 2147483647"),
    "distillation": (lambda value: 0 <= value <= 1, "0 (off) to 1"),
    "members": (lambda value: 1 <= value <= 64, "1 to 64"),
}


@dataclass(frozen=True)
class Optimization:
    """What training and fine-tuning share: Adam with a cosine-decaying rate, and regularization.

    The rate falls to zero over `epochs` and the last weights are kept: with corpora of some hundred clips the
    best epoch of a validation part is mostly luck. `noise` is the deviation of Gaussian noise on the
    standardized inputs, `mixup` the Beta distribution's parameter for mixing pairs of clips. Raises
    SertoolError for a value out of range.
    """

    epochs: int = 150
    batch_size: int = 64
    learning_rate: float = 2e-3
    dropout: float = 0.1
    input_dropout: float = 0.0
    noise: float = 0.2
    mixup: float = 0.0
    label_smoothing: float = 0.1
    class_weights: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if name in _RANGES and not _RANGES[name][0](value):
                raise SertoolError(f"{name} = {value} cannot be used", allowed=_RANGES[name][1])


@dataclass(frozen=True)
class TrainingConfig(Optimization):
    """How the float network is made. `hidden` are the sizes of the ReLU layers between inputs and classes.

    The default with 180 inputs and 7 classes is the 169 K-parameter network of the published results, as far
    as it is known. `batch_norm` normalizes before each ReLU while training and is folded into the weights.
    With `members` the hidden layer, one alone, is shared out among so many networks: each learns by its own
    logits, and what is kept is their mean, one network of `hidden` again.
    """

    hidden: tuple[int, ...] = (512, 128, 64, 32)
    batch_norm: bool = True
    members: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "hidden", tuple(int(size) for size in self.hidden))
        if any(not 1 <= size <= 65535 for size in self.hidden):
            raise SertoolError(f"hidden = {self.hidden} cannot be used", allowed="sizes from 1 to 65535")
        if self.members > 1 and (len(self.hidden) != 1 or self.hidden[0] % self.members):
            raise SertoolError(
                f"members = {self.members} cannot share hidden = {list(self.hidden)}",
                allowed="one hidden layer, of a size that members divides",
                hint="networks side by side are one network only where they have one hidden layer "
                "(training.hidden, training.members)",
            )


@dataclass(frozen=True)
class FineTuningConfig(Optimization):
    """How a network learns its widths, from the float weights on: twice as long as those were trained.

    `distillation` is the share of the targets that are the float network's probabilities instead of the labels
    (Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", at temperature 1).
    """

    epochs: int = 300
    label_smoothing: float = 0.0
    distillation: float = 1.0
