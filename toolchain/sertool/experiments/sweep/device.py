"""What a network's image takes of a board: flash, RAM, and instructions of one inference on its core.

These depend on the shape, the plan and the class names, and on no weight, so they are measured on a stand-in
with drawn codes. Flash and RAM are those of the trained network's image to the byte, instructions those of its
inferences but for softmax, which takes some hundred more or less with what it is given.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import importlib.metadata
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sertool.compilers import compiler_version, cross_tool, write_sources
from sertool.cores import EMULATED
from sertool.digests import code_digest, tree_digest, value_digest
from sertool.engines.emulator import EmulatorEngine
from sertool.errors import SertoolError
from sertool.experiments.outcomes import Row
from sertool.firmware.core import core_sources
from sertool.firmware.fitting import stand_in
from sertool.firmware.golden import make_golden
from sertool.firmware.image import build_image
from sertool.firmware.memory import memory_map
from sertool.firmware.project import BuildInfo, project_sources
from sertool.frontend import Frontend, FrontendSpec, preset
from sertool.graph import IntegerGraph, Width
from sertool.locations import firmware_templates
from sertool.standardization import STANDARDIZATIONS, Standardizer
from sertool.targets import Target
from sertool.version import __version__

log = logging.getLogger(__name__)

#: The code that decides what an image takes.
_CODE = (
    "graph", "firmware", "frontend", "standardization", "engines", "targets", "compilers.py", "cores.py",
    "rendering.py", "experiments/sweep/device.py",
)  # fmt: skip
#: Bytes of the memories that images are measured in.
_ROOMY = 1 << 26


@dataclass(frozen=True)
class Footprint:
    """Bytes of flash and RAM of an image, instructions of an inference; None where nothing could measure it."""

    flash: int | None = None
    ram: int | None = None
    instructions: int | None = None


@dataclass(frozen=True)
class Board:
    """A target, and the tools of this machine that can make and run an image for it: None where one is absent.

    `name` is that of the project, which every image carries; `standardization` one of `STANDARDIZATIONS`.
    """

    target: Target
    name: str
    compiler: str | None
    emulator: str | None
    standardization: str = "fixed"

    def digest(
        self, shape: Sequence[int], plan: Sequence[Width], labels: Sequence[str], spec: FrontendSpec
    ) -> str:
        """Digest everything that the footprint of a network depends on, in hexadecimal."""
        return value_digest(
            {
                "network": [list(shape), list(map(str, plan)), list(labels), spec.to_dict()],
                "target": self.target.to_dict(),
                "name": self.name,
                "standardization": self.standardization,
                "tools": [self.compiler, self.emulator],
                "code": [code_digest(_CODE), tree_digest(firmware_templates())],
            }
        )

    def measure(
        self, shape: Sequence[int], plan: Sequence[Width], labels: Sequence[str], spec: FrontendSpec
    ) -> Footprint:
        """Build the image of a network of this shape and plan and count its instructions.

        An image that the target has no room for has its size all the same. Raises SertoolError as rendering,
        compilers and emulator do.
        """
        if self.compiler is None:
            return Footprint()
        graph = stand_in(shape, plan, labels)
        standardizer = _stand_in(spec, self.standardization)
        flash, ram = _sizes(graph, spec, standardizer, self.target, self.name)
        if self.emulator is None:
            return Footprint(flash, ram)
        with EmulatorEngine(graph, cpu=self.target.core.cpu) as engine:
            counts = engine.instructions(_inputs(graph))
        return Footprint(flash, ram, round(float(counts.mean())))


def board(target: Target, name: str, standardization: str = "fixed") -> Board:
    """Look for the cross-compiler and the emulator; say what cannot be measured where one is missing."""
    compiler = emulator = None
    try:
        compiler = compiler_version(cross_tool())
    except SertoolError as error:
        log.warning("flash, RAM and instructions are left out: %s", error.what)
    if compiler is not None:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            emulator = importlib.metadata.version("unicorn") if target.core.cpu in EMULATED else None
        if emulator is None:
            log.warning("instructions are left out: nothing here emulates a %s", target.core.cpu)
    return Board(target, name, compiler, emulator, standardization)


class Images:
    """Measures images for a board, each kind once: those of a network's seeds take the same."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._known: dict[str, Footprint] = {}

    def remember(self, row: Row, device: str) -> None:
        """Take up what was measured before under the digest `device`."""
        self._known[device] = Footprint(row.flash, row.ram, row.instructions)

    def weigh(self, row: Row) -> tuple[Row, str]:
        """Return the row with its image's figures, and the digest that they stand under."""
        plan = tuple(map(Width.parse, row.plan.split(",")))
        spec = preset(row.preset)
        device = self._board.digest(row.shape, plan, row.labels, spec)
        if device not in self._known:
            self._known[device] = self._board.measure(row.shape, plan, row.labels, spec)
        figures = dataclasses.asdict(self._known[device])
        return dataclasses.replace(row, target=self._board.target.name, **figures), device


def _inputs(graph: IntegerGraph) -> NDArray[np.int8]:
    drawn = np.random.default_rng(1).normal(0, 1 / graph.input.quantization.scale, (4, graph.input.size))
    return np.asarray(np.clip(np.rint(drawn), -128, 127), np.int8)


def _stand_in(spec: FrontendSpec, standardization: str) -> Standardizer:
    """A feature that never varied stands for any: the tables are of one size."""
    zeros = np.zeros((1, spec.features), np.int32)
    return Standardizer.fit(zeros, following=STANDARDIZATIONS[standardization])


def _sizes(
    graph: IntegerGraph, spec: FrontendSpec, standardizer: Standardizer, target: Target, name: str
) -> tuple[int, int]:
    golden = make_golden(graph, Frontend(spec), standardizer)
    build = BuildInfo(
        name,
        __version__,
        "0" * 64,
        graph.labels,
        spec.sample_rate,
        golden,
        speaker=standardizer.speaker_bytes,
    )
    roomy = _with_room(target)
    sources = project_sources(core_sources(graph, spec, standardizer), roomy, build)
    with tempfile.TemporaryDirectory(prefix="sertool-sweep-") as folder:
        write_sources(sources, Path(folder) / "firmware")
        image = build_image(Path(folder) / "firmware", roomy, Path(folder) / "image")
        memory = memory_map(image.elf, roomy)
    return memory.flash.used, memory.ram.used


def _with_room(target: Target) -> Target:
    memory = target.memory
    flash, ram = (dataclasses.replace(region, length=_ROOMY) for region in (memory.flash, memory.ram))
    roomy = copy.copy(target)
    # No chip has so much room, so this is a target that checks itself no more.
    object.__setattr__(roomy, "memory", dataclasses.replace(memory, flash=flash, ram=ram))
    return roomy
