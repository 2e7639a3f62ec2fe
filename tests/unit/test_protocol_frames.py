from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sertool.device.frames import SYNC, Frame, FrameReader
from sertool.device.messages import Banner

frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 0xFFFF), st.binary(max_size=600))


def read_all(reader: FrameReader) -> list[Frame]:
    return list(iter(reader.next, None))


@given(st.lists(frames, max_size=4), st.integers(1, 700))
def test_frames_survive_any_cutting(sent: list[Frame], piece: int) -> None:
    stream = b"".join(frame.encode() for frame in sent)
    reader, received = FrameReader(), []
    for start in range(0, len(stream), piece):
        reader.feed(stream[start : start + piece])
        received += read_all(reader)
    assert received == sent
    assert not reader.text


@given(frames, st.binary(max_size=40), st.data())
def test_damage_costs_only_the_damaged_frame(frame: Frame, noise: bytes, data: st.DataObject) -> None:
    damaged = bytearray(frame.encode())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    reader = FrameReader()
    reader.feed(noise + bytes(damaged) + frame.encode())
    received = read_all(reader)
    while not received:  # a damaged length may still wait for more
        reader.give_up()
        received = read_all(reader)
    assert received[-1] == frame


def test_text_between_frames_is_kept() -> None:
    reader = FrameReader()
    reader.feed(b"hello " + Frame(1, 2, b"x").encode() + b"world" + SYNC[:1])
    assert read_all(reader) == [Frame(1, 2, b"x")]
    assert reader.text == b"hello world"


def test_banner() -> None:
    line = f"sertool my speech 1.2 target=stm32f405 manifest={'0a' * 32} selftest=FAILED\r\n"
    assert Banner.find("noise\r\n" + line) == Banner("my speech", "1.2", "stm32f405", "0a" * 32, False)
    assert Banner.find(line[:-3]) is None
