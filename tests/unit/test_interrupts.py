"""Interruptions that Python drops: they are not told of as errors, and end the block all the same."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from sertool.interrupts import lasting_interrupt


class Interrupted:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


class Broken:
    def __del__(self) -> None:
        raise ValueError("broken")


def test_what_a_destructor_drops_is_raised_again_and_nothing_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    with pytest.raises(KeyboardInterrupt), lasting_interrupt() as raise_again:
        raise_again()
        Interrupted()
        raise_again()
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before
    assert capsys.readouterr().err == ""


def test_other_errors_of_destructors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(lost.exc_type))
    with lasting_interrupt() as raise_again:
        Broken()
        raise_again()
    assert told == [ValueError]
