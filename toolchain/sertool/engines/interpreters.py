"""The other side of `interpreter_process`: interpreters, served over standard input and output."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sertool.engines.interpreter_process import receive, send


class _Interpreter(Protocol):
    def run(self, inputs: NDArray[np.int8]) -> dict[str, NDArray[Any]]: ...


class _Tflite:
    """The interpreter of the package `module` with the kernels of `resolver`: all clips as one batch."""

    def __init__(self, model: bytes, tensors: list[int], module: str, resolver: str) -> None:
        package = importlib.import_module(module)
        self._tensors = tensors
        self._interpreter = package.Interpreter(
            model_content=model,
            num_threads=1,
            experimental_op_resolver_type=package.OpResolverType[resolver],
            experimental_preserve_all_tensors=True,
        )
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]

    def run(self, inputs: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
        self._interpreter.resize_tensor_input(self._input, inputs.shape)
        self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        return {
            f"outputs/{number}": self._interpreter.get_tensor(number).reshape(len(inputs), -1)
            for number in self._tensors
        }


class _Tflm:
    """TFLite Micro's interpreter with an arena of `arena` bytes: one clip after the other."""

    def __init__(self, model: bytes, tensors: list[int], arena: str) -> None:
        runtime = importlib.import_module("tflite_micro.python.tflite_micro.runtime")
        self._tensors = tensors
        self._interpreter = runtime.Interpreter.from_bytes(
            model, arena_size=int(arena), intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors
        )

    def run(self, inputs: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
        outputs: dict[str, list[NDArray[Any]]] = {f"outputs/{number}": [] for number in self._tensors}
        for clip in range(len(inputs)):
            self._interpreter.set_input(inputs[clip : clip + 1], 0)
            self._interpreter.invoke()
            for number in self._tensors:
                values = self._interpreter.GetTensor(number, 0)["tensor_data"]
                outputs[f"outputs/{number}"].append(np.array(values).reshape(1, -1))
        return {name: np.concatenate(rows) for name, rows in outputs.items()}


INTERPRETERS: dict[str, Any] = {"tflite": _Tflite, "tflm": _Tflm}


def main() -> None:
    """Serve one model, over standard input and output, until the other side closes."""
    source = sys.stdin.buffer
    # What the runtime prints must not get between the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    interpreter: _Interpreter | None = None
    kind, *options = sys.argv[1:]
    try:
        while True:
            message = receive(source)
            try:
                if interpreter is None:
                    model, tensors = message["model"].tobytes(), message["tensors"].tolist()
                    interpreter = INTERPRETERS[kind](model, tensors, *options)
                    send(answers, {})
                else:
                    send(answers, interpreter.run(message["inputs"]))
            except (ImportError, RuntimeError, ValueError) as error:
                send(answers, {"error": np.array(str(error))})
    except EOFError:
        pass


if __name__ == "__main__":
    main()
