"""What every engine is: something that runs an integer graph and returns integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Each layer's outputs by its name, in execution order: (clips, *shape), of the type of the layer's output.
Trace = Mapping[str, NDArray[np.int8] | NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Classification:
    """What an engine that holds the C front end made of one utterance.

    `features` int32 (features,) before standardization, None where the engine does not give them out;
    `input` int8 (features,), what the first layer read; `trace` every layer's outputs for this one clip, each
    of shape (1, size); `label` the index into the graph's labels; `certainty` and `doubts` those of `answers`.
    """

    features: NDArray[np.int32] | None
    input: NDArray[np.int8]
    trace: Trace
    label: int
    certainty: int
    doubts: int


class Engine(Protocol):
    """Runs batches of int8 inputs and returns what every layer gave.

    An engine is a context manager: leaving the block frees its interpreter, library, emulator or port.
    Layers that an engine cannot show are absent from its trace; it never invents them.
    """

    @property
    def name(self) -> str:
        """Name in reports, such as `tflm` or `emulator:cortex-m4`."""
        ...

    def run(self, *inputs: NDArray[np.int8]) -> Trace:
        """Run `inputs`, for each of the graph's an int8 array (clips, *shape)."""
        ...

    def __enter__(self) -> Engine: ...

    def __exit__(self, *exception: object) -> None: ...
