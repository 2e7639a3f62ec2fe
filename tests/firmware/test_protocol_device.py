"""The device's side of the protocol, compiled for this machine, against the real client."""

from __future__ import annotations

import itertools
import struct
import zlib

import numpy as np
import pytest
from board_models import BoardModel, Loopback, board_model, speech
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import networks
from sertool.answers import Certainty
from sertool.device.client import Client
from sertool.device.frames import Frame, FrameReader
from sertool.device.link import DeviceError
from sertool.device.messages import ERROR, REPLY, Command, ErrorCode, Heard
from sertool.errors import SertoolError
from sertool.frontend import Frontend
from sertool.graph.reference import run


@pytest.fixture(scope="module")
def stream(model: BoardModel) -> Loopback:
    return Loopback(model)


@pytest.fixture
def client(stream: Loopback) -> Client:
    client = Client(stream, timeout=0.2)
    client.abort()
    return client


def ask(stream: Loopback, data: bytes) -> list[Frame]:
    stream.write(data)
    reader = FrameReader()
    reader.feed(stream.read(0))
    return list(iter(reader.next, None))


def refusals(frames: list[Frame]) -> list[tuple[int, int]]:
    return [struct.unpack("<BBxxI", frame.payload)[::2] for frame in frames if frame.type == ERROR]


def test_info(client: Client, model: BoardModel) -> None:
    info = client.info()
    assert (info.name, info.version, info.target) == ("test speech", "1.2.3", "stm32f405")
    assert (info.manifest, info.labels) == (model.build.manifest, model.graph.labels)
    assert (info.features, info.classes, info.layers) == (180, 7, 4)
    assert (info.sample_rate, info.max_samples) == (16000, 20000)
    assert (info.flash, info.ram, info.stack, info.stack_used) == (1, 2, 3, 4)
    assert (info.heard, info.most_heard) == (0, 0)
    assert info.reset == ("power", "sleep")
    assert info.verdict.passed


def test_selftest(client: Client) -> None:
    found = client.selftest()
    assert found.passed
    assert found.verdict.stages() == ()
    assert len(found.blocks) == 2


def test_run_shows_every_layer(client: Client, model: BoardModel) -> None:
    vectors = networks.inputs(model.graph, 6)
    expected = run(model.graph, vectors)
    for row, vector in enumerate(vectors):
        ran = client.run(vector)
        assert ran.layers == tuple(expected[layer.name][row].tobytes() for layer in model.graph.layers)
        assert ran.label == expected["label"][row, 0]
        assert ran.logits.tobytes() == ran.layers[-3]
        assert ran.probabilities.tobytes() == ran.layers[-2]


@pytest.mark.parametrize("samples", [2048, 2303, 6001])
def test_classify_equals_host(client: Client, model: BoardModel, samples: int) -> None:
    pcm = speech(7, samples)
    heard, expected = client.classify(pcm), model.host().classify(pcm)
    assert heard.features.tolist() == expected.features.tolist()  # type: ignore[union-attr]
    assert heard.input.tolist() == expected.input.tolist()
    assert heard.logits.tolist() == expected.trace[model.graph.logits.name][0].tolist()
    assert heard.probabilities.tolist() == expected.trace["probabilities"][0].tolist()
    assert (heard.label, heard.truncated) == (expected.label, False)
    assert (heard.certainty, heard.doubts) == (expected.certainty, expected.doubts)


@pytest.fixture(scope="module")
def running() -> BoardModel:
    return board_model(standardization="running")


@pytest.fixture
def follower(running: BoardModel) -> Client:
    client = Client(Loopback(running), timeout=0.2)
    client.forget()
    return client


def followed(model: BoardModel, sounds: list[NDArray[np.int16]]) -> list[list[int]]:
    frontend = Frontend(model.spec)
    found: list[list[int]] = model.standardizer.follow(
        np.stack([frontend.features(pcm) for pcm in sounds])
    ).tolist()
    return found


