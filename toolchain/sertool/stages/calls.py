"""The table of the rendered README: what each public call takes on the board."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sertool.engines.call_counts import count_calls, why_not
from sertool.engines.cortex_m import LINKER_SCRIPT
from sertool.files import write_atomic
from sertool.firmware.footprints import PUBLIC, Footprint, footprints, link_library
from sertool.firmware.golden import golden_utterances
from sertool.firmware.image import Image
from sertool.firmware.memory import memory_map
from sertool.project import BuildFolder
from sertool.rendering import render
from sertool.stages.built_model import load_model
from sertool.targets import Target

_BLOCK = re.compile(r"(<!-- table: calls -->\n).*?(<!-- end of table -->)", re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A function of `sertool.h`, its bytes and, where they could be counted, its instructions."""

    name: str
    footprint: Footprint
    instructions: int | None


def describe_calls(folder: BuildFolder, image: Image, target: Target) -> tuple[Call, ...]:
    """Measure the library of `image` and write the table into `firmware/README.md`.

    The same image gives the same table. The README is no input of the image, so nothing
    has to be compiled again because of it.
    """
    model, cpu = load_model(folder), target.core.cpu
    spec, sound = model.spec, golden_utterances(model.standardizer)[0]
    reason = why_not(cpu)
    with tempfile.TemporaryDirectory(prefix="sertool-calls-") as name:
        linked = link_library(folder.firmware, image, target, LINKER_SCRIPT, Path(name))
        taken = footprints(image, linked, target)
        counts = {} if reason else count_calls(linked["all"], cpu, sound, spec.hop_length, spec.features)
        whole = memory_map(linked["all"], target, named=False)
    calls = tuple(Call(call, taken[call], counts.get(call)) for call in PUBLIC)
    table = render(
        "project/calls.md.in", calls=calls, whole=whole, hop=spec.hop_length, why_not=reason, cpu=cpu
    )
    text = folder.readme.read_text(encoding="utf-8")
    write_atomic(folder.readme, _BLOCK.sub(lambda block: block[1] + table + block[2], text))
    return calls
