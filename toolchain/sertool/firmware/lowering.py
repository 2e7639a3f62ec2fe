"""What a layer is in C: its constants, one call, and the files of its kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from numpy.typing import NDArray

from sertool.graph.layer import Layer
from sertool.graph.quantization import Rounding

#: Bytes of a word; whatever stands in the arena begins at one.
WORD = 4

Kind = TypeVar("Kind", bound=Layer)


@dataclass(frozen=True)
class Place:
    """Where the `index`-th layer finds things, as the rendered function names them.

    `reads` and `output` are expressions for the tensors that it reads and gives, `offset` and `scratch`
    bytes into the arena, None where it has no memory of its own there.
    """

    index: int
    reads: tuple[str, ...]
    output: str
    offset: int | None
    scratch: int | None

    @property
    def data(self) -> str:
        """Points at the layer's constants."""
        return f"&layer_{self.index}"

    @property
    def output_words(self) -> str:
        """Points at the words of the output."""
        assert self.offset is not None
        return f"arena + {self.offset // WORD}"

    @property
    def scratch_words(self) -> str:
        """Points at the words of the scratch memory, of which the layer has asked for some."""
        assert self.scratch is not None
        return f"arena + {self.scratch // WORD}"


@dataclass(frozen=True, eq=False)
class Array:
    """An array of constants, of the C type `type`, that the field `name` of the layer's structure points at.

    `holds` says in a word what its values are.
    """

    name: str
    type: str
    holds: str
    values: NDArray[Any]

    @property
    def variable(self) -> str:
        """What the array itself is called: the last of the field's names."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, eq=False)
class Constants:
    """A layer's constants: the structure `struct`, the arrays it points at, its other fields, and a remark."""

    struct: str
    fields: Mapping[str, int]
    arrays: Sequence[Array] = ()
    remark: str = ""


@dataclass(frozen=True, eq=False)
class Lowered:
    """A layer in C: `call` is an expression, None where nothing is to be done."""

    call: str | None
    constants: Constants | None = None


def no_scratch(layer: Layer) -> int:
    """Need no scratch memory."""
    return 0


@dataclass(frozen=True)
class Lowering(Generic[Kind]):
    """What an operator is in C: a row of `firmware.operators.LOWERINGS`.

    `lower` raises SertoolError for a layer that its kernel cannot hold. `files` are names in `runtime/kernels`,
    `headers` in `runtime/include`; `scratch` is the bytes of scratch memory, on the core that needs most.
    `in_place`: what the layer gives is the memory of the first tensor that it reads.
    """

    lower: Callable[[Kind, Place], Lowered]
    files: Callable[[Kind, Rounding], Sequence[str]]
    scratch: Callable[[Kind], int] = no_scratch
    headers: Sequence[str] = ("ser_kernels.h",)
    in_place: bool = False
