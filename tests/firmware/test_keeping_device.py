"""The device layer of a board that keeps its speaker, compiled for this machine, against the real client."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from board_models import BoardModel, Loopback, board_model, speech

from sertool.device.client import Client
from sertool.device.frames import Frame, FrameReader
from sertool.device.link import DeviceError
from sertool.device.messages import ERROR, Command, ErrorCode, Kept
from sertool.errors import SertoolError
from sertool.frontend import Frontend
from sertool.targets import load


@pytest.fixture(scope="module")
def running() -> BoardModel:
    return board_model(standardization="running")


def test_a_speaker_is_kept_over_a_reset_and_forgotten_for_good(running: BoardModel) -> None:
    stream = Loopback(running)
    client = Client(stream, timeout=0.2)
    assert client.kept() is Kept.DAMAGED
    sounds = [speech(seed, 3000) for seed in range(5)]
    frontend = Frontend(running.spec)
    expected = running.standardizer.follow(np.stack([frontend.features(pcm) for pcm in sounds])).tolist()
    assert client.keep() is Kept.NONE
    assert [client.classify(pcm).input.tolist() for pcm in sounds[:3]] == expected[:3]
    assert client.keep() is Kept.STATE
    assert client.info().heard == 3
    assert client.classify(sounds[3]).input.tolist() == expected[3]
    stream.reset()
    assert (client.kept(), client.info().heard) == (Kept.STATE, 3)
    assert [client.classify(pcm).input.tolist() for pcm in sounds[3:]] == expected[3:]
    assert client.selftest().passed
    assert (client.keep(), client.info().heard) == (Kept.NONE, 0)
    stream.reset()
    assert client.info().heard == 3
    client.forget()
    stream.reset()
    assert (client.kept(), client.info().heard) == (Kept.NONE, 0)
    assert client.classify(sounds[0]).input.tolist() == expected[0]


def test_who_has_enrolled_is_kept_too() -> None:
    model = board_model(standardization="enrolled")
    stream = Loopback(model)
    client = Client(stream, timeout=0.2)
    client.classify(speech(0, 20000))
    client.enroll()
    heard = client.classify(speech(1, 3000)).input.tolist()
    assert (client.keep(), client.info().heard) == (Kept.STATE, 1)
    stream.reset()
    assert (client.kept(), client.info().heard) == (Kept.STATE, 1)
    assert client.classify(speech(1, 3000)).input.tolist() == heard
    client.forget()
    assert client.classify(speech(1, 3000)).input.tolist() != heard


def test_what_another_way_of_following_kept_is_not_taken(running: BoardModel) -> None:
    """Its state has the same size, and is told by its fingerprint alone."""
    enrolling = board_model(standardization="enrolled")
    assert enrolling.build.speaker == running.build.speaker
    for before, after in ((running, enrolling), (enrolling, running)):
        old, new = Loopback(before), Loopback(after)
        client = Client(old, timeout=0.2)
        client.classify(speech(0, 20000))
        if before is enrolling:
            client.enroll()
        assert (client.keep(), client.info().heard) == (Kept.STATE, 1)
        stranger = Client(new, timeout=0.2).classify(speech(1, 3000)).input.tolist()
        for at in range(4096):
            new.pages[at] = old.pages[at]
        new.reset()
        client = Client(new, timeout=0.2)
        assert (client.kept(), client.info().heard) == (Kept.FOREIGN, 0)
        assert client.classify(speech(1, 3000)).input.tolist() == stranger
        assert client.selftest().passed


def test_a_device_whose_image_is_not_whole_touches_no_flash(running: BoardModel) -> None:
    stream = Loopback(running)
    client = Client(stream, timeout=0.2)
    client.classify(speech(0, 3000))
    assert client.keep() is Kept.STATE
    stream.flash[77] ^= 1
    stream.reset()
    assert (client.kept(), client.info().heard) == (Kept.UNREAD, 0)
    client.classify(speech(1, 3000))
    assert client.keep() is Kept.UNREAD
    with pytest.raises(DeviceError, match="the device refused FORGET: not forgotten"):
        client.forget()
    stream.flash[77] ^= 1
    stream.reset()
    assert (client.kept(), client.info().heard) == (Kept.STATE, 1)


@pytest.mark.parametrize(("speaker", "fits"), [(2048 - 20, True), (2048 - 19, False)])
def test_a_speaker_who_does_not_fit_the_pages_is_refused(running: BoardModel, speaker: int, fits: bool) -> None:
    model = replace(running, build=replace(running.build, speaker=speaker))
    if fits:
        assert "platform/ser_flash_nrf51.c" in model.project(load("microbit"))
        return
    with pytest.raises(SertoolError, match="takes 2080 bytes of a page, and does not fit microbit") as caught:
        model.project(load("microbit"))
    assert caught.value.allowed == "2048 bytes, half of it"
    assert "platform/ser_flash_nrf51.c" not in model.project(load("mps2-an385"))


def test_a_device_without_a_place_keeps_nothing(model: BoardModel) -> None:
    client = Client(Loopback(model), timeout=0.2)
    assert client.kept() is None
    with pytest.raises(DeviceError, match="the device refused KEEP: unknown type"):
        client.keep()


def test_keeping_waits_for_the_end_of_an_utterance() -> None:
    stream = Loopback(board_model(standardization="running"))
    stream.write(Frame(Command.CLASSIFY, 1).encode())
    for command in (Command.KEEP, Command.KEPT):
        stream.write(Frame(command, 2).encode() + Frame(command, 3, b"x").encode())
    reader = FrameReader()
    reader.feed(stream.read(0))
    refused = [frame.payload for frame in iter(reader.next, None) if frame.type == ERROR]
    codes = (ErrorCode.ORDER, ErrorCode.LENGTH)
    assert [payload[:2] for payload in refused] == [
        bytes([code, command]) for command in (Command.KEEP, Command.KEPT) for code in codes
    ]
