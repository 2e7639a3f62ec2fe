"""Stage 5: from the rendered project to the image, with proof that it fits."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sertool.errors import SertoolError
from sertool.firmware.fitting import plan_that_fits
from sertool.firmware.image import DoesNotFit, build_image
from sertool.firmware.memory import memory_map
from sertool.firmware.stack import worst_case_stack
from sertool.graph import IntegerGraph
from sertool.project import BuildFolder, Project
from sertool.stages.model import load_model
from sertool.targets import load


@dataclass(frozen=True)
class Compiled:
    """Bytes of flash and RAM that the image takes, and of stack at worst."""

    flash: int
    ram: int
    stack: int

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return dataclasses.asdict(self)


def compile_image(project: Project, folder: BuildFolder) -> Compiled:
    """Build `firmware/` into `image/` (ELF, HEX, BIN, map).

    Raises SertoolError when there is no project or no cross-compiler, or when the image does not fit the
    target: then it says by how much, and which plan would fit.
    """
    target = load(project.target)
    folder.require(folder.firmware, "render")
    try:
        image = build_image(folder.firmware, target, folder.image)
    except DoesNotFit as error:
        raise _advise(error, load_model(folder).graph) from error
    memory = memory_map(image.elf, target)
    return Compiled(memory.flash.used, memory.ram.used, worst_case_stack(image, target).bytes)


def _advise(error: DoesNotFit, graph: IntegerGraph) -> SertoolError:
    flash, ram = error.over.get("flash", 0), error.over.get("ram", 0)
    plan = plan_that_fits(graph, flash) if flash else graph.plan
    advice = []
    if plan is None:
        advice.append("even 1 bit everywhere is too large: a smaller net (training.hidden) or a larger target")
    elif flash:
        advice.append(f"--bits {','.join(map(str, plan))} would fit the flash")
    if ram:
        advice.append("for the RAM: smaller layers (training.hidden), fewer features (--preset laq180)")
    return SertoolError(error.what, allowed=error.allowed, hint="; ".join(advice))
