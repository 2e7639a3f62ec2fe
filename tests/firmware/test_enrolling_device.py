"""ENROLL, against the device's side of the protocol compiled for this machine."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest
from board_models import BoardModel, Loopback, board_model, speech
from numpy.typing import NDArray

from sertool.answers import Enrolment, Utterances, enrolled_each, utterance
from sertool.device.client import Client
from sertool.device.frames import Frame, FrameReader
from sertool.device.link import DeviceError
from sertool.device.messages import Command, ErrorCode
from sertool.firmware.golden import golden_utterances
from sertool.frontend import Frontend
from sertool.frontend.presets import PRESETS
from sertool.standardization import Speaker


def ask(stream: Loopback, data: bytes) -> list[Frame]:
    stream.write(data)
    reader = FrameReader()
    reader.feed(stream.read(0))
    return list(iter(reader.next, None))


def why(frames: list[Frame]) -> list[int]:
    """Codes of refusals."""
    return [frame.payload[0] for frame in frames]


@pytest.fixture(scope="module")
def enrolling() -> BoardModel:
    return board_model(standardization="enrolled")


#: They change as speech does, so that nothing is doubted about them.
NEUTRAL = [speech(seed, 9000) for seed in range(4)]


def test_a_speaker_enrols_over_the_line(enrolling: BoardModel) -> None:
    client, known = Client(Loopback(enrolling), timeout=0.2), Speaker.unknown(180)
    frontend, asked = Frontend(enrolling.spec), speech(9, 6000)

    def expected() -> list[int]:
        found: list[int] = enrolling.standardizer.follow(frontend.features(asked)[np.newaxis], known)[
            0
        ].tolist()
        return found

    with pytest.raises(DeviceError, match="refused ENROLL: order"):
        client.enroll()
    stranger = client.classify(asked).input.tolist()
    assert stranger == expected()
    for count, pcm in enumerate(NEUTRAL[:3], 1):
        client.classify(pcm)
        assert client.enroll() == count == client.info().heard
        # The same utterance does not enrol twice.
        with pytest.raises(DeviceError, match="refused ENROLL: order"):
            client.enroll()
        enrolling.standardizer.enroll(frontend.features(pcm)[np.newaxis], known)
        assert client.classify(asked).input.tolist() == expected()
    client.classify(NEUTRAL[3])
    with pytest.raises(DeviceError, match="refused ENROLL: enough heard") as caught:
        client.enroll()
    assert (caught.value.allowed_value, caught.value.hint) == (3, "let it forget the speaker first")
    assert client.classify(asked).input.tolist() == expected() != stranger
    assert (client.info().heard, client.info().most_heard) == (3, 3)
    client.forget()
    assert client.classify(asked).input.tolist() == stranger
    client.classify(NEUTRAL[0])
    assert client.enroll() == 1


@pytest.mark.parametrize(
    ("pcm", "reason"),
    [
        (np.zeros(6000, np.int16), "no voice"),
        ((NEUTRAL[0] // 100).astype(np.int16), "too quiet"),
        (NEUTRAL[0][-2048:], "too short"),
        (np.clip(NEUTRAL[0].astype(int) * 40, -32768, 32767).astype(np.int16), "clipped"),
    ],
    ids=("silence", "quiet", "short", "clipped"),
)
def test_what_does_not_suit_does_not_enrol(enrolling: BoardModel, pcm: NDArray[np.int16], reason: str) -> None:
    client = Client(Loopback(enrolling), timeout=0.2)
    client.classify(NEUTRAL[0])
    client.enroll()
    before = client.classify(NEUTRAL[1]).input.tolist()
    client.classify(pcm)
    with pytest.raises(DeviceError, match=f"refused ENROLL: unsuitable: .*{reason}"):
        client.enroll()
    assert client.info().heard == 1
    assert client.classify(NEUTRAL[1]).input.tolist() == before


@pytest.mark.parametrize("features", PRESETS)
def test_the_self_test_lets_a_speaker_enrol(features: str) -> None:
    model = board_model(features, standardization="enrolled")
    golden, frontend = model.build.golden, Frontend(model.spec)
    assert golden.enrolment is Enrolment.ENROLLED
    assert Client(Loopback(model), timeout=0.2).selftest().passed
    # What is heard next tells who has enrolled.
    heard = Utterances.of(utterance(frontend, pcm) for pcm in golden_utterances(model.standardizer))
    strange, enrolled = (
        enrolled_each(model.spec, model.standardizer, heard, attempts=attempts)[0] for attempts in (0, 1)
    )
    assert (strange[0] == enrolled[0]).all() and (strange[1] != enrolled[1]).any()


def test_an_enrolment_that_goes_wrong_fails_the_self_test(enrolling: BoardModel) -> None:
    golden = enrolling.build.golden
    for wrong in (
        replace(golden, enrolment=Enrolment.UNSUITABLE),
        replace(golden, inputs_crc32=(golden.inputs_crc32[0], golden.inputs_crc32[1] ^ 1)),
    ):
        model = replace(enrolling, build=replace(enrolling.build, golden=wrong))
        found = Client(Loopback(model), timeout=0.2).selftest()
        assert found.verdict.stages() == ("standardization",)


def test_enroll_that_comes_again_is_answered_again_and_enrols_once(enrolling: BoardModel) -> None:
    stream = Loopback(enrolling)
    client = Client(stream, timeout=0.2)
    client.classify(NEUTRAL[0])
    frame = Frame(Command.ENROLL, 70).encode()
    answers = [one.payload for one in ask(stream, frame + frame)]
    assert answers == [struct.pack("<I", 1)] * 2
    assert client.info().heard == 1


def test_what_was_aborted_or_goes_on_does_not_enrol(enrolling: BoardModel) -> None:
    stream = Loopback(enrolling)
    client = Client(stream, timeout=0.2)
    client.classify(NEUTRAL[0])
    client.abort()
    assert why(ask(stream, Frame(Command.ENROLL, 1).encode())) == [ErrorCode.ORDER]
    client.classify(NEUTRAL[0])
    ask(stream, Frame(Command.CLASSIFY, 2).encode())
    assert why(ask(stream, Frame(Command.ENROLL, 3).encode())) == [ErrorCode.ORDER]
    assert client.info().heard == 0
