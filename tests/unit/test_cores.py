"""What the table of cores says is what compilers and emulators know of them."""

from __future__ import annotations

import subprocess

import pytest
from unicorn import arm_const

from sertool.compilers import cross_tool
from sertool.cores import CORES, EMULATED, Core, Instructions


def macros(core: Core) -> set[str]:
    command = [cross_tool(), *core.flags, "-dM", "-E", "-x", "c", "/dev/null"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line.split()[1] for line in printed.splitlines()}


@pytest.mark.parametrize("core", CORES.values(), ids=lambda core: core.name)
def test_gcc_knows_the_core_by_its_instructions_and_uses_no_floating_point_unit(core: Core) -> None:
    known = macros(core)
    instructions = {
        Instructions.BASE: "__ARM_ARCH_6M__" in known,
        Instructions.MAIN: "__ARM_ARCH_7M__" in known,
        Instructions.DSP: "__ARM_FEATURE_DSP" in known,
    }
    assert [kind for kind, holds in instructions.items() if holds] == [core.instructions]
    assert "__ARM_FP" not in known and "__SOFTFP__" in known


@pytest.mark.parametrize("core", CORES)
def test_unicorn_has_a_model_of_the_emulated_cores_and_of_no_other(core: str) -> None:
    assert hasattr(arm_const, "UC_CPU_ARM_" + core.upper().replace("-", "_")) == (core in EMULATED)
