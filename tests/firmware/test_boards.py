"""Whole images in QEMU: everything that a board gives out must equal the reference and the host."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from board_models import BoardModel, board_model, speech

import networks
from sertool.answers import Enrolment
from sertool.compilers import write_sources
from sertool.device import Client, EmulatedBoard
from sertool.device.frames import Frame, FrameReader
from sertool.device.messages import ERROR, Command, ErrorCode
from sertool.engines.board import BoardEngine
from sertool.errors import CheckFailed, SertoolError
from sertool.firmware.image import Image, build_image
from sertool.graph.reference import run
from sertool.standardization import Speaker
from sertool.targets import Target, load, names

Built = Callable[[BoardModel, Target], Image]

#: Front end, hidden layers and plan: together every width, odd shapes among them.
MODELS = {
    "laq180": ("laq180", (24,), ("ternary", "5")),
    "moments": ("moments", (33, 17), ("1", "4", "8")),
    "odd": ("prosody-lean", (31, 19, 9), ("2", "3", "6", "7")),
}


def check_equal(model: BoardModel, image: Image, target: Target, clips: int, utterances: int) -> None:
    with BoardEngine.emulated(model.graph, image.elf, target, model.build.manifest) as board:
        assert board.info.target == target.name
        assert board.info.verdict.passed
        vectors = networks.inputs(model.graph, clips)
        found, expected = board.run(vectors), run(model.graph, vectors)
        assert list(found) == list(expected)
        assert {name: int((found[name] != expected[name]).sum()) for name in expected} == dict.fromkeys(
            expected, 0
        )
        host = model.host()
        for seed in range(utterances):
            pcm = speech(seed, 2048 + 777 * seed)
            ours, theirs = host.classify(pcm), board.classify(pcm)
            assert theirs.features.tolist() == ours.features.tolist()  # type: ignore[union-attr]
            assert theirs.input.tolist() == ours.input.tolist()
            assert theirs.label == ours.label
            for name in ours.trace:
                assert theirs.trace[name].tolist() == ours.trace[name].tolist(), name


def test_stm32_equals_reference_and_host(model: BoardModel, built: Built) -> None:
    target = load("stm32")
    check_equal(model, built(model, target), target, clips=5, utterances=2)


@pytest.mark.parametrize("target", ["stm32f405", "microbit"])
def test_the_raw_image_boots_as_well(model: BoardModel, built: Built, target: str) -> None:
    client = Client(EmulatedBoard(load(target), built(model, load(target)).bin))
    try:
        assert client.wait_for_banner().selftest_passed
    finally:
        client.close()


@pytest.mark.slow
@pytest.mark.parametrize("target", names())
def test_board_answers_damage_and_silence(model: BoardModel, built: Built, target: str) -> None:
    board = EmulatedBoard(load(target), built(model, load(target)).elf)
    client = Client(board)
    try:
        client.wait_for_banner()
        whole = Frame(Command.RUN, 3, bytes(180)).encode()
        for sent, code in ((whole[:-1] + b"?", ErrorCode.CRC), (whole[:100], ErrorCode.TIMEOUT)):
            board.write(sent)
            reader, frame = FrameReader(), None
            while frame is None:
                data = board.read(5)
                assert data, f"no answer to {code}"
                reader.feed(data)
                frame = reader.next()
            assert (frame.type, frame.payload[0]) == (ERROR, code)
        assert client.selftest().passed
    finally:
        client.close()


@pytest.mark.slow
@pytest.mark.parametrize("target", names())
@pytest.mark.parametrize("name", MODELS)
def test_board_equals_reference_and_host(built: Built, target: str, name: str) -> None:
    board = load(target)
    model = board_model(*MODELS[name])
    check_equal(model, built(model, board), board, clips=12, utterances=4)


@pytest.mark.slow
def test_a_board_follows_its_speaker_through_two_hundred_utterances(built: Built) -> None:
    model, target = board_model("prosody-lean", standardization="running"), load("stm32f405")
    host, trusts = model.host(), set()
    known, variety = Speaker.unknown(model.spec.features), model.standardizer.variety
    assert variety is not None
    with BoardEngine.emulated(model.graph, built(model, target).elf, target, model.build.manifest) as board:
        for number in range(200):
            # Somebody who says much, then the same again and again, then much.
            pcm = speech(3, 2560) if 30 <= number < 150 else speech(number, 2048 + 64 * (number % 7))
            ours, theirs = host.classify(pcm), board.classify(pcm)
            expected = model.standardizer.follow(ours.features[np.newaxis], known)[0]
            assert theirs.input.tolist() == ours.input.tolist() == expected.tolist(), number
            assert theirs.label == ours.label, number
            trusts.add(variety.trust(known.above))
    assert 0 in trusts and len(trusts) > 20


def test_a_board_lets_a_speaker_enrol(built: Built) -> None:
    model, target = board_model(standardization="enrolled"), load("stm32f405")
    host, became = model.host(), []
    silence = np.zeros(3000, np.int16)
    with BoardEngine.emulated(model.graph, built(model, target).elf, target, model.build.manifest) as board:
        for pcm in (silence, speech(0), speech(1)):
            ours, theirs = host.classify(pcm), board.classify(pcm)
            assert theirs.input.tolist() == ours.input.tolist()
            became.append(board.enroll())
            assert host.enroll() is became[-1]
    assert became == [Enrolment.UNSUITABLE, Enrolment.ENROLLED, Enrolment.ENROLLED]


def test_a_board_that_carries_something_else_is_refused(model: BoardModel, built: Built) -> None:
    target = load("stm32")
    image = built(model, target)
    with pytest.raises(SertoolError, match="carries another build"):
        BoardEngine.emulated(model.graph, image.elf, target, "f" * 64)
    with pytest.raises(SertoolError, match="carries another model: test speech"):
        BoardEngine.emulated(networks.network((180, 8, 5), (8, 8)), image.elf, target)


def test_wrong_sound_is_refused(model: BoardModel, built: Built) -> None:
    target = load("stm32")
    with BoardEngine.emulated(model.graph, built(model, target).elf, target) as board:
        with pytest.raises(SertoolError, match="the sound is float64"):
            board.classify(np.zeros(10))  # type: ignore[arg-type]
        with pytest.raises(SertoolError, match="too short"):
            board.classify(np.zeros(10, np.int16))


@pytest.mark.slow
def test_a_failed_selftest_is_said(model: BoardModel, tmp_path: Path) -> None:
    golden = replace(model.build.golden, features_crc32=(1,) * len(model.build.golden.features_crc32))
    wrong = replace(model, build=replace(model.build, golden=golden))
    target = load("stm32")
    write_sources(wrong.project(target), tmp_path / "p")
    image = build_image(tmp_path / "p", target, tmp_path / "image")
    with pytest.raises(CheckFailed, match="failed its self-test"):
        BoardEngine.emulated(model.graph, image.elf, target)


def test_no_emulator(model: BoardModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = load("stm32")
    with pytest.raises(SertoolError, match="no image to emulate"):
        EmulatedBoard(target, tmp_path / "none.elf")
    with pytest.raises(SertoolError, match="has no emulator"):
        EmulatedBoard(replace(target, qemu=None), tmp_path / "none.elf")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SertoolError, match="was not found") as caught:
        EmulatedBoard(target, tmp_path / "none.elf")
    assert caught.value.hint == "apt-get install qemu-system-arm"


def test_an_emulator_that_ends_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.elf"
    broken.write_bytes(b"no vector table at all, at address zero")
    client = Client(EmulatedBoard(load("stm32"), broken), timeout=5)
    with pytest.raises(SertoolError, match="the emulator ended with status 134: qemu: fatal: Lockup"):
        client.wait_for_banner()
    client.close()


def emulators(image: Path) -> list[str]:
    """Process ids of the emulators that run `image`."""
    wanted = f"-kernel\0{image}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if wanted in words and words.startswith(b"/"):
                found.append(process.name)
    return found


def ended_soon(image: Path) -> bool:
    deadline = time.monotonic() + 10
    while emulators(image) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not emulators(image)


def test_closing_ends_the_emulator(model: BoardModel, built: Built, tmp_path: Path) -> None:
    image = Path(shutil.copy(built(model, load("stm32")).elf, tmp_path))
    board = EmulatedBoard(load("stm32"), image)
    Client(board).wait_for_banner()
    assert len(emulators(image)) == 1
    board.close()
    board.close()
    assert ended_soon(image)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_the_emulator_ends_with_whoever_started_it(
    model: BoardModel, built: Built, tmp_path: Path, how: str
) -> None:
    image = Path(shutil.copy(built(model, load("stm32")).elf, tmp_path))
    script = f"""
