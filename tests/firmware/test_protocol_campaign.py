"""A small run of the campaign of faults on the serial line; see tests/campaigns/protocol_faults.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))

from c_device import c_world
from faulty_line import KINDS
from protocol_faults import campaign, model_world


@pytest.mark.parametrize("world", [model_world, lambda: model_world(enrolls=True), c_world])
def test_no_fault_makes_the_host_believe_what_was_not_sent_or_wait_for_ever(world) -> None:  # type: ignore[no-untyped-def]
    tally = campaign(world(), seed=1, count=600)
    assert tally.wrong == []
    assert tally.late == []
    assert tally.unrecovered == []
    assert set(tally.injected) == {(direction, kind) for direction in KINDS for kind in KINDS[direction]}
    outcomes = {name for *_, name in tally.outcomes}
    assert outcomes == {"right", "recovered", "named"}
