"""Work beside other work: its value, its error, and that nobody who is interrupted waits for it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from sertool.beside import beside
from sertool.errors import SertoolError


def test_what_it_returns_or_raises_is_the_futures() -> None:
    begun = threading.Event()

    def fail() -> None:
        raise SertoolError("no board")

    assert beside(lambda: begun.set() or threading.current_thread()).result() is not threading.current_thread()
    assert begun.is_set()
    with pytest.raises(SertoolError, match="no board"):
        beside(fail).result()


def test_a_process_does_not_wait_for_it_to_end() -> None:
    program = "import time; from sertool.beside import beside; beside(lambda: time.sleep(60)); raise OSError"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert "OSError" in done.stderr
