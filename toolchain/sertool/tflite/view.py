"""A decoded .tflite as tensors and operators, every reference between them checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError
from sertool.graph.tensors import TensorScale
from sertool.tflite import flatbuffer
from sertool.tflite.schema import FILE_IDENTIFIER, MODEL, Operator, TensorType

#: Of a tensor, the first of them the clips'.
MOST_DIMENSIONS = 4

_DTYPES = {TensorType.INT8: "<i1", TensorType.INT32: "<i4", TensorType.INT64: "<i8"}


@dataclass(frozen=True, eq=False)
class Tensor:
    """One tensor: `scales` and `zero_points` are empty where it is not quantized, `data` where not constant.

    `place` is the data's first byte in the file; `signature` the shape with -1 where that may change, empty
    where the file does not say.
    """

    number: int
    name: str
    type: int
    shape: tuple[int, ...]
    scales: NDArray[np.float32]
    zero_points: NDArray[np.int64]
    axis: int
    data: NDArray[np.uint8]
    place: int
    variable: bool
    signature: tuple[int, ...]

    def __str__(self) -> str:
        return f"tensor {self.number} {self.name!r}"

    @property
    def type_name(self) -> str:
        """The element type as the schema calls it."""
        return TensorType(self.type).name if self.type in set(TensorType) else f"type {self.type}"

    def expect(
        self, kind: TensorType, shape: tuple[int, ...] | None = None, *, rank: int | None = None
    ) -> None:
        """Raise SertoolError unless this is an activation of `kind`, of one clip (of `shape`, or with `rank`).

        Shape and rank are those of the graph, without the dimension of the clips.
        """
        clip = self.shape[1:]
        fits = self.shape[:1] == (1,) and 1 <= len(clip) < MOST_DIMENSIONS and all(size > 0 for size in clip)
        if self.type != kind or not fits or shape not in (None, clip) or rank not in (None, len(clip)):
            named = "nmkl"[: rank or 1] if shape is None else shape
            more = "" if shape or rank else f" and up to {MOST_DIMENSIONS} dimensions"
            raise SertoolError(
                f"the tensor is {self.type_name} of shape {list(self.shape)}",
                where=str(self),
                allowed=f"{kind.name} of shape [{', '.join(map(str, (1, *named)))}]{more}",
                hint="convert the model with int8 input and output and a batch of one",
            )

    def quantization(self) -> TensorScale:
        """The scale and zero point of an activation; raise SertoolError unless it has just one."""
        if len(self.scales) != 1 or len(self.zero_points) != 1:
            raise SertoolError(
                f"the tensor has {len(self.scales)} scales and {len(self.zero_points)} zero points",
                where=str(self),
                allowed="one scale and one zero point",
            )
        return TensorScale(float(self.scales[0]), int(self.zero_points[0]))

    def constant(self, kinds: Sequence[TensorType], dimensions: int) -> NDArray[Any]:
        """The constant values in the tensor's shape, read-only; raise SertoolError for anything else."""
        allowed = " or ".join(kind.name for kind in kinds)
        dtype = np.dtype(_DTYPES.get(TensorType(self.type), "<i1")) if self.type in kinds else None
        wanted = math.prod(self.shape)
        if dtype is None or len(self.shape) != dimensions or any(size <= 0 for size in self.shape):
            raise SertoolError(
                f"the constant is {self.type_name} of shape {list(self.shape)}",
                where=str(self),
                allowed=f"{allowed} with {dimensions} dimensions",
            )
        if wanted * dtype.itemsize != len(self.data):
            raise SertoolError(
                f"the constant has {len(self.data)} bytes of data",
                where=str(self),
                allowed=f"{wanted * dtype.itemsize} bytes for shape {list(self.shape)}, not sparse",
            )
        return self.data.view(dtype).reshape(self.shape)


@dataclass(frozen=True)
class Step:
    """One operator in execution order; an input of None is an optional one left out."""

    number: int
    code: int
    custom_code: str
    version: int
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]
    options_type: int
    options: Mapping[str, Any]

    def __str__(self) -> str:
        return f"operator {self.number} ({self.name})"

    @property
    def name(self) -> str:
        """The operator as the schema calls it."""
        if self.custom_code:
            return self.custom_code
        return Operator(self.code).name if self.code in set(Operator) else f"builtin operator {self.code}"


