"""A question and its answer over a line that loses, adds and damages bytes: asked again until one is whole."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sertool.answers import Doubt
from sertool.device.frames import Frame
from sertool.device.messages import ERROR, LAYER, REPLY, Banner, Command, ErrorCode, Refusal
from sertool.device.payloads import MalformedReply, Payload
from sertool.device.receiver import DeviceRestarted, Receiver
from sertool.device.streams import ByteStream
from sertool.errors import SertoolError

#: How often a question is asked.
TRIES = 3
#: Errors that say that the device did not take the frame in.
_DAMAGE = (ErrorCode.CRC, ErrorCode.VERSION, ErrorCode.TOO_LONG, ErrorCode.TIMEOUT)
#: Seconds after one of them for the device to get through what else it has: the answer may be in it.
_QUIET = 0.1
#: Commands that the device computes for, or waits for its flash; every other one it answers at once.
_SLOW = (Command.RUN, Command.SELFTEST, Command.END, Command.FORGET, Command.KEEP)


class DeviceError(SertoolError):
    """The device refused a command; `code` says why, `allowed_value` what it would take."""

    def __init__(self, where: str, refusal: Refusal) -> None:
        self.code = refusal.code
        self.allowed_value = refusal.allowed
        command = Command(refusal.type).name if refusal.type in list(Command) else f"{refusal.type:#x}"
        why, allowed = self.code.name.lower().replace("_", " "), str(refusal.allowed or "") or None
        hint = "let it forget the speaker first" if self.code is ErrorCode.ENOUGH_HEARD else None
        if self.code is ErrorCode.UNSUITABLE:
            why, allowed = f"{why}: {', '.join(Doubt(refusal.allowed).told)}", "sound that leaves no doubt"
        super().__init__(f"the device refused {command}: {why}", where=where, allowed=allowed, hint=hint)


@dataclass
class _Answer:
    """What came in answer to one question: the reply's payload, and the values of each layer by index."""

    command: Command
    sequence: int
    wanted: int
    layers: dict[int, bytes] = field(default_factory=dict)
    reply: bytes | None = None


class Link:
    """Asks a device over `stream`, one question at a time.

    A question that the device answers at once is answered, or its failure named, within `timeout` seconds, one
    that it computes for within TRIES times as many. `clock` gives seconds. `sequence` is the number before the
    first question's: by default any, so that what an earlier program asked is not taken for what this one asks.
    """

    def __init__(
        self,
        stream: ByteStream,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
        sequence: int | None = None,
    ) -> None:
        self.name = stream.name
        self._stream = stream
        self._timeout = timeout
        self._clock = clock
        self._sequence = secrets.randbelow(0x10000) if sequence is None else sequence
        self._receiver = Receiver(stream, clock)
        self._met = False

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def wait_for_banner(self) -> Banner:
        """Wait until the device has started and tested itself."""
        deadline = self._clock() + self._timeout
        try:
            while self._clock() < deadline:
                self._receiver.frame(deadline)
        except DeviceRestarted as started:
            self._met = True
            return started.banner
        raise self._silent(f"did not say that it started within {self._timeout:g} seconds")

    def ask(self, command: Command, payload: bytes = b"", layers: int = 0) -> tuple[bytes, tuple[bytes, ...]]:
        """Send a command; return the payload of its reply, and the values of so many layers before it.

        Raises DeviceError when the device refuses, DeviceRestarted when it restarts after it was heard before,
        MalformedReply, CheckFailed when its firmware reports a fault, and SertoolError when no answer comes.
        """
        self._sequence = self._sequence % 0xFFFF + 1
        answer = _Answer(command, self._sequence, layers)
        patience = self._timeout if command in _SLOW else self._timeout / TRIES
        damage = self._silent(f"did not answer {command.name} within {patience * TRIES:g} seconds")
        for _ in range(TRIES):
            self._stream.write(Frame(command, self._sequence, payload).encode())
            try:
                damage = self._listen(answer, self._clock() + patience) or damage
            except DeviceRestarted:
                if self._met:
                    raise
            if answer.reply is not None and len(answer.layers) == layers:
                self._met = True
                return answer.reply, tuple(answer.layers[index] for index in range(layers))
        raise damage

    def _listen(self, answer: _Answer, deadline: float) -> SertoolError | None:
        """Take in what comes until the answer is whole, or until asking again is better; then return why."""
        self._receiver.clear_damage()
        damage: DeviceError | None = None
        end = deadline
        while answer.reply is None or len(answer.layers) < answer.wanted:
            frame = self._receiver.frame(deadline, hurried=answer.reply is not None)
            if frame is None:
                return damage or (self._damaged(answer.command) if self._receiver.damaged else None)
            if frame.type == ERROR:
                refusal = Refusal.parse(frame.payload, self.name)
                if refusal.code in _DAMAGE:
                    damage = DeviceError(self.name, refusal)
                    deadline = min(end, self._clock() + _QUIET)
                elif (frame.sequence, refusal.type) == (answer.sequence, answer.command):
                    raise DeviceError(self.name, refusal)
            elif frame.sequence == answer.sequence:
                self._take(answer, frame)
        return None

    def _take(self, answer: _Answer, frame: Frame) -> None:
        if frame.type == answer.command | REPLY:
            answer.reply = frame.payload
        elif frame.type == LAYER and answer.wanted:
            fields = Payload(frame.payload, f"{self.name}, a LAYER")
            values = answer.layers.setdefault(fields.below(answer.wanted, "its index"), frame.payload[4:])
            fields.require(values == frame.payload[4:], "a layer has two values")
        else:
            raise MalformedReply(f"a frame of type {frame.type:#x} to {answer.command.name}", self.name)

    def _damaged(self, command: Command) -> SertoolError:
        return SertoolError(
            f"what the device answered to {command.name} was damaged on its way, {TRIES} times",
            where=self.name,
            hint="check wiring and baud rate; a shorter cable, a lower baud rate",
        )

    def _silent(self, complaint: str) -> SertoolError:
        return SertoolError(
            f"the device {complaint}",
            where=self.name,
            hint="check power, wiring and baud rate, and reset the board",
        )
