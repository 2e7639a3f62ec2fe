"""Interruptions that last: code in C may drop the KeyboardInterrupt that reaches it out of a signal handler."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def lasting_interrupt() -> Iterator[Callable[[], None]]:
    """Yield a function that raises KeyboardInterrupt if one came within the block, wherever it was lost.

    TensorFlow calls Python from C++ and drops what that raises. Outside of the main thread, which alone gets
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

    if threading.current_thread() is not threading.main_thread():
        yield raise_again
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield raise_again
    finally:
        signal.signal(signal.SIGINT, before)
