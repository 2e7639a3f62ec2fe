"""The host's side of the protocol: what can be asked of a device, and what its answers must be."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sertool.device.link import TRIES, DeviceError, Link
from sertool.device.messages import Banner, Command, ErrorCode, Heard, Info, Kept, Ran, SelfTest
from sertool.device.payloads import Payload
from sertool.device.streams import ByteStream
from sertool.errors import CheckFailed

#: Samples in a PCM frame.
PIECE = 256
#: Errors within an utterance that say that the device knows another one than the host: both begin anew.
_ASTRAY = (ErrorCode.ORDER, ErrorCode.OFFSET, ErrorCode.TOO_SHORT)


class Client:
    """Talks to a device over `stream`; see Link for `timeout`, `clock` and `sequence`.

    Every method raises what Link.ask raises; nothing that the protocol does not allow is ever returned.
    """

    def __init__(
        self,
        stream: ByteStream,
        timeout: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        sequence: int | None = None,
    ) -> None:
        self._link = Link(stream, timeout, clock, sequence)
        self._known: Info | None = None

    @property
    def name(self) -> str:
        """The stream's name."""
        return self._link.name

    def close(self) -> None:
        """Close the stream."""
        self._link.close()

    def wait_for_banner(self) -> Banner:
        """Wait until the device has started and tested itself."""
        return self._link.wait_for_banner()

    def info(self) -> Info:
        """Ask what the device is."""
        self._known = Info.parse(self._ask(Command.INFO), self.name)
        return self._known

    def selftest(self) -> SelfTest:
        """Let the device run its golden vectors again."""
        return SelfTest.parse(self._ask_idle(Command.SELFTEST)[0], self.name)

    def abort(self) -> None:
        """Let the device forget an utterance that somebody began, and not count the last one that ended."""
        Payload(self._ask(Command.ABORT), f"{self.name}, reply to ABORT").end()

    def forget(self) -> None:
        """Let the device forget the speaker, also who is kept: what it hears next is somebody new."""
        Payload(self._ask_idle(Command.FORGET)[0], f"{self.name}, reply to FORGET").end()

    def keep(self) -> Kept:
        """Let the device keep what it knows of the speaker over a reset: STATE, or MOVED behind a worn place.

        NONE, when it has heard nobody, WORN and UNREAD leave what was kept before. Raises DeviceError where the
        board has no place for it.
        """
        return Kept.parse(self._ask_idle(Command.KEEP)[0], f"{self.name}, reply to KEEP")

    def kept(self) -> Kept | None:
        """What the device kept over its last reset; None where the board has no place for it."""
        try:
            return Kept.parse(self._ask_idle(Command.KEPT)[0], f"{self.name}, reply to KEPT")
        except DeviceError as error:
            if error.code is not ErrorCode.UNKNOWN_TYPE:
                raise
            return None

    def enroll(self) -> int:
        """Let the speaker enrol with the utterance that ended last; return with how many that is now.

        Raises DeviceError where nothing ended, it does not suit (`allowed_value` are doubts about its sound),
        the speaker has enough, and nobody enrols with the model.
        """
        fields = Payload(self._ask(Command.ENROLL), f"{self.name}, reply to ENROLL")
        count = fields.word()
        fields.require(count > 0, "nothing has enrolled")
        fields.end()
        return count

    def run(self, vector: NDArray[np.int8]) -> Ran:
        """Run the model on int8 (features,)."""
        info = self._known or self.info()
        values = np.ascontiguousarray(vector, np.int8).tobytes()
        reply, layers = self._ask_idle(Command.RUN, values, info.layers)
        return Ran.parse(layers, reply, info.classes, self.name)

    def classify(self, pcm: NDArray[np.int16]) -> Heard:
        """Send an utterance, int16 (samples,), and return what the device heard in it: all of it, and only it.

        Raises DeviceError for more samples than the device takes, and for too few.
        """
        info = self._known or self.info()
        sound = np.ascontiguousarray(pcm, "<i2").tobytes()
        for attempt in range(1, TRIES + 1):
            try:
                heard = self._utter(sound, info)
            except DeviceError as error:
                # What ended unnoticed must not count for the speaker, who says it again.
                self.abort()
                if error.code not in _ASTRAY or attempt == TRIES:
                    raise
            else:
                if heard.sound == zlib.crc32(sound):
                    return heard
                self.abort()
        raise CheckFailed("the device heard other samples than were sent to it", where=self.name)

    def _utter(self, sound: bytes, info: Info) -> Heard:
        Payload(self._ask(Command.CLASSIFY), f"{self.name}, reply to CLASSIFY").end()
        size = 2 * min(PIECE, (info.max_payload - 4) // 2)
        for start in range(0, len(sound), size):
            piece = sound[start : start + size]
            fields = Payload(
                self._ask(Command.PCM, struct.pack("<I", start // 2) + piece), f"{self.name}, reply to PCM"
            )
            count, sent = fields.word(), (start + len(piece)) // 2
            fields.require(count == sent, f"it counts {count} samples, and {sent} were sent")
            fields.end()
        return Heard.parse(self._ask(Command.END), info.features, info.classes, self.name)

    def _ask_idle(
        self, command: Command, payload: bytes = b"", layers: int = 0
    ) -> tuple[bytes, tuple[bytes, ...]]:
        """Ask; where somebody began an utterance and left it open, end that first."""
        try:
            return self._link.ask(command, payload, layers)
        except DeviceError as error:
            if error.code is not ErrorCode.ORDER:
                raise
            self.abort()
            return self._link.ask(command, payload, layers)

    def _ask(self, command: Command, payload: bytes = b"") -> bytes:
        return self._link.ask(command, payload)[0]
