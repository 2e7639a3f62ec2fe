"""The host's side of the protocol: one command at a time over a byte stream."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sertool.device.frames import Frame, FrameReader
from sertool.device.messages import ERROR, LAYER, REPLY, Banner, Command, ErrorCode, Heard, Info, Ran, SelfTest
from sertool.device.streams import ByteStream
from sertool.errors import CheckFailed, SertoolError

#: Errors that say that the device did not take the frame in: sending it again is safe.
_DAMAGE = (ErrorCode.CRC, ErrorCode.TIMEOUT)
_TRIES = 3
#: Samples in a PCM frame.
PIECE = 256


class DeviceError(SertoolError):
    """The device refused a command; `code` says why, `allowed_value` what it would take."""

    def __init__(self, where: str, code: int, kind: int, allowed_value: int) -> None:
        self.code = code
        self.allowed_value = allowed_value
        reason = ErrorCode(code).name.lower() if code in list(ErrorCode) else str(code)
        command = Command(kind).name if kind in list(Command) else f"{kind:#x}"
        super().__init__(
            f"the device refused {command}: {reason.replace('_', ' ')}",
            where=where,
            allowed=str(allowed_value) if allowed_value else None,
        )


class Client:
    """Talks to a device over `stream`; a reply must come within `timeout` seconds of silence.

    Every method raises DeviceError when the device refuses, CheckFailed when its firmware reports a fault,
    SertoolError when it does not answer or is gone.
    """

    def __init__(self, stream: ByteStream, timeout: float = 10.0) -> None:
        self._stream = stream
        self._timeout = timeout
        self._reader = FrameReader()
        self._sequence = 0
        self._known: Info | None = None

    @property
    def name(self) -> str:
        """The stream's name."""
        return self._stream.name

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def wait_for_banner(self) -> Banner:
        """Wait until the device has started and tested itself."""
        deadline = time.monotonic() + self._timeout
        while True:
            self._reader.next()
            banner = Banner.find(self._text())
            if banner:
                self._reader.text.clear()
                return banner
            self._receive(deadline, "the device did not say that it started")

    def info(self) -> Info:
        """Ask what the device is."""
        self._known = Info.parse(self._ask(Command.INFO))
        return self._known

    def selftest(self) -> SelfTest:
        """Let the device run its golden vectors again."""
        return SelfTest.parse(self._ask(Command.SELFTEST))

    def abort(self) -> None:
        """Let the device forget an utterance that somebody began."""
        self._ask(Command.ABORT)

    def run(self, vector: NDArray[np.int8]) -> Ran:
        """Run the model on int8 (features,)."""
        *layers, last = self._exchange(Command.RUN, np.ascontiguousarray(vector, np.int8).tobytes())
        for index, layer in enumerate(layers):
            if struct.unpack_from("<I", layer) != (index,):
                raise CheckFailed("the device sent its layers out of order", where=self.name)
        return Ran.parse(tuple(layer[4:] for layer in layers), last)

    def classify(self, pcm: NDArray[np.int16]) -> Heard:
        """Send an utterance, int16 (samples,), and return what the device heard in it."""
        info = self._known or self.info()
        self._ask(Command.CLASSIFY)
        samples = np.ascontiguousarray(pcm, "<i2")
        for offset in range(0, len(samples), PIECE):
            piece = samples[offset : offset + PIECE]
            self._ask(Command.PCM, struct.pack("<I", offset) + piece.tobytes())
        return Heard.parse(self._ask(Command.END), info.features, info.classes)

    def _ask(self, command: Command, payload: bytes = b"") -> bytes:
        return self._exchange(command, payload)[-1]

    def _exchange(self, command: Command, payload: bytes) -> list[bytes]:
        for attempt in range(1, _TRIES + 1):
            self._sequence = self._sequence % 0xFFFF + 1
            self._stream.write(Frame(command, self._sequence, payload).encode())
            try:
                return list(self._replies(command))
            except DeviceError as error:
                if error.code not in _DAMAGE or attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    def _replies(self, command: Command) -> Iterator[bytes]:
        deadline = time.monotonic() + self._timeout
        while True:
            frame = self._reader.next()
            if frame is None:
                self._receive(deadline, f"the device did not answer {command.name}")
            elif frame.type == ERROR:
                code, kind, allowed = struct.unpack("<BBxxI", frame.payload)
                if frame.sequence == self._sequence or code in _DAMAGE:
                    raise DeviceError(self.name, code, kind, allowed)
            elif frame.sequence == self._sequence:
                deadline = time.monotonic() + self._timeout
                yield frame.payload
                if frame.type == command | REPLY:
                    return
                if frame.type != LAYER:
                    raise CheckFailed(
                        f"the device sent an unknown frame of type {frame.type:#x}", where=self.name
                    )

    def _receive(self, deadline: float, complaint: str) -> None:
        self._raise_fault()
        left = deadline - time.monotonic()
        data = self._stream.read(left) if left > 0 else b""
        self._reader.feed(data)
        if data:
            return
        self._reader.give_up()
        self._reader.next()
        self._raise_fault()
        raise SertoolError(
            f"{complaint} within {self._timeout:g} seconds",
            where=self.name,
            hint="check power, wiring and baud rate, and reset the board",
        )

    def _text(self) -> str:
        return self._reader.text.decode("ascii", "replace")

    def _raise_fault(self) -> None:
        _, mark, rest = self._text().rpartition("sertool fault: ")
        line, end, _ = rest.partition("\r\n")
        if mark and end:
            raise CheckFailed(
                f"the firmware stopped: {line}",
                where=self.name,
                hint="arm-none-eabi-addr2line -e firmware.elf, with pc and lr",
            )
