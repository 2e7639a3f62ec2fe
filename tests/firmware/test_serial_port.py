"""The path of a real board: pyserial on a port, here a pseudo-terminal with the device layer behind it."""

from __future__ import annotations

import os
import pty
import socket
import tty
from collections.abc import Callable
from dataclasses import replace

import pytest
from board_models import BoardModel, Loopback, speech

import networks
from sertool.device import Client, SerialStream, streams
from sertool.engines.board import BoardEngine
from sertool.errors import CheckFailed, SertoolError
from sertool.graph.reference import run
from sertool.targets import load


@pytest.fixture
def port(model: BoardModel, serve: Callable[[BoardModel], str]) -> str:
    return serve(model)


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


def test_layers_of_another_size_are_refused(model: BoardModel, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(Loopback(model), timeout=0.3)
    board = BoardEngine(model.graph, client, "board")
    ran = client.run(networks.inputs(model.graph, 1)[0])
    short = replace(ran, layers=(ran.layers[0][:-1], *ran.layers[1:]))
    monkeypatch.setattr(client, "run", lambda vector: short)
    with pytest.raises(CheckFailed, match="the device's layers have 23, 7, 7, 4 bytes") as caught:
        board.run(networks.inputs(model.graph, 1))
    assert caught.value.allowed == "24, 7, 7, 4"


def test_a_port_is_nobody_elses_while_it_is_open(port: str) -> None:
    first = SerialStream(port, 115200)
    with pytest.raises(SertoolError, match="cannot open the serial port"):
        SerialStream(port, 115200)
    first.close()
    SerialStream(port, 115200).close()


def test_a_board_that_takes_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "WRITE_PATIENCE", 0.1)
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    serial = SerialStream(os.ttyname(theirs), 115200)
    left, right = socket.socketpair()
    for stream in (serial, streams.SocketStream("socket", left)):
        with pytest.raises(SertoolError, match="the device takes nothing"):
            for _ in range(1000):
                stream.write(bytes(4096))
        stream.close()
    for end in (ours, theirs):
        os.close(end)
    right.close()
