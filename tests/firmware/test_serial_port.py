"""The path of a real board: pyserial on a port, here a pseudo-terminal with the device layer behind it."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Iterator

import pytest
from board_models import BoardModel, Loopback, speech

import networks
from sertool.device import SerialStream
from sertool.engines.board import BoardEngine
from sertool.errors import SertoolError
from sertool.graph.reference import run
from sertool.targets import load


@pytest.fixture
def port(model: BoardModel) -> Iterator[str]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    device = Loopback(model)

    def serve() -> None:
        try:
            while data := os.read(ours, 4096):
                device.write(data)
                os.write(ours, device._take())
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield os.ttyname(theirs)
    os.close(theirs)
    os.close(ours)


def test_board_on_a_port(model: BoardModel, port: str) -> None:
    with BoardEngine.on_port(model.graph, port, load("stm32"), model.build.manifest) as board:
        assert board.name == f"board:{port}"
        vectors = networks.inputs(model.graph, 5)
        found, expected = board.run(vectors), run(model.graph, vectors)
        assert {name: found[name].tolist() for name in found} == {
            name: expected[name].tolist() for name in expected
        }
        pcm = speech(2)
        assert board.classify(pcm).features.tolist() == model.host().classify(pcm).features.tolist()  # type: ignore[union-attr]


def test_no_such_port() -> None:
    with pytest.raises(SertoolError, match="cannot open the serial port"):
        SerialStream("/dev/no-such-port", 115200)


def test_port_that_goes_away(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = SerialStream(port, 115200)

    def gone(*_: object) -> bytes:
        raise OSError

    monkeypatch.setattr(stream._port, "read", gone)
    monkeypatch.setattr(stream._port, "write", gone)
    with pytest.raises(SertoolError, match="the device is gone"):
        stream.read(0.1)
    with pytest.raises(SertoolError, match="the device is gone"):
        stream.write(b"x")
    stream.close()
