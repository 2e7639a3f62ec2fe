"""`sertool report`: results without a build, the chapter of a sweep, and files that do not belong together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commands import Run
from sertool import training
from sertool.experiments import results
from sertool.experiments.outcomes import Row, Score
from sertool.experiments.store import Store
from sertool.graph import TensorScale

ROW: dict[str, Any] = {
    "corpus": "emodb", "protocol": "speaker", "descriptors": "moments", "shape": "360-56-16-7", "plan": "1,7,8",
    "method": "laq", "manifest": "ab" * 32, "bytes": 4048, "seeds": 1, "folds": 10,
    "limit": 4096, "limit_counts": "codes",
    "wa_mean": 62.1, "wa_low": 58.0, "wa_high": 66.2, "float_wa_mean": 64.0, "float_wa_low": 60.0,
    "float_wa_high": 68.0, "difference_mean": -1.9, "difference_low": -3.0, "difference_high": -0.8,
    "ua_mean": 60.0, "float_ua_mean": 62.0, "wa_values": [62.1],
}  # fmt: skip


@pytest.fixture
def swept(modelled: Path) -> Path:
    """A folder with a model and a sweep of two points."""
    score = Score(((8, 2), (0, 10)))
    with Store.open(modelled / "build" / "stm32" / "sweep.sqlite") as store:
        store.select(["small", "large"])
        for key, flash in (("small", 30_000), ("large", 70_000)):
            better = Score(((9, 1), (0, 10))) if key == "large" else score
            row = Row(
                corpus="emodb", protocol="random10", fold=0, preset="moments", shape=(360, 8, 2), wanted=key,
                plan="1,8", method="given", seed=0, labels=("a", "b"), bytes=500,
                float_validation=better, float_test=score, validation=better, test=score,
                heard=(0,) * 8 + (1,) * 12,
                target="stm32f405", flash=flash, ram=9000, instructions=4000,
            )  # fmt: skip
            store.put(key, row, "device")
    return modelled


def told(sertool: Run, folder: Path, *arguments: str | Path) -> str:
    done = sertool("report", *arguments, folder=folder)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def test_results_are_compared_without_a_build(sertool: Run, tmp_path: Path) -> None:
    (tmp_path / "accuracy.json").write_text(results.dump([ROW], []))
    done = sertool("report", "--results", "accuracy.json", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    paths = json.loads(done.stdout)
    assert "emodb, speaker" in (tmp_path / paths["page"]).read_text()
    assert json.loads((tmp_path / paths["data"]).read_text())["tradeoffs"][0]["corpus"] == "emodb"
    assert sorted(path.name for path in (tmp_path / paths["page"]).parent.iterdir()) == [
        "tradeoff.html",
        "tradeoff.json",
    ]


def test_results_that_cannot_be_used_are_told(sertool: Run, tmp_path: Path) -> None:
    assert "cannot read missing.json" in told(sertool, tmp_path, "--results", "missing.json")
    (tmp_path / "odd.json").write_text(results.dump([{**ROW, "wa_mean": 621}], []))
    assert "odd.json: rows[0].wa_mean" in told(sertool, tmp_path, "--results", "odd.json")
    assert not (tmp_path / "build").exists()


def test_a_sweep_becomes_a_chapter_with_advice_for_the_flash_at_hand(sertool: Run, swept: Path) -> None:
    done = sertool("report", "--json", folder=swept)
    assert done.returncode == 0, done.stderr
    assert "takes 70,000 bytes of flash" in json.loads(done.stdout)["headline"]["advice"]
    done = sertool("report", "--max-flash", "65536", "--json", folder=swept)
    assert done.returncode == 0, done.stderr
    advice = json.loads(done.stdout)["headline"]["advice"]
    assert "with 64\u00a0KiB of flash" in advice and "takes 30,000 bytes of flash" in advice
    assert advice in (swept / "build" / "stm32" / "report" / "report.html").read_text()


def test_options_that_contradict_each_other_are_told(sertool: Run, swept: Path) -> None:
    (swept / "accuracy.json").write_text(results.dump([ROW], []))
    message = told(sertool, swept, "--results", "accuracy.json", "--max-flash", "65536")
    assert "--results count the bytes of models" in message
    assert "0 is not in the range" in told(sertool, swept, "--max-flash", "0")
    assert "does not have so much flash" in told(sertool, swept, "--max-flash", "2000000")
    (swept / "build" / "stm32" / "sweep.sqlite").unlink()
    assert "there is no sweep" in told(sertool, swept, "--max-flash", "65536")


def test_a_damaged_sweep_is_told(sertool: Run, swept: Path) -> None:
    path = swept / "build" / "stm32" / "sweep.sqlite"
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 5000)
    assert "damaged" in told(sertool, swept)


def test_files_of_different_networks_are_told(sertool: Run, modelled: Path) -> None:
    folder = modelled / "build" / "stm32" / "model"
    layer = training.DenseLayer("dense0", np.ones((3, 12), np.float32), np.ones(3, np.float32), False)
    model = training.FloatModel((layer,), ("a", "b", "c"), TensorScale(0.1, 0))
    (folder / "float.npz").write_bytes(training.save(model))
    assert "float.npz is of another network than model.tflite: 12-3 for a, b, c, not 32-24-12-3 for" in told(
        sertool, modelled
    )


@pytest.mark.parametrize(
    "layers", ['[{"name": "dense0", "proportion": "half"}]', '[{"name": "dense0"}]', "[1]", "3"]
)
def test_a_damaged_laq_json_is_told(sertool: Run, modelled: Path, layers: str) -> None:
    path = modelled / "build" / "stm32" / "model" / "laq.json"
    path.write_text(f'{{"format": 2, "layers": {layers}}}')
    message = told(sertool, modelled)
    assert "in laq.json: " in message
    assert "sertool quantize" in message
