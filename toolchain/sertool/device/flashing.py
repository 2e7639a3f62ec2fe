"""Writing an image to a board with whatever tool the target's file describes and this machine has."""

from __future__ import annotations

import shutil
import subprocess

from sertool.errors import SertoolError
from sertool.firmware.image import Image
from sertool.targets import Runner, Target


def flash(image: Image, target: Target, *, runner: str | None = None, port: str | None = None) -> str:
    """Flash `image` with the runner named, else with the first of the target's that is installed.

    Returns the command that ran. Raises SertoolError when the target has no such runner, when its tool is not
    installed, when it needs a port and none is given, when there is no image, and when the tool refuses.
    """
    chosen = _choose(target, runner)
    if chosen.needs_port and port is None:
        raise SertoolError(f"{chosen.name} needs the serial port", hint="name it with --port")
    for file in (image.elf, image.hex, image.bin):
        if not file.is_file():
            raise SertoolError("there is no image to flash", where=file, hint="sertool build")
    words = chosen.words(
        elf=str(image.elf),
        hex=str(image.hex),
        bin=str(image.bin),
        flash=f"{target.memory.flash.origin:#x}",
        port=port or "",
    )
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        raise SertoolError(
            f"{chosen.name} failed with status {done.returncode}:\n{done.stdout.strip()[-2000:]}",
            where=" ".join(words),
            hint="check the cable, the probe and the board's power",
        )
    return " ".join(words)


def _choose(target: Target, name: str | None) -> Runner:
    if not target.runners:
        raise SertoolError(
            f"the target {target.name} describes no tool that flashes it", hint="add [[runners]]"
        )
    asked = [one for one in target.runners if name in (None, one.name)]
    if not asked:
        raise SertoolError(
            f"the target {target.name} has no runner {name!r}",
            allowed=", ".join(one.name for one in target.runners),
        )
    for one in asked:
        if shutil.which(one.command[0]):
            return one
    raise SertoolError(
        f"no tool to flash {target.name} was found",
        where="PATH",
        allowed=", ".join(one.command[0] for one in asked),
        hint="; or ".join(one.install for one in asked),
    )
