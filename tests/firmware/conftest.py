from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from board_models import BoardModel, Loopback, board_model

from sertool.compilers import write_sources
from sertool.firmware.image import Image, build_image
from sertool.targets import Target


@pytest.fixture(scope="session")
def model() -> BoardModel:
    return board_model()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[BoardModel, Target], Image]:
    """Builds an image, each only once a session."""
    images: dict[tuple[int, str], Image] = {}

    def build(model: BoardModel, target: Target) -> Image:
        key = (id(model), target.name)
        if key not in images:
            folder: Path = tmp_path_factory.mktemp(target.name)
            write_sources(model.project(target), folder / "firmware")
            images[key] = build_image(folder / "firmware", target, folder / "image")
        return images[key]

    return build


@pytest.fixture
def serve() -> Iterator[Callable[[BoardModel], str]]:
    """Puts the device layer of a model behind a pseudo-terminal, and returns the port's name."""
    ends: list[int] = []

    def start(model: BoardModel) -> str:
        ours, theirs = pty.openpty()
        ends.extend((theirs, ours))
        tty.setraw(theirs)
        device = Loopback(model)

        def answer() -> None:
            try:
                while data := os.read(ours, 4096):
                    device.write(data)
                    os.write(ours, device.take())
            except OSError:
                return

        threading.Thread(target=answer, daemon=True).start()
        return os.ttyname(theirs)

    yield start
    for end in ends:
        os.close(end)
