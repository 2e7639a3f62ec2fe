"""What each function of `sertool.h` takes of flash, RAM and stack, on a board."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sertool.compilers import cross_tool, run_tool
from sertool.firmware.callgraph import call_graph
from sertool.firmware.image import Image
from sertool.firmware.memory import memory_map
from sertool.firmware.stack import deepest
from sertool.targets import Target

#: The functions of `sertool.h`, in its order.
PUBLIC = (
    "ser_init", "ser_push", "ser_classify", "ser_enroll", "ser_disregard", "ser_forget", "ser_heard",
    "ser_features", "ser_input", "ser_run",
)  # fmt: skip


@dataclass(frozen=True)
class Footprint:
    """Bytes that a call takes: flash and RAM of all that is linked for it, stack below it."""

    flash: int
    ram: int
    stack: int


def footprints(image: Image, linked: Mapping[str, Path], target: Target) -> dict[str, Footprint]:
    """Measure each of `PUBLIC`. `linked` has the library as `link_library` linked it for that call alone.

    The stack is that of the deepest chain of calls in the image; a trace's own comes on top of it.
    """
    graph = call_graph(image.elf, image.calls)
    result = {}
    for name in PUBLIC:
        memory = memory_map(linked[name], target, named=False)
        result[name] = Footprint(memory.flash.used, memory.ram.used, deepest(graph, name))
    return result


def link_library(project: Path, image: Image, target: Target, script: str, folder: Path) -> dict[str, Path]:
    """Link the library of `image` into ELF files in `folder`: one for each of `PUBLIC`, and for "all" of them.

    The linker throws out what the call does not need. `script` is the linker script; memcpy and its like
    are those of the rendered project in the folder `project`.
    """
    compiler = cross_tool()
    (folder / "library.ld").write_text(script, encoding="utf-8")
    libc = sorted((project / "platform" / "libc").glob("*.c"))
    run_tool(
        [compiler, *target.core.flags, "-Os", "-ffreestanding", "-ffunction-sections",
         "-fno-tree-loop-distribute-patterns", f"-I{project / 'platform' / 'libc'}", "-c", *libc],
        folder,
    )  # fmt: skip
    objects = [f"{path.stem}.o" for path in libc]

    def link(name: str) -> Path:
        roots = PUBLIC if name == "all" else (name,)
        linked = folder / f"{name}.elf"
        run_tool(
            [compiler, *target.core.flags, "-nostdlib", "-static", "-Wl,--gc-sections", f"-Wl,-e,{roots[0]}",
             *(f"-Wl,-u,{root}" for root in roots), "-Tlibrary.ld", image.library, *objects, "-lgcc",
             "-o", linked.name],
            folder,
        )  # fmt: skip
        return linked

    names = (*PUBLIC, "all")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(names, pool.map(link, names), strict=True))