import os, signal
from pathlib import Path
from sertool.device import Client, EmulatedBoard
from sertool.targets import load
board = EmulatedBoard(load("stm32"), Path({str(image)!r}))
Client(board).wait_for_banner()
os.kill(os.getpid(), signal.{how})
"""
    done = subprocess.run([sys.executable, "-c", script])
    assert done.returncode == -signal.Signals[how]
    assert ended_soon(image)


@pytest.mark.slow
@pytest.mark.parametrize("usart", [2, 3, 6])
def test_the_banner_comes_out_of_the_usart_that_the_board_says(
    model: BoardModel, tmp_path: Path, usart: int
) -> None:
    stm32 = load("stm32")
    other = replace(
        stm32,
        core=replace(stm32.core, clock_hz=84_500_000),
        settings={"hse_hz": 25_000_000, "usart": usart},
        serial=replace(stm32.serial, baud=115_200),
    )
    write_sources(model.project(other), tmp_path / "p")
    image = build_image(tmp_path / "p", other, tmp_path / "image")
    heard = tmp_path / "heard.txt"
    lines = [*["-serial", "null"] * (usart - 1), "-serial", f"file:{heard}"]
    machine = ["qemu-system-arm", "-M", "netduinoplus2", "-nodefaults", "-display", "none", "-monitor", "none"]
    process = subprocess.Popen([*machine, *lines, "-kernel", image.elf])
    try:
        deadline = time.monotonic() + 60
        while b"selftest=passed" not in (heard.read_bytes() if heard.exists() else b""):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
