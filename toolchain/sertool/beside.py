"""Work beside other work, where most of it is waiting for another process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Value = TypeVar("Value")


def beside(work: Callable[[], Value]) -> Future[Value]:
    """Begin `work` on a thread of its own; what it returns or raises is the future's.

    Who is interrupted does not wait for it, and it ends with this process.
    """
    future: Future[Value] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
