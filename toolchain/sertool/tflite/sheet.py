"""A .tflite as it is written: tensors, buffers and operators as they gather."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.graph.tensors import Kind, Tensor
from sertool.tflite.schema import SCHEMA_VERSION, Operator, TensorType

#: The type in `BuiltinOptions`, and the fields.
Options = tuple[int, dict[str, Any]]


class Sheet:
    """Tensors, buffers and operators as they gather; tensors are referred to by name."""

    def __init__(self) -> None:
        # Buffer 0 is empty by convention: tensors without constant data refer to it.
        self.buffers: list[dict[str, Any]] = [{}]
        self.tensors: list[dict[str, Any]] = []
        self.codes: dict[Operator, int] = {}
        self.operators: list[tuple[Operator, Sequence[str], str, Options]] = []

    def output(self, tensor: Tensor, shape: Sequence[int] | None = None) -> None:
        """Add a tensor that is computed, of `shape` where that is not one clip's, its dimension first."""
        q, kind = tensor.quantization, TensorType[tensor.kind.name]
        scaled = {"quantization": {"scale": [q.scale], "zero_point": [q.zero_point]}}
        plain = _tensor(tensor.name, kind, shape or [1, *tensor.shape], 0)
        self.tensors.append(plain | scaled if tensor.kind is Kind.INT8 else plain)

    def constant(self, name: str, kind: TensorType, values: NDArray[Any], **extra: object) -> str:
        """Add a constant, with `extra` fields; give its name."""
        self.tensors.append(_tensor(name, kind, values.shape, len(self.buffers)) | extra)
        self.buffers.append(
            {"data": np.frombuffer(values.astype(values.dtype.newbyteorder("<")).tobytes(), "<u1")}
        )
        return name

    def operator(
        self,
        code: Operator,
        version: int,
        inputs: Sequence[str],
        output: str,
        options: tuple[int, dict[str, Any]],
    ) -> None:
        """Add an operator that reads and gives tensors of these names."""
        self.codes.setdefault(code, version)
        self.operators.append((code, inputs, output, options))

    def model(self, inputs: list[str], outputs: list[str], name: str, metadata: bytes) -> dict[str, Any]:
        """Give the record of the whole file, with `metadata` in a buffer of that `name`."""
        index = {tensor["name"]: number for number, tensor in enumerate(self.tensors)}
        operators = [
            {
                "opcode_index": list(self.codes).index(code),
                "inputs": [index[name] for name in inputs],
                "outputs": [index[output]],
                "builtin_options": options,
            }
            for code, inputs, output, options in self.operators
        ]
        return {
            "version": SCHEMA_VERSION,
            "operator_codes": [
                {"deprecated_builtin_code": code, "version": version, "builtin_code": code}
                for code, version in self.codes.items()
            ],
            "subgraphs": [
                {
                    "tensors": self.tensors,
                    "inputs": [index[name] for name in inputs],
                    "outputs": [index[name] for name in outputs],
                    "operators": operators,
                    "name": "main",
                }
            ],
            "description": name,
            "buffers": [*self.buffers, {"data": np.frombuffer(metadata, "<u1")}],
            "metadata": [{"name": name, "buffer": len(self.buffers)}],
        }


def _tensor(name: str, kind: TensorType, shape: Any, buffer: int) -> dict[str, Any]:
    return {"shape": list(shape), "type": kind, "buffer": buffer, "name": name}