def test_a_device_follows_its_speaker(follower: Client, running: BoardModel) -> None:
    sounds = [speech(seed, 3000) for seed in range(20)]
    assert follower.selftest().passed
    assert [follower.classify(pcm).input.tolist() for pcm in sounds] == followed(running, sounds)
    assert (follower.info().heard, follower.info().most_heard) == (16, 16)
    follower.forget()
    assert follower.info().heard == 0
    assert [follower.classify(pcm).input.tolist() for pcm in sounds[:3]] == followed(running, sounds[:3])
    assert follower.info().heard == 3


def test_nobody_is_answered_and_does_not_count(follower: Client, running: BoardModel) -> None:
    sounds = [speech(seed, 6000) for seed in range(2)]
    assert follower.classify(sounds[0]).certainty is not Certainty.NO_VOICE
    for nobody in (np.zeros(6000, np.int16), np.full(6000, 32767, np.int16), np.zeros(1024, np.int16)):
        heard, expected = follower.classify(nobody), running.host().classify(nobody)
        assert (heard.certainty, heard.doubts) == (Certainty.NO_VOICE, expected.doubts)
    assert follower.info().heard == 1
    assert follower.classify(sounds[1]).input.tolist() == followed(running, sounds)[1]


def test_what_was_not_heard_whole_does_not_count(follower: Client, running: BoardModel) -> None:
    sounds = [speech(seed, 3000) for seed in range(3)]
    follower.classify(sounds[0])
    follower.classify(speech(9, 3000))
    follower.abort()
    with pytest.raises(DeviceError, match="too short"):
        follower.classify(np.zeros(100, np.int16))
    assert follower.info().heard == 1
    assert [follower.classify(pcm).input.tolist() for pcm in sounds[1:]] == followed(running, sounds)[1:]


def test_an_utterance_that_ends_twice_counts_once(running: BoardModel) -> None:
    stream = Loopback(running)
    client = Client(stream, timeout=0.2)
    client.forget()
    sounds = [speech(seed, 2303) for seed in range(2)]
    client.classify(sounds[0])
    end = Frame(Command.END, 77).encode()
    for frame in (Frame(Command.CLASSIFY, 76).encode(), *pcm_frames(sounds[1]), end):
        first = ask(stream, frame)
    again = ask(stream, end)
    assert [one.payload for one in first] == [one.payload for one in again]
    assert client.info().heard == 2
    assert client.classify(sounds[0]).input.tolist() == followed(running, [*sounds, sounds[0]])[-1]


def pcm_frames(pcm: NDArray[np.int16]) -> list[bytes]:
    return [
        Frame(Command.PCM, at & 0xFFFF, struct.pack("<I", at) + pcm[at : at + 256].tobytes()).encode()
        for at in range(0, len(pcm), 256)
    ]


def test_forget_waits_for_the_end_of_an_utterance(running: BoardModel) -> None:
    stream = Loopback(running)
    ask(stream, Frame(Command.CLASSIFY, 1).encode())
    assert refusals(ask(stream, Frame(Command.FORGET, 2).encode())) == [(ErrorCode.ORDER, 0)]


def test_too_short(client: Client) -> None:
    with pytest.raises(DeviceError, match="refused END: too short"):
        client.classify(np.zeros(100, np.int16))
    assert client.selftest().passed


def test_pcm_that_never_ends(client: Client) -> None:
    with pytest.raises(DeviceError, match="too much pcm") as caught:
        client.classify(speech(1, 20001))
    assert caught.value.allowed_value == 20000
    assert client.classify(speech(1, 20000)).frames > 0


def test_line_damage_is_repaired(client: Client, stream: Loopback, model: BoardModel) -> None:
    stream.damage += bytes(20) + b"\x01"
    vector = networks.inputs(model.graph, 5)[4]
    assert client.run(vector).label == run(model.graph, vector[np.newaxis])["label"][0, 0]


def test_lasting_damage_is_reported(client: Client, stream: Loopback) -> None:
    class Bad(Loopback):
        def __init__(self) -> None:
            self._device = stream._device
            self.damage = bytearray()

        def write(self, data: bytes) -> None:
            self.damage += bytes(len(data) - 1) + b"\x01"
            super().write(data)

    # A clock that a busy machine cannot delay: a millisecond passes each time that it is asked.
    clock = itertools.count(0, 0.001).__next__
    with pytest.raises(DeviceError, match="refused INFO: crc"):
        Client(Bad(), timeout=0.2, clock=clock).info()


