"""Running an interpreter of .tflite files in a process of its own.

`tflite-runtime` and TensorFlow cannot share a process: they export the same symbols, and where TensorFlow was
loaded first, the runtime calls into it and crashes, or would run its kernels. And every interpreter ends its
process where a check of its own fails, on a damaged file say: that must not be the end of sertool.

Messages in both directions are named numpy arrays (an `.npz` without pickles) behind their length in 8 bytes.
The first one brings `model` (bytes) and `tensors` (the numbers of those to return), every later one
`inputs/NUMBER` for each input; each is answered by `outputs/NUMBER` for each tensor, or by `error`.
`interpreters` is the other side.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from sertool.errors import SertoolError

#: Most of what an interpreter printed that an error shows.
_SHOWN = 300


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
    """Runs a .tflite in an interpreter in another process; `called` is its name in errors.

    `interpreter` is what `interpreters` takes: `tflite MODULE RESOLVER` or `tflm ARENA`. Every tensor is kept,
    so that those of the numbers `tensors` can be returned. Raises SertoolError where the interpreter refuses
    the model and where its process ends, with the last that it printed.
    """

    def __init__(self, called: str, interpreter: Sequence[str], model: bytes, tensors: Sequence[int]) -> None:
        self._called, self._tensors = called, tensors
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sertool.engines.interpreters", *interpreter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
        )
        self.close = weakref.finalize(self, _close, self._process, self._printed)
        try:
            self._ask(model=np.frombuffer(model, np.uint8), tensors=np.array(tensors, np.int64))
        except BaseException:
            self.close()
            raise

    def run(self, inputs: Sequence[NDArray[np.int8]]) -> dict[int, NDArray[Any]]:
        """Run int8 `inputs`, each (clips, *shape), one clip and more: values (clips, size) by tensor number."""
        answer = self._ask(**{f"inputs/{number}": values for number, values in enumerate(inputs)})
        return {number: answer[f"outputs/{number}"] for number in self._tensors}

    def _ask(self, **question: NDArray[Any]) -> dict[str, NDArray[Any]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            send(self._process.stdin, question)
            answer = receive(self._process.stdout)
        except (EOFError, OSError) as error:
            raise SertoolError(
                f"the process of {self._called} {_ended(self._process.wait())}", hint=self._last_printed()
            ) from error
        if "error" in answer:
            raise SertoolError(
                f"{self._called} refuses the model: {answer['error']}", hint=self._last_printed()
            )
        return answer

    def _last_printed(self) -> str | None:
        size = os.fstat(self._printed.fileno()).st_size
        # Not read(): the other side writes where this file's position is.
        text = (
            os.pread(self._printed.fileno(), _SHOWN, max(0, size - _SHOWN)).decode(errors="replace").split("\n")
        )
        lines = [line.strip() for line in text if line.strip()]
        return f"the last that it printed: {lines[-1]}" if lines else None


def _ended(status: int) -> str:
    names = {-number: f"was ended by {number.name}" for number in signal.Signals}
    return names.get(status, f"ended with status {status}")


def _close(process: subprocess.Popen[bytes], printed: IO[bytes]) -> None:
    """Close the process's input, at which it ends, and wait for that."""
    with contextlib.suppress(BrokenPipeError):
        process.communicate()
    printed.close()
