"""What comes from a device: frames, and as text that it has started, or stopped."""

from __future__ import annotations

from collections.abc import Callable

from sertool.device.frames import VERSION, Frame, FrameReader
from sertool.device.messages import Banner
from sertool.device.streams import ByteStream
from sertool.errors import CheckFailed, SertoolError

#: Seconds of silence after which the rest of a frame is not waited for, as on the device's side.
SILENCE = 1.0


class DeviceRestarted(CheckFailed):
    """The device said its greeting: whatever it had been told before is lost."""

    def __init__(self, where: str, banner: Banner) -> None:
        self.banner = banner
        super().__init__(
            "the device restarted while it was talked to",
            where=where,
            hint="check its power supply and reset line, then run the command again",
        )


class Receiver:
    """Frames that come over `stream`; `clock` gives seconds."""

    def __init__(self, stream: ByteStream, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._reader = FrameReader()

    @property
    def damaged(self) -> bool:
        """Whether something that began like a frame turned out to be none, since this was last cleared."""
        return self._reader.damaged

    def clear_damage(self) -> None:
        """Begin anew to look for damage."""
        self._reader.damaged = False

    def frame(self, deadline: float, *, hurried: bool = False) -> Frame | None:
        """The next frame, or None when there is none before `deadline`, nor soon after damage.

        `hurried` waits as after damage: for no longer than SILENCE. Raises CheckFailed when the firmware says
        that it stopped, DeviceRestarted when it says that it started, SertoolError when it speaks another
        version of the protocol.
        """
        while True:
            frame = self._reader.next()
            self._heed_version()
            self._heed_text()
            if frame:
                return frame
            left = deadline - self._clock()
            if hurried or self._reader.waiting or self._reader.damaged:
                left = min(left, SILENCE)
            data = self._stream.read(left) if left > 0 else b""
            if not data:
                self._reader.give_up()
                self._heed_text()
                return None
            self._reader.feed(data)

    def _heed_version(self) -> None:
        if self._reader.foreign is not None:
            raise SertoolError(
                f"the device speaks version {self._reader.foreign} of the serial protocol",
                where=self._stream.name,
                allowed=f"version {VERSION}",
                hint="flash an image that this sertool has built",
            )

    def _heed_text(self) -> None:
        text = self._reader.text.decode("utf-8", "replace")
        _, mark, rest = text.rpartition("sertool fault: ")
        line, end, _ = rest.partition("\r\n")
        if mark and end:
            raise CheckFailed(
                f"the firmware stopped: {line}",
                where=self._stream.name,
                hint="arm-none-eabi-addr2line -e firmware.elf, with pc and lr",
            )
        banner = Banner.find(text)
        if banner:
            self._reader.text.clear()
            raise DeviceRestarted(self._stream.name, banner)
