"""The tools that write flash, one file a tool."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sertool.device.runners import cubeprogrammer, dfu_util, openocd, pyocd, st_flash
from sertool.device.runners.runner import Abilities, Job, Runner

#: By the name that target files use; `targets.runners.RUNNERS` has the same, with their arguments.
RUNNERS: Mapping[str, Runner] = MappingProxyType(
    {
        runner.name: runner
        for runner in (
            st_flash.RUNNER,
            openocd.RUNNER,
            pyocd.RUNNER,
            cubeprogrammer.RUNNER,
            dfu_util.RUNNER,
        )
    }
)

__all__ = ["RUNNERS", "Abilities", "Job", "Runner"]
