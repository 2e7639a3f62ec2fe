from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sertool.device.frames import SYNC, Frame, FrameReader
from sertool.device.messages import Banner, Kept

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


def banner(image: int, seal: int, result: str) -> Banner | None:
    line = f"sertool my speech 1.2 target=stm32f405 manifest={'0a' * 32} "
    return Banner.find(f"noise\r\n{line}image={image:#010x} seal={seal:#010x} selftest={result}\r\n")


def test_banner() -> None:
    known = ("my speech", "1.2", "stm32f405", "0a" * 32)
    assert banner(1, 2, "FAILED image layer-0") == Banner(*known, 1, 2, False, ("image", "layer-0"))
    assert banner(1, 2, "passed") == Banner(*known, 1, 2, True, ())
    assert banner(1, 2, "PASSED") is None


@pytest.mark.parametrize("kept", [Kept.NONE, Kept.STATE, Kept.FOREIGN, Kept.DAMAGED, Kept.UNREAD])
def test_a_banner_says_what_was_kept(kept: Kept) -> None:
    about = f"sertool a 1 target=b manifest={'0a' * 32} image=0x00000001 seal=0x00000002"
    said = about + " kept={} selftest=passed\r\n"
    found = Banner.find(said.format(kept.name.lower()))
    assert found is not None
    assert (found.kept, found.said_passed, found.failed) == (kept, True, ())
    assert Banner.find(said.format("worn")) is None


def test_a_banner_passes_only_when_its_numbers_agree() -> None:
    image = zlib.crc32(b"what was flashed" + b"ser\0" + zlib.crc32(b"what was flashed").to_bytes(4, "little"))
    seal = zlib.crc32(b"what was flashed")
    said = {
        (image, seal, "passed"): True,
        (image, seal, "FAILED"): False,
        (image, seal, "passed image"): False,
        (image ^ 1, seal, "passed"): False,
        (image, seal ^ 1, "passed"): False,
        (seal, seal, "passed"): False,
        (image, image, "passed"): False,
        (0, 0, "passed"): False,
    }
    for (first, second, result), passed in said.items():
        found = banner(first, second, result)
        assert found is not None
        assert found.selftest_passed == passed, (first, second, result)


def foreign(version: int) -> bytes:
    body = bytes([version, 0xFF, 1, 0, 2, 0]) + b"hi"
    return SYNC + body + zlib.crc32(body).to_bytes(4, "little")


@pytest.mark.parametrize(("version", "found"), [(1, 1), (15, 15), (0, None), (200, None)])
def test_a_whole_frame_of_another_version_is_noticed_and_no_other(version: int, found: int | None) -> None:
    reader = FrameReader()
    for byte in foreign(version):
        reader.feed(bytes([byte]))
        assert read_all(reader) == []
    assert reader.foreign == found
    reader.feed(foreign(version)[:-1] + b"?" + Frame(1, 2).encode())
    assert read_all(reader) == [Frame(1, 2)]
