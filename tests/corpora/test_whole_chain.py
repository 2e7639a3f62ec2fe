"""Every clip of every real test split through engines, each corpus on another core: not one integer may differ.

Training is cut short here: what is compared are integers, and they do not care how good the weights are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sertool
from sertool.corpora import Corpus
from sertool.verify import require

CORES = {"emodb": "m0", "savee": "m7", "ravdess": "m33", "tess": "m3"}
BOARD_CLIPS = 3


@pytest.mark.slow
@pytest.mark.parametrize("name", CORES)
def test_all_engines_agree_on_the_whole_test_split(
    real_corpus: Callable[[str], Corpus], tmp_path: Path, name: str
) -> None:
    project = sertool.resolve_project(
        sertool.Project(), corpus=str(real_corpus(name).root), bits="1,1,4,4,8", output=tmp_path, epochs=4
    )
    folder = sertool.build_folder(project)
    built = sertool.build(project, folder, board_clips=BOARD_CLIPS)
    assert built.exact and built.report.exactness
    other = f"emulator:cortex-{CORES[name]}"
    elsewhere = sertool.simulate(project, folder, engines=(other,), board_clips=BOARD_CLIPS).comparison
    require(elsewhere)
    ran = {engine.engine: engine.clips for engine in (*built.report.exactness.engines, *elsewhere.engines)}
    every = ("tflm", "tflite", "host", "host, from PCM", "emulator:cortex-m4", other)
    boards = ("board:stm32f405", "emulator:cortex-m4, from PCM", f"{other}, from PCM")
    assert ran == dict.fromkeys(every, elsewhere.clips) | dict.fromkeys(boards, BOARD_CLIPS)
