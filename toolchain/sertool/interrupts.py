"""Interruptions that last: code in C and destructors drop the KeyboardInterrupt of a signal handler."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def lasting_interrupt() -> Iterator[Callable[[], None]]:
    """Yield a function that raises KeyboardInterrupt if one came within the block, wherever it was lost.

    TensorFlow calls Python from C++ and drops what that raises. Python tells what destructors raise and goes
    on; of an interruption, which is not lost, nothing is told. Outside of the main thread, which alone gets
    signals, the function does nothing.
    """
    came = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    def raise_again() -> None:
        if came:
            raise KeyboardInterrupt

    def unraisable(lost: sys.UnraisableHookArgs) -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            told(lost)

    if threading.current_thread() is not threading.main_thread():
        yield raise_again
        return
    told, sys.unraisablehook = sys.unraisablehook, unraisable
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield raise_again
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = told
