"""A tool that talks, may wait for ever and may leave children: run in the open, for a time, ended whole."""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

#: Seconds that a tool gets to end after it was asked to.
_GRACE = 2.0
#: Seconds that what a tool has written may take to come once it has ended; children may hold its output open.
_DRAIN = 0.2
#: Characters of output that are kept.
_KEPT = 1 << 16


@dataclass(frozen=True)
class Ended:
    """How a tool ended: its status (negative: the signal), None when its time was over; and its output."""

    status: int | None
    output: str


def run_in_the_open(command: Sequence[str], timeout: float, say: Callable[[str], None]) -> Ended:
    """Run a command for at most `timeout` seconds; `say` gets what it prints as it comes, prompts too.

    Its standard input is empty: whoever asks there is told so at once and waits for nobody. Whatever ends this,
    the command and all of its process group are ended too. Raises OSError when it cannot be started.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return _follow(process, time.monotonic() + timeout, say)
    finally:
        _end(process)


def _follow(process: subprocess.Popen[bytes], deadline: float, say: Callable[[str], None]) -> Ended:
    assert process.stdout
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    kept, open_, ended_at = "", True, None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while open_ and (now := time.monotonic()) < deadline:
            left = min(deadline - now, 0.1)
            if process.poll() is not None:
                ended_at = ended_at or now
                left = max(ended_at + _DRAIN - now, 0.0)
            if selector.select(left):
                data = os.read(process.stdout.fileno(), 1 << 16)
                open_ = bool(data)
                text = decoder.decode(data, final=not data)
                say(text)
                kept = (kept + text)[-_KEPT:]
            elif left == 0.0:
                break
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(deadline - time.monotonic(), 0))
    return Ended(process.returncode, kept)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the process group: the tool itself, or only its children."""
    assert process.stdout
    process.stdout.close()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
