from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from board_models import BoardModel, board_model

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
