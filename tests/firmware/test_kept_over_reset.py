"""A speaker who is kept over resets and losses of power: the micro:bit's image and flash controller in QEMU."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from board_models import BoardModel, board_model, speech

from sertool.device import Client
from sertool.device.messages import Kept
from sertool.device.qemu import find_qemu
from sertool.device.streams import SocketStream
from sertool.firmware.image import Image
from sertool.frontend import Frontend
from sertool.targets import Target, load

Built = Callable[[BoardModel, Target], Image]

BOARD = load("microbit")
SOUNDS = [speech(seed, 2600) for seed in range(5)]


class Powered:
    """QEMU with a line to reset it and to look into its flash; `pages` are what flash keeps from before."""

    def __init__(self, image: Image, folder: Path, pages: bytes = b"") -> None:
        assert BOARD.qemu is not None
        assert BOARD.memory.kept is not None
        self._kept, self._dump = BOARD.memory.kept, folder / "dump"
        flash = folder / "flash"
        flash.write_bytes(image.bin.read_bytes().ljust(self._kept.origin, b"\xff") + pages)
        line, theirs = socket.socketpair()
        self._control, control = socket.socketpair()
        with theirs, control:
            self._process = subprocess.Popen(
                [
                    find_qemu(), "-M", BOARD.qemu.machine, "-display", "none", "-nodefaults",
                    "-chardev", f"socket,id=line,fd={theirs.fileno()}", "-serial", "chardev:line",
                    "-chardev", f"socket,id=qmp,fd={control.fileno()}", "-mon", "chardev=qmp,mode=control",
                    "-kernel", str(flash if pages else image.elf),
                ],
                pass_fds=(theirs.fileno(), control.fileno()),
            )  # fmt: skip
        self._answers = self._control.makefile("rb")
        self._tell("qmp_capabilities")
        self.client = Client(SocketStream("qemu", line))
        self.kept = self.client.wait_for_banner().kept

    def reset(self) -> None:
        self._tell("system_reset")
        self.kept = self.client.wait_for_banner().kept

    def pages(self) -> bytes:
        self._tell("memsave", val=self._kept.origin, size=self._kept.length, filename=str(self._dump))
        return self._dump.read_bytes()

    def hear(self, first: int, last: int) -> list[list[int]]:
        return [self.client.classify(pcm).input.tolist() for pcm in SOUNDS[first:last]]

    def close(self) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()
        self._control.close()

    def _tell(self, command: str, **arguments: object) -> None:
        self._control.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        while "return" not in (answer := json.loads(self._answers.readline())):
            assert "error" not in answer, answer


@pytest.fixture
def boot(built: Built, tmp_path: Path) -> Iterator[Callable[[bytes], Powered]]:
    image = built(board_model(standardization="running"), BOARD)
    boards: list[Powered] = []

    def start(pages: bytes = b"") -> Powered:
        boards.append(Powered(image, tmp_path, pages))
        return boards[-1]

    yield start
    for board in boards:
        board.close()


def test_a_kept_speaker_is_back_after_a_reset_and_gone_once_forgotten(boot: Callable[..., Powered]) -> None:
    model = board_model(standardization="running")
    frontend = Frontend(model.spec)
    heard = np.stack([frontend.features(pcm) for pcm in SOUNDS])
    expected = model.standardizer.follow(heard).tolist()
    board = boot()
    assert board.kept is Kept.DAMAGED  # QEMU's flash begins with zeros
    assert board.hear(0, 2) == expected[:2]
    assert board.client.keep() is Kept.STATE
    once = board.pages()
    assert board.hear(2, 3) == expected[2:3]
    assert board.client.keep() is Kept.STATE
    twice = board.pages()
    assert board.client.keep() is Kept.STATE
    assert board.pages() == twice
    assert board.hear(3, 4) == expected[3:4]
    board.reset()
    assert (board.kept, board.client.kept(), board.client.info().heard) == (Kept.STATE, Kept.STATE, 3)
    assert board.hear(3, 5) == expected[3:]
    assert board.pages() == twice
    board.client.forget()
    board.reset()
    assert (board.kept, board.client.info().heard) == (Kept.NONE, 0)
    assert board.hear(0, 1) == expected[:1]
    # What power that is lost leaves: all, half a record, nothing; and what another model left.
    changed = [at for at, (old, new) in enumerate(zip(once, twice, strict=True)) if old != new]
    half = changed[len(changed) // 2]
    torn = twice[:half] + once[half:]
    for pages, kept, count in (
        (twice, Kept.STATE, 3),
        (torn, Kept.STATE, 2),
        (bytes([0xFF]) * len(twice), Kept.NONE, 0),
        (foreign(once), Kept.FOREIGN, 0),
    ):
        after = boot(pages)
        assert (after.kept, after.client.info().heard) == (kept, count)
        assert after.hear(count, count + 1) == expected[count : count + 1]


def foreign(pages: bytes) -> bytes:
    """The pages with the fingerprint of another model in their first record."""
    head = bytearray(pages[:16])
    size = -(-(struct.unpack_from("<I", head, 4)[0] + 20) // 32) * 32
    head[12] ^= 1
    body = bytes(head) + pages[16 : size - 4]
    return body + struct.pack("<I", zlib.crc32(body)) + pages[size:]
