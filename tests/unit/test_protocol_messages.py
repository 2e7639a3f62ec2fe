"""Replies that are not what the protocol says, though their checksums are right."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from sertool.device.messages import Heard, Info, Kept, Ran, Refusal, SelfTest
from sertool.device.payloads import MalformedReply

LINES = ("name", "1.0", "stm32f405", "0a" * 32, "angry", "sad")
SIZES = (516, 3, 2, 4, 16000, 20000, 1, 2, 3, 4, 5, 16)


def info(sizes: tuple[int, ...] = SIZES, reset: int = 1, text: bytes | None = None) -> bytes:
    lines = "".join(f"{line}\n" for line in LINES).encode() if text is None else text
    return struct.pack(f"<{len(sizes)}I", *sizes) + struct.pack("<4I", reset, 0, 7, 8) + lines


def heard(
    label: int = 1,
    frames: int = 5,
    truncated: int = 0,
    answer: tuple[int, int] = (0, 0),
    values: int = 3 * 5 + 4,
) -> bytes:
    return struct.pack("<6I", label, frames, truncated, 7, *answer) + bytes(values)


def one_size(at: int, value: int) -> tuple[int, ...]:
    return (*SIZES[:at], value, *SIZES[at + 1 :])


INFO: Callable[[bytes], object] = Info.parse
HEARD: Callable[[bytes], object] = lambda payload: Heard.parse(payload, 3, 2)  # noqa: E731
RAN: Callable[[bytes], object] = lambda payload: Ran.parse((), payload, 2)  # noqa: E731
SELFTEST: Callable[[bytes], object] = SelfTest.parse
REFUSAL: Callable[[bytes], object] = Refusal.parse
KEPT: Callable[[bytes], object] = lambda payload: Kept.parse(payload, "here")  # noqa: E731

GOOD = {
    "info": (INFO, info()),
    "heard": (HEARD, heard()),
    "heard, and not sure for all reasons but one": (HEARD, heard(answer=(1, 0b1110111))),
    "heard nobody": (HEARD, heard(frames=0, answer=(2, 0b1011))),
    "ran": (RAN, struct.pack("<I", 1) + bytes(4)),
    "selftest": (SELFTEST, struct.pack("<9I", 0x23, 7, 8, 1024, 500, 3, 11, 12, 13)),
    "selftest of no image": (SELFTEST, struct.pack("<6I", 0, 0, 0, 1024, 500, 0)),
    "kept": (KEPT, struct.pack("<I", 6)),
    "error": (REFUSAL, struct.pack("<BBxxI", 6, 2, 180)),
}
BAD = {
    "info: no word": (INFO, b""),
    "info: cut off in its words": (INFO, info()[:43]),
    "info: no text": (INFO, info(text=b"")),
    "info: fewer lines than it must have": (INFO, info(text=b"name\n1.0\nboard\n" + b"0a" * 32 + b"\n")),
    "info: last line without its end": (INFO, info()[:-1]),
    "info: not UTF-8": (INFO, info().replace(b"angry", b"\xff\xfe\xfd\xfc\xfb")),
    "info: not printable": (INFO, info().replace(b"angry", b"\x1b[31m")),
    "info: an empty line": (INFO, info().replace(b"angry", b"")),
    "info: a label too many": (INFO, info() + b"happy\n"),
    "info: no manifest": (INFO, info().replace(b"0a" * 32, b"0A" * 32)),
    "info: a reset for no known reason": (INFO, info(reset=64)),
    "info: more utterances than count": (INFO, info(one_size(10, 17))),
    "info: no features": (INFO, info(one_size(1, 0))),
    "info: three classes": (INFO, info(one_size(2, 3))),
    "info: no layers": (INFO, info(one_size(3, 0))),
    "info: no sound a second": (INFO, info(one_size(4, 0))),
    "info: no room for a sample": (INFO, info(one_size(0, 5))),
    "heard: no word": (HEARD, b""),
    "heard: a byte too few": (HEARD, heard(values=3 * 5 + 3)),
    "heard: a byte too many": (HEARD, heard(values=3 * 5 + 5)),
    "heard: label 99": (HEARD, heard(label=99)),
    "heard: label behind the last": (HEARD, heard(label=2)),
    "heard: no frame": (HEARD, heard(frames=0)),
    "heard: no frame, and not sure of a voice": (HEARD, heard(frames=0, answer=(1, 1))),
    "heard: sure, with doubts": (HEARD, heard(answer=(0, 1))),
    "heard: not sure, for no reason": (HEARD, heard(answer=(1, 0))),
    "heard: not sure, where nobody speaks": (HEARD, heard(answer=(1, 8))),
    "heard: neither sure nor not": (HEARD, heard(answer=(3, 0))),
    "heard: a doubt that there is not": (HEARD, heard(answer=(1, 128))),
    "heard: neither truncated nor not": (HEARD, heard(truncated=2)),
    "kept: something that there is not": (KEPT, struct.pack("<I", 7)),
    "kept: a byte too many": (KEPT, bytes(5)),
    "ran: no word": (RAN, b"\0"),
    "ran: a byte too few": (RAN, bytes(7)),
    "ran: a byte too many": (RAN, bytes(9)),
    "ran: label behind the last": (RAN, struct.pack("<I", 2) + bytes(4)),
    "selftest: a word too few": (SELFTEST, bytes(20)),
    "selftest: a block too few": (SELFTEST, struct.pack("<7I", 0, 1, 2, 3, 4, 2, 5)),
    "selftest: a byte too many": (SELFTEST, struct.pack("<7I", 0, 1, 2, 3, 4, 1, 5) + b"\0"),
    "error: a byte too few": (REFUSAL, bytes([6, 2, 0, 0, 0, 0, 0])),
    "error: a byte too many": (REFUSAL, bytes([6, 2, 0, 0, 0, 0, 0, 0, 0])),
    "error: of no kind": (REFUSAL, bytes(8)),
    "error: of an unknown kind": (REFUSAL, bytes([99, 2, 0, 0, 0, 0, 0, 0])),
    "error: noise where there is nothing": (REFUSAL, bytes([6, 2, 1, 0, 0, 0, 0, 0])),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_reply_of_the_protocol_is_read(case: str) -> None:
    parse, payload = GOOD[case]
    parse(payload)


@pytest.mark.parametrize("case", BAD)
def test_a_reply_that_makes_no_sense_is_refused(case: str) -> None:
    parse, payload = BAD[case]
    with pytest.raises(MalformedReply, match="the device's answer makes no sense"):
        parse(payload)


@pytest.mark.parametrize("case", GOOD)
def test_every_cut_of_a_reply_is_refused(case: str) -> None:
    parse, payload = GOOD[case]
    for size in range(len(payload)):
        with pytest.raises(MalformedReply):
            parse(payload[:size])
