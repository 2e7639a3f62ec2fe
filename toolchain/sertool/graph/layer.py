"""What every operator is: a layer that reads tensors, gives one, and says how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sertool.errors import SertoolError
from sertool.graph.quantization import Rounding
from sertool.graph.tensors import Kind, Tensor, TensorScale, Values


class Layer(Protocol):
    """One step of a graph, a frozen dataclass; `operators` has a file for each kind.

    Its fields are all that it is: two layers with equal fields are the same.
    """

    @property
    def name(self) -> str:
        """Its name, which is that of its output."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of the tensors that it reads."""
        ...

    @property
    def output(self) -> Tensor:
        """The tensor that it gives."""
        ...

    def check(self, read: Sequence[Tensor]) -> None:
        """Raise SertoolError unless it takes these tensors, and every engine runs it alike on any values.

        `read` are the tensors called `reads`.
        """
        ...

    def run(self, read: Sequence[Values], rounding: Rounding) -> Values:
        """Compute the output, (clips, *shape), from the values of the tensors read: the specification."""
        ...


def check_read(
    layer: str, tensor: Tensor, shape: tuple[int, ...], quantization: TensorScale | None = None
) -> None:
    """Raise SertoolError, naming the layer, unless `tensor` is what it reads: int8 values of this shape.

    With a `quantization`, also where the tensor has another.
    """
    if (tensor.kind, tensor.shape) != (Kind.INT8, shape):
        raise SertoolError(
            f"the layer reads {' x '.join(map(str, shape))} values of {tensor.name!r}",
            where=f"layer {layer!r}",
            allowed=f"the {tensor.kind.value} values of {tensor.name!r}, of shape {list(tensor.shape)}",
        )
    if quantization not in (None, tensor.quantization):
        raise SertoolError(
            f"the layer reads {tensor.name!r} as {quantization}",
            where=f"layer {layer!r}",
            allowed=f"what that tensor is quantized with: {tensor.quantization}",
        )
