"""The process in which the engine `tflite` runs its interpreter.

It is a process of its own because `tflite-runtime` and TensorFlow cannot share one: they export the same
symbols, and where TensorFlow was loaded first, the runtime calls into it and crashes, or would run its
kernels.

Messages in both directions are named numpy arrays (an `.npz` without pickles) behind their length in 8 bytes.
The first one brings `model` (bytes) and `tensors` (the numbers of those to return), every later one `inputs`;
each is answered by `outputs/NUMBER` for each tensor, or by `error`.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError


def send(stream: IO[bytes], arrays: dict[str, NDArray[Any]]) -> None:
    """Write one message; raise OSError where the other side is gone."""
    content = io.BytesIO()
    np.savez(content, **arrays)
    stream.write(len(content.getvalue()).to_bytes(8, "little") + content.getvalue())
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, NDArray[Any]]:
    """Read one message; raise EOFError where the other side is gone."""
    length = int.from_bytes(_read(stream, 8), "little")
    with np.load(io.BytesIO(_read(stream, length)), allow_pickle=False) as arrays:
        return dict(arrays)


def _read(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


class InterpreterProcess:
    """Runs a .tflite in the interpreter of `module`, with the kernels of `resolver`, in another process.

    Every tensor is kept, so that those of the numbers `tensors` can be returned. Raises SertoolError where the
    interpreter refuses the model or the process ends.
    """

    def __init__(self, module: str, resolver: str, model: bytes, tensors: Sequence[int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sertool.engines.tflite_process", module, resolver],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.close = weakref.finalize(self, _close, self._process)
        self._tensors = tensors
        try:
            self._ask(model=np.frombuffer(model, np.uint8), tensors=np.array(tensors, np.int64))
        except BaseException:
            self.close()
            raise

    def run(self, inputs: NDArray[np.int8]) -> dict[int, NDArray[Any]]:
        """Run int8 `inputs` (clips, features) as one batch: values (clips, size) by tensor number."""
        answer = self._ask(inputs=inputs)
        return {number: answer[f"outputs/{number}"] for number in self._tensors}

    def _ask(self, **question: NDArray[Any]) -> dict[str, NDArray[Any]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            send(self._process.stdin, question)
            answer = receive(self._process.stdout)
        except (EOFError, OSError) as error:
            raise SertoolError(
                f"the process of the TensorFlow Lite interpreter ended with status {self._process.wait()}",
                hint="what it printed to standard error says why",
            ) from error
        if "error" in answer:
            raise SertoolError(f"TensorFlow Lite refuses the model: {answer['error']}")
        return answer


def _close(process: subprocess.Popen[bytes]) -> None:
    """Close the process's input, at which it ends, and wait for that."""
    with contextlib.suppress(BrokenPipeError):
        process.communicate()


class _Model:
    """The interpreter, on the other side."""

    def __init__(self, module: str, resolver: str, model: bytes, tensors: list[int]) -> None:
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


def main() -> None:
    """Serve one model, over standard input and output, until the other side closes."""
    source = sys.stdin.buffer
    # What the runtime prints must not get between the messages.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    model = None
    module, resolver = sys.argv[1:]
    try:
        while True:
            message = receive(source)
            try:
                if model is None:
                    model = _Model(module, resolver, message["model"].tobytes(), message["tensors"].tolist())
                    send(answers, {})
                else:
                    send(answers, model.run(message["inputs"]))
            except (ImportError, RuntimeError, ValueError) as error:
                send(answers, {"error": np.array(str(error))})
    except EOFError:
        pass


if __name__ == "__main__":
    main()
