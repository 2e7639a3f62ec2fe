"""How an operator stands in a .tflite: what is written of a layer, and what is read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sertool.graph.layer import Layer
from sertool.graph.quantization import ScaleProduct, Width
from sertool.tflite.schema import Operator
from sertool.tflite.sheet import Sheet
from sertool.tflite.view import Step, Tensor

Kind = TypeVar("Kind", bound=Layer)


@dataclass(frozen=True, eq=False)
class Reading:
    """An operator to be read as the layer `name`, which reads the tensors called `reads`.

    `width` is that of its weights, None where the least is wanted; `product` how its scales are multiplied
    where runtimes differ.
    """

    step: Step
    name: str
    reads: tuple[str, ...]
    width: Width | None
    product: ScaleProduct

    @property
    def source(self) -> Tensor:
        """The first tensor that the operator reads."""
        first = self.step.inputs[0]
        assert first is not None
        return first

    @property
    def output(self) -> Tensor:
        """The tensor that the operator gives."""
        return self.step.outputs[0]


def always_alike(step: Step, layer: Layer) -> bool:
    """Say that every runtime derives the same integers for the layer."""
    return True


@dataclass(frozen=True)
class Codec(Generic[Kind]):
    """How an operator stands in a .tflite: a row of `tflite.operators.CODECS`.

    It is written as `version`, as TFLite's `op_version.cc` gives it, and read up to `latest`, which
    tflite-runtime's resolver knows. `options` is its type in `BuiltinOptions`; it has one of `inputs` inputs,
    the first `activations` of them computed; layers of files made elsewhere are `called` so. `write` adds
    constants and output to the sheet and gives all inputs' names and the options; `read` raises SertoolError
    for what the layer cannot express; `alike` tells whether every runtime runs what was read alike.
    """

    code: Operator
    version: int
    latest: int
    options: int
    inputs: tuple[int, ...]
    called: str
    write: Callable[[Kind, Sheet], tuple[Sequence[str], Mapping[str, Any]]]
    read: Callable[[Reading], Kind]
    activations: int = 1
    weighted: bool = False
    alike: Callable[[Step, Kind], bool] = always_alike
