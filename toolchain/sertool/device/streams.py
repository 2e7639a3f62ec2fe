"""Byte streams to a device: a serial port, or a socket to an emulator."""

from __future__ import annotations

import socket
from typing import Any, Protocol

from sertool.errors import SertoolError

#: Seconds that a write may take.
WRITE_PATIENCE = 10.0


class ByteStream(Protocol):
    """Bytes in both directions, with `name` for messages."""

    name: str

    def read(self, timeout: float) -> bytes:
        """What has arrived; empty after `timeout` seconds of silence. Raises SertoolError when it is gone."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises SertoolError when it is gone, or too slow: WRITE_PATIENCE seconds."""
        ...

    def close(self) -> None:
        """Let go of the port; may be called twice."""
        ...


class SocketStream:
    """A connected socket."""

    def __init__(self, name: str, connected: socket.socket) -> None:
        self.name = name
        self._socket = connected

    def read(self, timeout: float) -> bytes:
        """See ByteStream."""
        self._socket.settimeout(timeout)
        try:
            data = self._socket.recv(1 << 16)
        except TimeoutError:
            return b""
        except OSError as error:
            raise _gone(self.name) from error
        if not data:
            raise _gone(self.name)
        return data

    def write(self, data: bytes) -> None:
        """See ByteStream."""
        self._socket.settimeout(WRITE_PATIENCE)
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise _stuck(self.name) from error
        except OSError as error:
            raise _gone(self.name) from error

    def close(self) -> None:
        """See ByteStream."""
        self._socket.close()


class SerialStream:
    """A serial port, 8 data bits, no parity, 1 stop bit; nobody else's while it is open."""

    def __init__(self, port: str, baud: int) -> None:
        import serial

        self.name = port
        try:
            self._port: Any = serial.Serial(port, baud, timeout=0, write_timeout=WRITE_PATIENCE, exclusive=True)
        except (serial.SerialException, ValueError) as error:
            raise SertoolError(
                f"cannot open the serial port: {error}",
                where=port,
                allowed=", ".join(serial_ports()) or "no serial port is connected",
                hint="connect the board, close the program that has the port, or join the group dialout",
            ) from error

    def read(self, timeout: float) -> bytes:
        """See ByteStream."""
        try:
            self._port.timeout = timeout
            first: bytes = self._port.read(1)
            return first + self._port.read(self._port.in_waiting) if first else b""
        except OSError as error:
            raise _gone(self.name) from error

    def write(self, data: bytes) -> None:
        """See ByteStream."""
        import serial

        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise _stuck(self.name) from error
        except OSError as error:
            raise _gone(self.name) from error

    def close(self) -> None:
        """See ByteStream."""
        self._port.close()


def serial_ports() -> list[str]:
    """Names of the serial ports of this machine."""
    from serial.tools import list_ports

    return sorted(port.device for port in list_ports.comports())


def _gone(name: str) -> SertoolError:
    return SertoolError("the device is gone: the connection was closed", where=name, hint="connect it again")


def _stuck(name: str) -> SertoolError:
    return SertoolError(
        f"the device takes nothing: what was sent to it is still waiting after {WRITE_PATIENCE:g} seconds",
        where=name,
        hint="check the cable, reset the board",
    )