@dataclass(frozen=True)
class View:
    """The one subgraph of a model, and the model's metadata buffers by name.

    `version` is the schema's; `unused_codes` are operator codes that no operator has, `empty_buffer` the data
    of buffer 0, which by convention has none.
    """

    version: int
    tensors: tuple[Tensor, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    steps: tuple[Step, ...]
    metadata: Mapping[str, bytes]
    metadata_names: tuple[str, ...]
    unused_codes: tuple[int, ...]
    empty_buffer: NDArray[np.uint8]


def view(data: bytes) -> View:
    """Decode a .tflite; raise SertoolError where it is damaged or has not exactly one subgraph."""
    model = flatbuffer.decode(MODEL, data, FILE_IDENTIFIER)
    start = np.frombuffer(data, np.uint8).ctypes.data
    buffers = [_ints(buffer["data"]).astype(np.uint8, copy=False) for buffer in model["buffers"] or []]
    subgraphs = model["subgraphs"] or []
    if len(subgraphs) != 1:
        raise SertoolError(f"the model has {len(subgraphs)} subgraphs", allowed="one subgraph")
    (subgraph,) = subgraphs
    tensors = [
        _tensor(number, record, buffers, start) for number, record in enumerate(subgraph["tensors"] or [])
    ]
    codes = [
        (max(code["deprecated_builtin_code"], code["builtin_code"]), code["custom_code"] or "", code["version"])
        for code in model["operator_codes"] or []
    ]
    kinds = [_item(codes, record["opcode_index"], "operator code") for record in subgraph["operators"] or []]
    steps = [
        Step(
            number=number,
            code=kinds[number][0],
            custom_code=kinds[number][1],
            version=kinds[number][2],
            inputs=tuple(
                None if index == -1 else _item(tensors, index, "tensor") for index in _ints(record["inputs"])
            ),
            outputs=tuple(_item(tensors, index, "tensor") for index in _ints(record["outputs"])),
            options_type=(record["builtin_options"] or (0, None))[0],
            options=(record["builtin_options"] or (0, None))[1] or {},
        )
        for number, record in enumerate(subgraph["operators"] or [])
    ]
    used = {record["opcode_index"] for record in subgraph["operators"] or []}
    return View(
        version=model["version"],
        tensors=tuple(tensors),
        inputs=tuple(_item(tensors, index, "tensor") for index in _ints(subgraph["inputs"])),
        outputs=tuple(_item(tensors, index, "tensor") for index in _ints(subgraph["outputs"])),
        steps=tuple(steps),
        metadata={
            entry["name"] or "": _item(buffers, entry["buffer"], "buffer").tobytes()
            for entry in model["metadata"] or []
        },
        metadata_names=tuple(entry["name"] or "" for entry in model["metadata"] or []),
        unused_codes=tuple(code[0] for index, code in enumerate(codes) if index not in used),
        empty_buffer=buffers[0] if buffers else np.zeros(0, np.uint8),
    )


def _tensor(number: int, record: Mapping[str, Any], buffers: list[NDArray[np.uint8]], start: int) -> Tensor:
    quantization = record["quantization"] or {}
    scales = quantization.get("scale")
    constant = _item(buffers, record["buffer"], "buffer")
    return Tensor(
        number=number,
        name=record["name"] or "",
        type=record["type"],
        shape=tuple(int(size) for size in _ints(record["shape"])),
        scales=np.zeros(0, np.float32) if scales is None else scales,
        zero_points=_ints(quantization.get("zero_point")),
        axis=quantization.get("quantized_dimension", 0),
        data=constant,
        place=constant.ctypes.data - start if constant.size else 0,
        variable=record["is_variable"],
        signature=tuple(int(size) for size in _ints(record["shape_signature"])),
    )


def _ints(vector: NDArray[Any] | None) -> NDArray[Any]:
    return np.zeros(0, np.int64) if vector is None else vector


def _item(items: list[Any], index: int, kind: str) -> Any:
    if not 0 <= index < len(items):
        raise SertoolError(
            f"the .tflite file is damaged: it refers to {kind} {index}",
            allowed=f"0 to {len(items) - 1}",
            hint="copy or convert the file again",
        )
    return items[index]
