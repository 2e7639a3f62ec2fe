"""Instructions by layer and width against whole networks on the emulated core; counts are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from networks import network
from sertool import laq
from sertool.engines.emulator import EmulatorEngine
from sertool.errors import SertoolError
from sertool.graph.build import network as network_of
from sertool.stages import instructions
from sertool.stages.instructions import instruction_costs

SHAPE = (37, 24, 5)
NAMES = ("dense1", "logits")


@pytest.mark.parametrize("cpu", ["cortex-m4", pytest.param("cortex-m0", marks=pytest.mark.slow)])
def test_costs_add_up_to_what_whole_networks_take(cpu: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "WIDTHS", (laq.WIDTHS[0], laq.WIDTHS[2], laq.WIDTHS[-1]))
    costs = instruction_costs(SHAPE, cpu)
    assert costs.unit == "instructions"
    whole = network(SHAPE, ("1", "3"), seed=4)
    inputs = np.random.default_rng(3).integers(-128, 128, (32, SHAPE[0])).astype(np.int8)
    with EmulatorEngine(whole, cpu=cpu) as engine:
        counted = engine.instructions(inputs)
    with EmulatorEngine(network_of(whole.weighted, whole.labels), cpu=cpu) as engine:
        dense = engine.instructions(inputs)
    plan = laq.parse_plan("1,3", NAMES)
    # Each layer was counted in a call of its own; a rounding here and there depends on what is rounded.
    assert dense.max() <= costs.of(plan) - costs.fixed <= dense.min() + 60
    # What is fixed is softmax above all, which takes some hundred instructions more or less.
    assert abs((counted - dense).mean() - costs.fixed) < 0.2 * costs.fixed


def test_counts_are_kept_and_damaged_ones_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path))
    monkeypatch.setattr(instructions, "WIDTHS", laq.WIDTHS[:2])
    first = instruction_costs((6, 4, 3), "cortex-m4")
    kept = sorted((tmp_path / "instructions").iterdir())
    assert len(kept) == 2 * 2 + 1
    kept[0].write_text("{")
    counted = []

    class Counted(EmulatorEngine):
        def instructions(self, inputs: np.ndarray) -> np.ndarray:
            counted.append(inputs.shape)
            return super().instructions(inputs)

    monkeypatch.setattr(instructions, "EmulatorEngine", Counted)
    assert instruction_costs((6, 4, 3), "cortex-m4") == first
    assert len(counted) == 1


def test_a_core_that_cannot_be_emulated() -> None:
    with pytest.raises(SertoolError, match="no emulated core is called 'cortex-m0plus'"):
        instruction_costs(SHAPE, "cortex-m0plus")