def good(kind: int, payload: bytes = b"", sequence: int = 9) -> bytes:
    return Frame(kind, sequence, payload).encode()


WRONG_CRC = good(Command.INFO)[:-1] + bytes([good(Command.INFO)[-1] ^ 1])
BEGUN = good(Command.INFO)[:3]
WRONG_VERSION = good(Command.INFO)[:2] + b"\x07" + good(Command.INFO)[3:]

REFUSED = {
    "wrong crc": (WRONG_CRC, ErrorCode.CRC, 0),
    "wrong version": (WRONG_VERSION, ErrorCode.VERSION, 4),
    "too long": (good(Command.PCM, bytes(517)), ErrorCode.TOO_LONG, 516),
    "cut off": (good(Command.INFO)[:-1], ErrorCode.TIMEOUT, 1000),
    "unknown type": (good(0x44), ErrorCode.UNKNOWN_TYPE, 0),
    "reply as command": (good(Command.INFO | REPLY), ErrorCode.UNKNOWN_TYPE, 0),
    "info with payload": (good(Command.INFO, b"x"), ErrorCode.LENGTH, 0),
    "run too short": (good(Command.RUN, bytes(179)), ErrorCode.LENGTH, 180),
    "forget with payload": (good(Command.FORGET, b"x"), ErrorCode.LENGTH, 0),
    "enroll with payload": (good(Command.ENROLL, b"x"), ErrorCode.LENGTH, 0),
    "enroll with a model that nobody enrols with": (good(Command.ENROLL), ErrorCode.ENROLLS_NOBODY, 0),
    "selftest with payload": (good(Command.SELFTEST, b"x"), ErrorCode.LENGTH, 0),
    "classify with payload": (good(Command.CLASSIFY, b"x"), ErrorCode.LENGTH, 0),
    "end with payload": (good(Command.END, b"x"), ErrorCode.LENGTH, 0),
    "pcm without samples": (good(Command.PCM, bytes(4)), ErrorCode.LENGTH, 516),
    "pcm of half a sample": (good(Command.PCM, bytes(7)), ErrorCode.LENGTH, 516),
    "pcm before classify": (good(Command.PCM, bytes(6)), ErrorCode.ORDER, 0),
    "end before classify": (good(Command.END), ErrorCode.ORDER, 0),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusal(client: Client, stream: Loopback, case: str) -> None:
    data, code, allowed = REFUSED[case]
    assert refusals(ask(stream, data)) == [(code, allowed)]
    assert client.info().classes == 7


@pytest.mark.parametrize("command", [Command.RUN, Command.SELFTEST])
def test_out_of_order_within_an_utterance(client: Client, stream: Loopback, command: Command) -> None:
    payload = bytes(180) if command is Command.RUN else b""
    answers = ask(stream, good(Command.CLASSIFY) + good(command, payload) + good(Command.INFO))
    assert refusals(answers) == [(ErrorCode.ORDER, 0)]
    assert [frame.type for frame in answers] == [Command.CLASSIFY | REPLY, ERROR, Command.INFO | REPLY]


def test_an_utterance_that_somebody_left_open_is_no_obstacle(client: Client, stream: Loopback) -> None:
    ask(stream, good(Command.CLASSIFY))
    assert client.selftest().passed
    ask(stream, good(Command.CLASSIFY))
    assert client.run(np.zeros(180, np.int8)).label < 7


def test_wrong_offset_leaves_the_utterance(client: Client, stream: Loopback) -> None:
    piece = struct.pack("<I3h", 0, 1, 2, 3)
    first = ask(stream, good(Command.CLASSIFY) + good(Command.PCM, piece) + good(Command.PCM, piece, 10))
    assert first[1].payload == struct.pack("<I", 3)
    assert refusals(first) == [(ErrorCode.OFFSET, 3)]
    (more,) = ask(stream, good(Command.PCM, struct.pack("<Ih", 3, 4)))
    assert more.payload == struct.pack("<I", 4)


def test_the_same_frame_again_is_answered_again_and_heard_once(client: Client, stream: Loopback) -> None:
    pcm = speech(4, 2048 + 256).tobytes()
    pieces = [struct.pack("<I", at // 2) + pcm[at : at + 512] for at in range(0, len(pcm), 512)]
    asked = [good(Command.CLASSIFY, sequence=1)]
    asked += [good(Command.PCM, piece, 2 + at) for at, piece in enumerate(pieces)]
    asked += [good(Command.END, sequence=99)]
    once = [ask(stream, frame) for frame in asked]
    twice = [ask(stream, frame + frame) for frame in asked]
    assert twice == [answer * 2 for answer in once]
    heard = Heard.parse(once[-1][0].payload, 180, 7)
    assert heard.sound == zlib.crc32(pcm)


def test_an_end_that_comes_again_after_something_else_is_out_of_order(stream: Loopback, client: Client) -> None:
    piece = good(Command.PCM, bytes(516))
    ask(stream, good(Command.CLASSIFY) + piece)
    for at in range(256, 2560, 256):
        ask(stream, good(Command.PCM, struct.pack("<I", at) + bytes(512)))
    (answer,) = ask(stream, good(Command.END))
    assert answer.type == Command.END | REPLY
    assert refusals(ask(stream, good(Command.INFO) + good(Command.END))) == [(ErrorCode.ORDER, 0)]


@pytest.mark.parametrize("refused", [good(Command.PCM, bytes(7)), good(Command.END, b"x"), good(Command.END)])
def test_a_refused_frame_changes_nothing(client: Client, stream: Loopback, refused: bytes) -> None:
    ask(stream, good(Command.CLASSIFY) + good(Command.PCM, bytes(516)))
    assert len(refusals(ask(stream, refused + refused))) == 2
    (answer,) = ask(stream, good(Command.PCM, struct.pack("<I", 256) + bytes(512)))
    assert answer.payload == struct.pack("<I", 512)


def test_frames_behind_damage_are_found(client: Client, stream: Loopback) -> None:
    for damaged in (WRONG_CRC, WRONG_VERSION, b"\xa5", BEGUN + b"\x11\x00\x00\xff\xff", b"noise"):
        answers = ask(stream, damaged + good(Command.INFO, sequence=77))
        assert [frame.sequence for frame in answers if frame.type == Command.INFO | REPLY] == [77]


def test_a_frame_within_a_frame_that_is_cut_off_is_found(client: Client, stream: Loopback) -> None:
    begun = good(Command.PCM, bytes(400))[:20]
    answers = ask(stream, begun + good(Command.INFO, sequence=5))
    assert [frame.type for frame in answers] == [ERROR, Command.INFO | REPLY]


def test_each_damaged_frame_is_reported_once(client: Client, stream: Loopback) -> None:
    assert len(refusals(ask(stream, WRONG_CRC * 5))) == 5
    within = bytearray(good(Command.PCM, WRONG_VERSION * 20))
    within[-1] ^= 1
    assert refusals(ask(stream, bytes(within))) == [(ErrorCode.CRC, 0)]


def test_silence_is_an_error_that_says_so(model: BoardModel) -> None:
    class Silent(Loopback):
        def __init__(self) -> None:
            pass

        def write(self, data: bytes) -> None:
            pass

        def read(self, timeout: float) -> bytes:
            return b""

    with pytest.raises(SertoolError, match="did not answer INFO within"):
        Client(Silent(), timeout=0.2).info()
    with pytest.raises(SertoolError, match="did not say that it started"):
        Client(Silent(), timeout=0.2).wait_for_banner()


pieces = st.one_of(
    st.binary(max_size=30),
    st.builds(good, st.sampled_from(list(Command)), st.sampled_from([b"", bytes(6), bytes(180), bytes(516)])),
    st.builds(lambda frame, cut: frame[:cut], st.just(good(Command.RUN, bytes(180))), st.integers(0, 191)),
    st.sampled_from([WRONG_CRC, WRONG_VERSION, b"\xa5\x5a", BEGUN]),
)


@settings(max_examples=100, deadline=None)
@given(sent=st.lists(pieces, max_size=8))
def test_whatever_was_sent_the_next_command_is_answered(stream: Loopback, sent: list[bytes]) -> None:
    for piece in sent:
        ask(stream, piece)
    while stream.read(0):
        pass
    client = Client(stream, timeout=0.2)
    client.abort()
    assert client.info().classes == 7
