"""What the host makes of a line that loses, adds and damages bytes, in virtual time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sertool.device import DeviceError, DeviceRestarted, MalformedReply
from sertool.device.frames import LONGEST, SYNC, VERSION, Frame, FrameReader
from sertool.device.link import TRIES, Link
from sertool.device.messages import ERROR, LAYER, REPLY, Command, ErrorCode
from sertool.errors import CheckFailed, SertoolError

BANNER = (
    f"\r\nsertool name 1.0 target=stm32f405 manifest={'0a' * 32} "
    "image=0x00000001 seal=0x00000002 selftest=passed\r\n"
).encode()
#: What looks like the beginning of a frame and is noise.
BEGUN = SYNC + bytes([VERSION])
LOOK_ALIKES = (
    SYNC[:1],
    SYNC,
    BEGUN,
    BEGUN + b"\x81\x01\x00",
    BEGUN + b"\x81\x01\x00\xff\x7f",
    BEGUN + b"\x81\x01\x00\x04\x00",
    SYNC + bytes([VERSION ^ 1]) + b"\x81\x01\x00\x04\x00",
)

Answer = Callable[[Frame], bytes]


class Line:
    """Answers each frame that the host sends with the next of `answers`, then with nothing; time is virtual."""

    name = "line"

    def __init__(self, *answers: Answer | bytes) -> None:
        self.now = 0.0
        self.asked: list[bytes] = []
        self._answers = list(answers)
        self._coming = b""

    def clock(self) -> float:
        return self.now

    def write(self, data: bytes) -> None:
        self.asked.append(data)
        if self._answers:
            answer = self._answers.pop(0)
            reader = FrameReader()
            reader.feed(data)
            frame = reader.next()
            assert frame
            self._coming += answer if isinstance(answer, bytes) else answer(frame)

    def read(self, timeout: float) -> bytes:
        came, self._coming = self._coming, b""
        self.now += 0.001 if came else timeout
        return came

    def close(self) -> None:
        pass


def reply(frame: Frame, payload: bytes = b"answer") -> bytes:
    return Frame(frame.type | REPLY, frame.sequence, payload).encode()


def error(code: int, kind: int, allowed: int = 0, *, sequence: int | None = None) -> Answer:
    payload = struct.pack("<BBxxI", code, kind, allowed)
    return lambda frame: Frame(ERROR, frame.sequence if sequence is None else sequence, payload).encode()


def ask(line: Line, command: Command = Command.INFO, layers: int = 0) -> tuple[bytes, tuple[bytes, ...]]:
    return Link(line, 9.0, line.clock).ask(command, b"", layers)


@pytest.mark.parametrize("noise", LOOK_ALIKES)
def test_noise_before_a_reply_costs_neither_the_reply_nor_time(noise: bytes) -> None:
    line = Line(lambda frame: noise + reply(frame))
    assert ask(line) == (b"answer", ())
    assert (len(line.asked), line.now < 0.01) == (1, True)


@pytest.mark.parametrize("noise", LOOK_ALIKES)
def test_noise_before_the_banner_does_not_hide_it(noise: bytes) -> None:
    line = Line()
    line._coming = noise + BANNER
    assert Link(line, 9.0, line.clock).wait_for_banner().name == "name"
    assert line.now <= 1.1


def test_a_damaged_reply_is_asked_for_again_soon() -> None:
    line = Line(lambda frame: reply(frame)[:-1] + bytes([reply(frame)[-1] ^ 1]), reply)
    assert ask(line) == (b"answer", ())
    assert line.asked[0] == line.asked[1]
    assert line.now < 1.1


@pytest.mark.parametrize("length", [7, 300, LONGEST, LONGEST + 1, 0xFFFF])
def test_a_length_that_lies_is_not_waited_for(length: int) -> None:
    def lying(frame: Frame) -> bytes:
        return reply(frame)[:6] + struct.pack("<H", length) + reply(frame)[8:]

    line = Line(lying, reply)
    assert ask(line) == (b"answer", ())
    assert line.now < 3.1


@pytest.mark.parametrize("cut", range(1, 18))
def test_a_reply_that_is_cut_off_is_asked_for_again(cut: int) -> None:
    line = Line(lambda frame: reply(frame)[:-cut], reply)
    assert ask(line) == (b"answer", ())
    assert len(line.asked) == 2


def test_an_answer_to_an_earlier_question_is_no_answer() -> None:
    stale = [
        Frame(Command.INFO | REPLY, 7, b"stale").encode(),
        Frame(ERROR, 7, struct.pack("<BBxxI", ErrorCode.ORDER, Command.INFO, 0)).encode(),
        Frame(LAYER, 7, bytes(5)).encode(),
    ]
    line = Line(lambda frame: b"".join(stale) + reply(frame))
    link = Link(line, 9.0, line.clock, sequence=7)
    assert link.ask(Command.INFO)[0] == b"answer"


def test_two_programs_do_not_begin_with_the_same_number() -> None:
    lines = [Line(reply) for _ in range(8)]
    for line in lines:
        ask(line)
    assert len({line.asked[0] for line in lines}) > 1


def test_silence_is_named_in_time() -> None:
    for command, limit in ((Command.INFO, 9.0), (Command.RUN, 27.0)):
        line = Line()
        with pytest.raises(SertoolError, match=f"did not answer {command.name} within {limit:g} seconds"):
            ask(line, command)
        assert line.now == pytest.approx(limit)
        assert len(set(line.asked)) == 1


def test_lasting_damage_is_named() -> None:
    line = Line(*[lambda frame: reply(frame)[:-1] + bytes([reply(frame)[-1] ^ 1])] * TRIES)
    with pytest.raises(SertoolError, match="what the device answered to INFO was damaged on its way, 3 times"):
        ask(line)


def test_endless_noise_ends() -> None:
    line = Line()

    def read(timeout: float) -> bytes:
        line.now += 0.01
        return bytes(64)

    line.read = read  # type: ignore[method-assign]
    with pytest.raises(SertoolError, match="did not answer INFO"):
        ask(line)
    assert line.now <= 9.1


@pytest.mark.parametrize("code", [ErrorCode.CRC, ErrorCode.VERSION, ErrorCode.TOO_LONG, ErrorCode.TIMEOUT])
def test_what_the_device_got_damaged_is_sent_again_soon(code: ErrorCode) -> None:
    line = Line(error(code, 0x77, sequence=0x1234), reply)
    assert ask(line) == (b"answer", ())
    assert line.now < 0.2
    with pytest.raises(DeviceError, match="refused INFO: " + code.name.lower().replace("_", " ")):
        ask(Line(*[error(code, Command.INFO)] * TRIES))


def test_a_burst_of_errors_is_one_and_an_answer_among_them_is_taken() -> None:
    burst = error(ErrorCode.CRC, 0x77, sequence=1)
    line = Line(lambda frame: burst(frame) * 20, lambda frame: burst(frame) * 20 + reply(frame))
    assert ask(line) == (b"answer", ())
    assert len(line.asked) == 2


def test_a_refusal_of_another_frame_is_not_of_this_one() -> None:
    both = Line(lambda frame: error(ErrorCode.ORDER, Command.RUN)(frame) + reply(frame))
    assert ask(both) == (b"answer", ())
    with pytest.raises(DeviceError, match="refused INFO: order"):
        ask(Line(error(ErrorCode.ORDER, Command.INFO)))


def layer(frame: Frame, index: int, values: bytes) -> bytes:
    return Frame(LAYER, frame.sequence, struct.pack("<I", index) + values).encode()


def test_layers_are_taken_in_any_order_and_asked_for_again_when_one_is_lost() -> None:
    def lost(frame: Frame) -> bytes:
        return layer(frame, 1, b"b") + reply(frame)

    def whole(frame: Frame) -> bytes:
        return layer(frame, 1, b"b") + layer(frame, 0, b"a") + reply(frame)

    line = Line(lost, whole)
    assert ask(line, Command.RUN, 2) == (b"answer", (b"a", b"b"))
    assert line.now < 1.1


LIES: dict[str, Answer] = {
    "a layer that there is not": lambda frame: layer(frame, 2, b"c"),
    "a layer without an index": lambda frame: Frame(LAYER, frame.sequence, b"abc").encode(),
    "a layer of two values": lambda frame: layer(frame, 0, b"a") + layer(frame, 0, b"b"),
    "another command's reply": lambda frame: Frame(Command.INFO | REPLY, frame.sequence).encode(),
    "an error of no kind": error(0, Command.RUN),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_named(lie: str) -> None:
    with pytest.raises(MalformedReply, match="makes no sense") as caught:
        ask(Line(LIES[lie]), Command.RUN, 2)
    assert str(caught.value.where).startswith("line")


def test_a_device_that_restarts_midway_is_named() -> None:
    line = Line(reply, BANNER, reply)
    link = Link(line, 9.0, line.clock)
    link.ask(Command.INFO)
    with pytest.raises(DeviceRestarted, match="the device restarted while it was talked to") as caught:
        link.ask(Command.RUN)
    assert caught.value.banner.name == "name"
    assert link.ask(Command.INFO)[0] == b"answer"


def test_a_device_that_starts_as_the_port_is_opened_is_asked_again() -> None:
    line = Line(BANNER, reply)
    assert ask(line) == (b"answer", ())


def test_a_fault_is_named() -> None:
    with pytest.raises(CheckFailed, match="the firmware stopped: HardFault"):
        ask(Line(BEGUN + b"\r\nsertool fault: HardFault pc=0x0\r\n"))


def of_version(version: int, frame: bytes) -> bytes:
    body = bytes([version]) + frame[len(SYNC) + 1 : -4]
    return SYNC + body + zlib.crc32(body).to_bytes(4, "little")


@pytest.mark.parametrize("version", [version for version in range(1, 16) if version != VERSION])
@pytest.mark.parametrize("answer", [reply, error(ErrorCode.VERSION, Command.INFO, 3)])
def test_a_device_of_another_version_is_named(version: int, answer: Answer) -> None:
    line = Line(lambda frame: LOOK_ALIKES[3] + of_version(version, answer(frame)))
    with pytest.raises(SertoolError) as caught:
        ask(line)
    assert str(caught.value).split("\n") == [
        f"the device speaks version {version} of the serial protocol",
        "  where: line",
        f"  allowed: version {VERSION}",
        "  try: flash an image that this sertool has built",
    ]
    assert len(line.asked) == 1


@pytest.mark.parametrize("version", [0, 16, 255])
def test_a_version_that_no_device_speaks_is_noise(version: int) -> None:
    line = Line(lambda frame: of_version(version, reply(frame)) + reply(frame))
    assert ask(line) == (b"answer", ())


def test_a_damaged_version_is_asked_again_and_believed_of_no_device() -> None:
    line = Line(lambda frame: SYNC + bytes([VERSION ^ 1]) + reply(frame)[3:], reply)
    assert ask(line) == (b"answer", ())


@given(st.lists(st.one_of(st.binary(max_size=9), st.sampled_from(LOOK_ALIKES)), max_size=6))
def test_whatever_comes_before_it_a_whole_reply_is_found(noise: list[bytes]) -> None:
    line = Line(lambda frame: b"".join(noise) + reply(frame))
    assert ask(line) == (b"answer", ())
    assert len(line.asked) == 1
