"""Stage 5: from the rendered project to the image, with proof that it fits."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sertool.compilers import write_sources
from sertool.errors import SertoolError
from sertool.firmware.core import core_sources
from sertool.firmware.fitting import narrower_plan, with_plan
from sertool.firmware.image import DoesNotFit, build_image
from sertool.firmware.memory import memory_map
from sertool.firmware.stack import worst_case_stack
from sertool.graph import Width
from sertool.project import BuildFolder, Project
from sertool.stages.built_model import Model, load_model
from sertool.stages.calls import describe_calls
from sertool.stages.render import project_tree
from sertool.targets import Target, load


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
    """Build `firmware/` into `image/` (ELF, HEX, BIN, map, library); tell in its README what each call takes.

    Raises SertoolError when there is no project or no cross-compiler, or when the image does not fit the
    target: then it says by how much, and which plan would fit.
    """
    target = load(project.target)
    folder.require(folder.firmware, "render")
    try:
        image = build_image(folder.firmware, target, folder.image)
    except DoesNotFit as error:
        raise _advise(error, project, target, load_model(folder)) from error
    memory = memory_map(image.elf, target, named=False)
    describe_calls(folder, image, target)
    return Compiled(memory.flash.used, memory.ram.used, worst_case_stack(image, target).bytes)


def _advise(error: DoesNotFit, project: Project, target: Target, model: Model) -> SertoolError:
    advice = []
    if "flash" in error.over:
        plan = _plan_that_fits(error.over["flash"], project, target, model)
        if plan:
            advice.append(f"quantization.bits = {','.join(map(str, plan))} would fit the flash")
        else:
            advice.append("no plan fits, not even 1 bit everywhere: smaller layers (training.hidden)")
    if "ram" in error.over:
        advice.append(
            "for the RAM: smaller layers (training.hidden), fewer features (frontend.preset = laq180)"
        )
    return SertoolError(error.what, allowed=error.allowed, hint="; ".join([*advice, "or a larger target"]))


def _plan_that_fits(over: int, project: Project, target: Target, model: Model) -> tuple[Width, ...] | None:
    """Narrow the plan until an image with it, other kernels included, is small enough: each trial is built."""
    saving = over
    while plan := narrower_plan(model.graph, saving):
        trial = dataclasses.replace(model, graph=with_plan(model.graph, plan))
        core = core_sources(trial.graph, trial.spec, trial.standardizer, trial.rule)
        with tempfile.TemporaryDirectory() as name:
            write_sources(project_tree(project, target, trial, core, "0" * 64), Path(name) / "firmware")
            try:
                build_image(Path(name) / "firmware", target, Path(name) / "image")
            except DoesNotFit as error:
                if "flash" in error.over:
                    saving += error.over["flash"]
                    continue
        return plan
    return None
