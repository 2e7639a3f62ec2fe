"""The other side of `interpreter_process`: interpreters, served over standard input and output."""

from __future__ import annotations

import abc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sertool.engines.interpreter_process import receive, send


class _Interpreter(abc.ABC):
    """Runs a model, and gives the values of the tensors of the numbers `tensors`."""

    def __init__(self, tensors: Sequence[int]) -> None:
        self._tensors = tensors

    def run(self, inputs: Sequence[NDArray[np.int8]]) -> dict[str, NDArray[Any]]:
        """Run one clip of `inputs` after the other: values (clips, size) of each tensor."""
        clips = range(len(inputs[0]))
        rows = [self._run([values[clip : clip + 1] for values in inputs]) for clip in clips]
        return {
            f"outputs/{number}": np.stack([values.reshape(-1) for values in column])
            for number, column in zip(self._tensors, zip(*rows, strict=True), strict=True)
        }

    @abc.abstractmethod
    def _run(self, inputs: Sequence[NDArray[np.int8]]) -> list[NDArray[Any]]: ...


class _Tflite(_Interpreter):
    """The interpreter of the package `module` with the kernels of `resolver`."""

    def __init__(self, model: bytes, tensors: list[int], module: str, resolver: str) -> None:
        package = importlib.import_module(module)
        super().__init__(tensors)
        self._interpreter = package.Interpreter(
            model_content=model,
            num_threads=1,
            experimental_op_resolver_type=package.OpResolverType[resolver],
            experimental_preserve_all_tensors=True,
        )
        self._interpreter.allocate_tensors()
        self._inputs = [details["index"] for details in self._interpreter.get_input_details()]

    def _run(self, inputs: Sequence[NDArray[np.int8]]) -> list[NDArray[Any]]:
        for number, values in zip(self._inputs, inputs, strict=True):
            self._interpreter.set_tensor(number, values)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(number) for number in self._tensors]


class _Tflm(_Interpreter):
    """TFLite Micro's interpreter with an arena of `arena` bytes."""

    def __init__(self, model: bytes, tensors: list[int], arena: str) -> None:
        runtime = importlib.import_module("tflite_micro.python.tflite_micro.runtime")
        super().__init__(tensors)
        self._interpreter = runtime.Interpreter.from_bytes(
            model, arena_size=int(arena), intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors
        )

    def _run(self, inputs: Sequence[NDArray[np.int8]]) -> list[NDArray[Any]]:
        for number, values in enumerate(inputs):
            self._interpreter.set_input(values, number)
        self._interpreter.invoke()
        return [np.array(self._interpreter.GetTensor(number, 0)["tensor_data"]) for number in self._tensors]


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
                    inputs = [message[f"inputs/{number}"] for number in range(len(message))]
                    send(answers, interpreter.run(inputs))
            except (ImportError, RuntimeError, ValueError) as error:
                send(answers, {"error": np.array(str(error))})
    except EOFError:
        pass


if __name__ == "__main__":
    main()
