"""Every clip of every real test split through every engine: not one integer may differ.

Training is cut short here: what is compared are integers, and they do not care how good the weights are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sertool
from sertool.corpora import Corpus
from sertool.verify import require

ENGINES = (
    "tflm",
    "tflite",
    "host",
    *(f"emulator:cortex-{core}" for core in ("m0", "m4", "m7", "m33")),
    "board",
)
BOARD_CLIPS = 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ["emodb", "savee", "ravdess", "tess"])
def test_all_engines_agree_on_the_whole_test_split(
    real_corpus: Callable[[str], Corpus], tmp_path: Path, name: str
) -> None:
    project = sertool.resolve_project(
        sertool.Project(), corpus=str(real_corpus(name).root), bits="1,1,4,4,8", output=tmp_path, epochs=4
    )
    folder = sertool.build_folder(project)
    assert sertool.build(project, folder, board_clips=0).exact
    comparison = sertool.simulate(project, folder, engines=ENGINES, board_clips=BOARD_CLIPS).comparison
    require(comparison)
    ran = {engine.engine: engine.clips for engine in comparison.engines}
    assert {engine: ran[engine] for engine in ENGINES[:-1]} == dict.fromkeys(ENGINES[:-1], comparison.clips)
    assert ran["host, from PCM"] == comparison.clips
    assert ran["board:stm32f405"] == ran["emulator:cortex-m0, from PCM"] == BOARD_CLIPS
