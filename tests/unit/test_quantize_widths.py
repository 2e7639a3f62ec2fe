"""What a project asks of a network's widths, before there is one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sertool import laq
from sertool.errors import SertoolError
from sertool.firmware.pack import layer_bytes
from sertool.project import Project, resolve_project
from sertool.stages import quantize
from sertool.stages.quantize import wanted_widths

SHAPE = (12, 10, 8, 3)


def wanted(**options: object) -> tuple[object, laq.Budget | None]:
    return wanted_widths(resolve_project(Project(), **options), SHAPE)


def test_a_plan_a_limit_or_neither() -> None:
    assert wanted(bits="1,ternary,8") == (laq.parse_plan("1,ternary,8", "abc"), None)
    assert wanted() == (None, None)
    plan, budget = wanted(max_bytes=300)
    assert plan is None
    assert budget == laq.Budget(300, laq.byte_costs(SHAPE, layer_bytes))


def test_instructions_are_counted_on_the_core_of_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(shape: Sequence[int], cpu: str) -> laq.Costs:
        asked.append((tuple(shape), cpu))
        return laq.Costs("instructions", (dict.fromkeys(laq.WIDTHS, 100),) * 3, 50)

    monkeypatch.setattr(quantize, "instruction_costs", counted)
    for target, cpu in (("stm32", "cortex-m4"), ("microbit", "cortex-m0")):
        plan, budget = wanted(max_instructions=350, target=target)
        assert asked.pop() == (SHAPE, cpu)
        assert plan is None and budget is not None
        assert (budget.limit, budget.costs.unit) == (350, "instructions")
    with pytest.raises(SertoolError, match="no plan takes 349 instructions or less") as caught:
        wanted(max_instructions=349)
    assert str(caught.value.allowed).startswith("350 or more")


def test_what_the_shape_alone_decides_is_refused() -> None:
    with pytest.raises(SertoolError, match="too few widths: logits have none"):
        wanted(bits="8,8")
    with pytest.raises(SertoolError, match="too many widths: 4 for 3 layers"):
        wanted(bits="8,8,8,8")
    with pytest.raises(SertoolError, match="no plan takes 100 bytes or less") as caught:
        wanted(max_bytes=100)
    assert caught.value.allowed == "288 or more: that is plan 1,1,1"
    assert wanted(strategy="exhaustive") == (None, None)
    with pytest.raises(SertoolError, match="5 layers have 32,768 plans"):
        wanted_widths(resolve_project(Project(), strategy="exhaustive"), (9, 8, 7, 6, 5, 4))
